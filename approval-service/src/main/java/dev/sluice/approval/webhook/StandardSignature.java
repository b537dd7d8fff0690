// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A signature as the Standard Webhooks specification has it: {@code v1}, HMAC-SHA-256 over id, timestamp and body, joined by full stops. Never prints its secret. */
public final class StandardSignature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final SecretKeySpec key;

    private StandardSignature(SecretKeySpec key) {
        this.key = key;
    }

    /** @param secret {@code whsec_} and base64 of 24 to 64 bytes */
    public static StandardSignature of(String secret) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : "");
        } catch (IllegalArgumentException _) {
            bytes = new byte[0];
        }
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException("a webhook secret is '" + PREFIX + "' and base64 of " + SHORTEST + " to " + LONGEST + " bytes");
        }
        return new StandardSignature(new SecretKeySpec(bytes, ALGORITHM));
    }

    /** What {@code webhook-signature} says. */
    public String sign(String id, long timestampSeconds, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "StandardSignature[***]";
    }
}
