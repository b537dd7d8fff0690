// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

/** Text for a terminal: what came from elsewhere must not move the cursor, change colours, or hide. */
final class Plain {
    private Plain() {}

    /** What cannot be seen is written as its code point. */
    static String text(String any) {
        StringBuilder plain = new StringBuilder(any.length());
        any.codePoints().forEach(character -> {
            int type = Character.getType(character);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE) {
                plain.append(String.format("\\u%04X", character));
            } else {
                plain.appendCodePoint(character);
            }
        });
        return plain.toString();
    }

    static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
