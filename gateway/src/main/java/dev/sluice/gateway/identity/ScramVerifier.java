// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import dev.sluice.gateway.config.Secret;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server keeps instead of a password, in the form that PostgreSQL stores in {@code pg_authid.rolpassword}:
 * {@code SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>}, Base64 where bytes.
 */
public record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    private static final Pattern FORM =
            Pattern.compile("SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([A-Za-z0-9+/=]{1,1024})\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

    /** Makes a verifier. Blocks for the derivation: not for the event loop. */
    public static ScramVerifier of(Secret password, byte[] salt, int iterations) {
        ScramKeys keys = ScramKeys.derive(password, salt, iterations);
        return new ScramVerifier(iterations, salt.clone(), keys.storedKey(), keys.serverKey());
    }

    /**
     * A verifier that no password fits, for a user that does not exist: its salt is the same at each try, so that nobody can tell it from
     * a real one.
     */
    public static ScramVerifier mock(byte[] secret, byte[] user) {
        byte[] seed = ScramKeys.hmac(secret, user);
        byte[] unusedKey = ScramKeys.hmac(seed, secret);
        return new ScramVerifier(AgentTokens.ITERATIONS, Arrays.copyOf(seed, AgentTokens.SALT_BYTES), unusedKey, unusedKey);
    }

    /** Reads the stored form. @throws IllegalArgumentException if it is not one; the message does not repeat the text */
    public static ScramVerifier parse(String stored) {
        Matcher matcher = FORM.matcher(stored);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a SCRAM-SHA-256 verifier (expected SCRAM-SHA-256$iterations:salt$storedKey:serverKey)");
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new ScramVerifier(Integer.parseInt(matcher.group(1)), base64.decode(matcher.group(2)), base64.decode(matcher.group(3)),
                base64.decode(matcher.group(4)));
    }

    /** The stored form, for the token file only. */
    public String format() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                + base64.encodeToString(serverKey);
    }

    @Override
    public String toString() {
        return "ScramVerifier[***]";
    }
}
