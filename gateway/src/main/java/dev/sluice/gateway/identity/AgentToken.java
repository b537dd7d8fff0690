// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway keeps of an agent's token: enough to recognise it, not enough to use it.
 *
 * @param name what the agent gives as its user name; the principal's subject
 * @param sha256 SHA-256 of the token in lower-case hexadecimal; enough, because the token itself is 256 random bits
 * @param verifier for SCRAM-SHA-256
 * @param groups of the principal
 * @param onBehalfOf the human or service behind the agent
 * @param expires the first instant at which it is no longer valid; null for never
 * @param revoked whether it was taken back
 */
public record AgentToken(
        String name, String sha256, ScramVerifier verifier, Set<String> groups, @Nullable String onBehalfOf, @Nullable Instant expires, boolean revoked) {
    /** The issuer of every principal that was proven by an agent token. */
    public static final String ISSUER = "sluice:agent-tokens";

    public AgentToken {
        if (name.isEmpty() || name.length() > 63) {
            throw new IllegalArgumentException("the name of an agent token must be 1 to 63 characters, as a PostgreSQL user name");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 of agent token \"" + name + "\" must be 64 lower-case hexadecimal digits");
        }
        groups = Set.copyOf(groups);
    }

    /** Why it may not be used now, or null if it may. */
    public @Nullable String refusal(Instant now) {
        if (revoked) {
            return "agent token \"" + name + "\" has been revoked";
        }
        if (expires != null && !now.isBefore(expires)) {
            return "agent token \"" + name + "\" expired at " + expires;
        }
        return null;
    }

    public Principal principal() {
        return new Principal(name, ISSUER, Principal.Method.AGENT_TOKEN, groups, onBehalfOf);
    }
}
