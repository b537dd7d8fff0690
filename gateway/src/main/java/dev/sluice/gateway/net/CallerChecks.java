// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.identity.ScramVerifier;
import dev.sluice.schemas.identity.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * With what callers are proven who do not bring a login of the server.
 *
 * @param agentTokens the agent tokens as they are now
 * @param tokenVerifier proves identity tokens; null if none are accepted
 * @param clock for the expiry of agent tokens
 * @param random for nonces
 * @param mocks makes verifiers for users that we do not know
 */
public record CallerChecks(
        Supplier<AgentTokens> agentTokens,
        @Nullable TokenVerifier tokenVerifier,
        InstantSource clock,
        SecureRandom random,
        MockVerifiers mocks) {
    private static final int NONCE_BYTES = 18;

    public static CallerChecks of(Supplier<AgentTokens> agentTokens, @Nullable TokenVerifier tokenVerifier) {
        SecureRandom random = new SecureRandom();
        return new CallerChecks(agentTokens, tokenVerifier, InstantSource.system(), random, new MockVerifiers(random));
    }

    String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Verifiers that look like real ones and stay the same for a name as long as the gateway runs. */
    public static final class MockVerifiers {
        private final byte[] secret = new byte[32];

        public MockVerifiers(SecureRandom random) {
            random.nextBytes(secret);
        }

        ScramVerifier forUser(String user) {
            return ScramVerifier.mock(secret, user.getBytes(StandardCharsets.UTF_8));
        }
    }
}
