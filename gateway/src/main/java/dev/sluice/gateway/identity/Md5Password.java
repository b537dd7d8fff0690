// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import dev.sluice.gateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** PostgreSQL's md5 password exchange (protocol, "AuthenticationMD5Password"): kept for old servers that ask us for it, never asked of clients. */
public final class Md5Password {
    private Md5Password() {}

    /** {@code "md5" + md5(md5(password + user) + salt)}, hashes in lower-case hexadecimal. */
    public static String respond(String user, Secret password, byte[] salt) {
        MessageDigest md5 = digest();
        md5.update(password.reveal().getBytes(StandardCharsets.UTF_8));
        md5.update(user.getBytes(StandardCharsets.UTF_8));
        byte[] inner = HexFormat.of().formatHex(md5.digest()).getBytes(StandardCharsets.US_ASCII);
        md5.update(inner);
        md5.update(salt);
        return "md5" + HexFormat.of().formatHex(md5.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK does not allow MD5, which the server asks for", e);
        }
    }
}
