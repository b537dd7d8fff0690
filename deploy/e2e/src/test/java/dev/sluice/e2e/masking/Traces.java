// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds secrets in what was received, in any of the forms that a caller could ask for. */
final class Traces {
    private Traces() {}

    /** The secrets of either variant that can be read from the messages, with the form in which they were found. */
    static Set<String> found(List<byte[]> messages) {
        var whole = new StringBuilder();
        var cells = new StringBuilder();
        for (byte[] message : messages) {
            whole.append(new String(message, StandardCharsets.ISO_8859_1));
            cells.append(payload(message));
        }
        String exact = whole.toString();
        String lower = exact.toLowerCase(Locale.ROOT);
        String joined = lettersAndDigits(cells.toString());
        Set<String> found = new LinkedHashSet<>();
        for (Variant variant : Variant.values()) {
            for (String secret : variant.secrets()) {
                inSmallLetters(secret).stream().filter(lower::contains).forEach(form -> found.add(secret + " as " + form));
                asTheyAre(secret).stream().filter(exact::contains).forEach(form -> found.add(secret + " as " + form));
                String squeezed = lettersAndDigits(secret);
                if (joined.contains(squeezed) || joined.contains(reversed(squeezed))) {
                    found.add(secret + " in parts");
                }
            }
        }
        return found;
    }

    private static List<String> inSmallLetters(String secret) {
        String small = secret.toLowerCase(Locale.ROOT);
        return List.of(small, reversed(small), HexFormat.of().formatHex(utf8(secret)), HexFormat.of().formatHex(utf8(reversed(secret))));
    }

    /** Base64 at each of the three places where the secret may begin within a longer text, and a bytea in binary. */
    private static List<String> asTheyAre(String secret) {
        List<String> forms = new ArrayList<>();
        for (int before = 0; before < 3; before++) {
            byte[] padded = ByteBuffer.allocate(before + secret.length()).put(new byte[before]).put(utf8(secret)).array();
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
            forms.add(encoded.substring(before == 0 ? 0 : before + 1, encoded.length() - 1));
        }
        if (secret.matches("([0-9a-f]{2}){8}")) {
            forms.add(new String(HexFormat.of().parseHex(secret), StandardCharsets.ISO_8859_1));
        }
        return forms;
    }

    /** What a person would read: of a row its cells without their lengths. */
    private static String payload(byte[] message) {
        if (message[0] != 'D') {
            return message.length < 5 ? "" : new String(message, 5, message.length - 5, StandardCharsets.ISO_8859_1);
        }
        var cells = new StringBuilder();
        ByteBuffer row = ByteBuffer.wrap(message).position(5);
        for (int left = row.getShort(); left > 0; left--) {
            byte[] cell = new byte[Math.max(0, row.getInt())];
            row.get(cell);
            cells.append(new String(cell, StandardCharsets.ISO_8859_1));
        }
        return cells.toString();
    }

    private static String lettersAndDigits(String text) {
        var kept = new StringBuilder();
        text.toLowerCase(Locale.ROOT).chars().filter(each -> each < 128 && Character.isLetterOrDigit(each)).forEach(each -> kept.append((char) each));
        return kept.toString();
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
