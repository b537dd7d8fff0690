// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** The part of a value that is looked at: bytes of UTF-8, or of anything. Outside of it every byte is 0. */
final class Window {
    /** How far before a match words are looked for that tell what it is. */
    static final int CONTEXT = 48;

    private static final boolean[] WORD = new boolean[256];
    private static final boolean[] HEX = new boolean[256];

    static {
        for (int each = 0; each < 128; each++) {
            WORD[each] = Character.isLetterOrDigit(each) || each == '_';
            HEX[each] = Character.digit(each, 16) >= 0;
        }
    }

    byte[] bytes = {};
    int start;
    int end;

    void set(byte[] source, int from, int to) {
        bytes = source;
        start = from;
        end = to;
    }

    int at(int index) {
        return index >= start && index < end ? bytes[index] : 0;
    }

    static boolean isDigit(int value) {
        return value >= '0' && value <= '9';
    }

    static boolean isUpper(int value) {
        return value >= 'A' && value <= 'Z';
    }

    static boolean isLetter(int value) {
        int lower = value | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    static boolean isAlphanumeric(int value) {
        return isDigit(value) || isLetter(value);
    }

    static boolean isHex(int value) {
        return HEX[value & 0xFF];
    }

    /** Letters, digits and underscore of ASCII. Other letters join nothing: many scripts write words without spaces. */
    static boolean isWord(int value) {
        return WORD[value & 0xFF];
    }

    boolean digitAt(int index) {
        return isDigit(at(index));
    }

    /** Whether no word reaches into this place from before. The letter of an escape such as \n is no word. */
    boolean beginsAt(int index) {
        int before = at(index - 1);
        return !isWord(before) || at(index - 2) == '\\' && isEscape(before);
    }

    private static boolean isEscape(int letter) {
        return letter == 'n' || letter == 'r' || letter == 't' || letter == 'b' || letter == 'f' || letter == 'v';
    }

    /** Whether a word that ends before this place does not go on. */
    boolean endsAt(int index) {
        return !isWord(at(index));
    }

    /** First place from here on that has no digit. */
    int digitsEnd(int index) {
        byte[] within = bytes;
        int last = end;
        int at = index;
        while (at < last && isDigit(within[at])) {
            at++;
        }
        return at;
    }

    /** First place from here on that is in no word. */
    int wordEnd(int index) {
        byte[] within = bytes;
        int last = end;
        int at = index;
        while (at < last && WORD[within[at] & 0xFF]) {
            at++;
        }
        return at;
    }

    boolean startsWith(byte[] text, int index) {
        if (index < start || end - index < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[index + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
