// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import dev.sluice.gateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two keys that a SCRAM-SHA-256 client needs (RFC 5802, section 3; RFC 7677). They stand for the password with one salt and one
 * iteration count, so they may be kept to save the derivation, and must be guarded as the password is.
 */
public final class ScramKeys {
    static final String HMAC = "HmacSHA256";
    static final int KEY_BYTES = 32;
    private static final Profile SASLPREP = new SASLprep();

    private final byte[] clientKey;
    private final byte[] serverKey;

    private ScramKeys(byte[] clientKey, byte[] serverKey) {
        this.clientKey = clientKey;
        this.serverKey = serverKey;
    }

    /**
     * Derives the keys: {@code iterations} HMACs, some 0.3 ms per thousand. Blocks: not for the event loop.
     *
     * @param password as typed; SASLprep is applied, and where the password does not allow it, the raw password is used, as PostgreSQL does
     */
    public static ScramKeys derive(Secret password, byte[] salt, int iterations) {
        byte[] salted = saltedPassword(normalized(password.reveal()).getBytes(StandardCharsets.UTF_8), salt, iterations);
        return new ScramKeys(hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII)),
                hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] clientKey() {
        return clientKey;
    }

    byte[] serverKey() {
        return serverKey;
    }

    byte[] storedKey() {
        return sha256(clientKey);
    }

    @Override
    public String toString() {
        return "ScramKeys[***]";
    }

    private static String normalized(String password) {
        try {
            return SASLPREP.prepareStored(password);
        } catch (IllegalArgumentException notAllowed) {
            return password;
        }
    }

    /** Hi() of RFC 5802: PBKDF2 with one block, written out because the JDK's PBEKeySpec refuses an empty password. */
    private static byte[] saltedPassword(byte[] password, byte[] salt, int iterations) {
        Mac mac = mac(password);
        mac.update(salt);
        byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            for (int k = 0; k < result.length; k++) {
                result[k] ^= block[k];
            }
        }
        return result;
    }

    static byte[] hmac(byte[] key, byte[] message) {
        return mac(key).doFinal(message);
    }

    static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static byte[] xor(byte[] left, byte[] right) {
        byte[] result = new byte[left.length];
        for (int i = 0; i < left.length; i++) {
            result[i] = (byte) (left[i] ^ right[i]);
        }
        return result;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // An empty key is not allowed by SecretKeySpec; HMAC pads with zeros, so one zero byte is the same key.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
