// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The channel binding {@code tls-server-end-point} (RFC 5929, section 4.1): a hash of the server's certificate. */
final class CertificateHash {
    private static final Pattern SIGNATURE = Pattern.compile("(md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512)with.*");

    private CertificateHash() {}

    /** The hash function is that of the certificate's signature, with MD5 and SHA-1 raised to SHA-256; null where it has none (Ed25519, PSS). */
    static byte @Nullable [] of(X509Certificate certificate) {
        Matcher signature = SIGNATURE.matcher(certificate.getSigAlgName().toLowerCase(Locale.ROOT));
        if (!signature.matches()) {
            return null;
        }
        String algorithm = switch (signature.group(1).replace("-", "")) {
            case "sha224" -> "SHA-224";
            case "sha384" -> "SHA-384";
            case "sha512" -> "SHA-512";
            default -> "SHA-256";
        };
        try {
            return MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            return null;
        }
    }
}
