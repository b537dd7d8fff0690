// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How raw records are laid out in a file: one per line, byte for byte. A record that holds a line feed, which no event of ours does,
 * is written as {@code {"sluice.raw.base64":"…"}} instead, so that even a forged record leaves as it was found.
 */
public final class EvidenceFile {
    private static final String OPENING = "{\"sluice.raw.base64\":\"";
    private static final String CLOSING = "\"}";

    private EvidenceFile() {}

    /** The line, without its line feed, that holds {@code record}. */
    public static byte[] line(byte[] record) {
        boolean escaped = startsWith(record, OPENING);
        for (int i = 0; i < record.length && !escaped; i++) {
            escaped = record[i] == '\n' || record[i] == '\r';
        }
        // An empty record would look like an empty line, which ends nothing and proves nothing.
        return escaped || record.length == 0
                ? (OPENING + Base64.getEncoder().encodeToString(record) + CLOSING).getBytes(StandardCharsets.US_ASCII)
                : record;
    }

    /** The record that {@code line} holds. */
    public static byte[] record(byte[] line) {
        if (startsWith(line, OPENING)) {
            String text = new String(line, StandardCharsets.ISO_8859_1);
            if (text.endsWith(CLOSING)) {
                try {
                    return Base64.getDecoder().decode(text.substring(OPENING.length(), text.length() - CLOSING.length()));
                } catch (IllegalArgumentException _) {
                    return line;
                }
            }
        }
        return line;
    }

    private static boolean startsWith(byte[] bytes, String prefix) {
        if (bytes.length < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (bytes[i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
