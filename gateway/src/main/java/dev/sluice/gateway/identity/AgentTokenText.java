// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import dev.sluice.gateway.config.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The token as an agent holds it: {@code sluice_agent_}, 43 base-62 digits for 256 random bits, 6 for a CRC-32 of all before it. The prefix
 * lets secret scanners find a leaked one, the checksum lets us tell a mistyped one from a wrong one without a look-up.
 */
public final class AgentTokenText {
    public static final String PREFIX = "sluice_agent_";
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private AgentTokenText() {}

    /** A new token. */
    public static Secret generate(SecureRandom random) {
        byte[] bits = new byte[RANDOM_BYTES];
        random.nextBytes(bits);
        String body = PREFIX + base62(new BigInteger(1, bits), RANDOM_DIGITS);
        return new Secret(body + checksum(body));
    }

    /** Whether the text is meant to be an agent token, well-formed or not. */
    public static boolean looksLikeOne(String text) {
        return text.startsWith(PREFIX);
    }

    /** Whether prefix, length, digits and checksum are right. */
    public static boolean isWellFormed(String text) {
        int length = PREFIX.length() + RANDOM_DIGITS + CHECK_DIGITS;
        if (!looksLikeOne(text) || text.length() != length) {
            return false;
        }
        String body = text.substring(0, length - CHECK_DIGITS);
        return body.chars().skip(PREFIX.length()).allMatch(c -> DIGITS.indexOf(c) >= 0) && text.endsWith(checksum(body));
    }

    /** What is stored and looked up: SHA-256 in hexadecimal. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(ScramKeys.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String base62(BigInteger number, int digits) {
        StringBuilder text = new StringBuilder();
        BigInteger rest = number;
        for (int i = 0; i < digits; i++) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(DIGITS.length()));
            text.append(DIGITS.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return text.reverse().toString();
    }
}
