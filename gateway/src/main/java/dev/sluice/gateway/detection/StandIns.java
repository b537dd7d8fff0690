// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.util.Arrays;

/**
 * Overwrites what was found, byte by byte: letters and digits become asterisks, what gives it its shape stays. Cards keep their last four digits,
 * account numbers their country. In a JSON document a bare number becomes zero, with as many decimal places as it takes.
 */
final class StandIns {
    private static final byte STAR = '*';
    private static final int SHOWN_OF_CARD = 4;
    /** Fewer printable bytes than this around a match in binary data are taken for chance. */
    private static final int MIN_PRINTABLE = 12;

    private StandIns() {}

    /** Whether a match in bytes that need not be text lies in something that is. */
    static boolean isInText(Window text, int start, int end) {
        int from = start;
        while (from > text.start && end - from < MIN_PRINTABLE && isPrintable(text.at(from - 1))) {
            from--;
        }
        int to = end;
        while (to < text.end && to - from < MIN_PRINTABLE && isPrintable(text.at(to))) {
            to++;
        }
        return to - from >= MIN_PRINTABLE || from == text.start && to == text.end;
    }

    private static boolean isPrintable(int value) {
        return value >= ' ' && value < 127 || value == '\n' || value == '\r' || value == '\t';
    }

    /**
     * Overwrites a match.
     *
     * @param inString within a JSON document, whether it begins within a string; true for everything else
     */
    static void overwrite(Window text, int start, int end, DetectorKind kind, Form form, boolean inString) {
        switch (form) {
            case JSON, JSONB -> json(text, start, end, kind, inString);
            case NESTED_JSON -> {
                if (isBareNumber(text, start, end)) {
                    zero(text.bytes, start, end);
                } else {
                    plain(text, start, end, kind, Form.NESTED_JSON);
                }
            }
            case TEXT, BYTES, HEX, OPAQUE, NONE, TEXT_ARRAY, JSON_ARRAY, JSONB_ARRAY, BYTES_ARRAY -> plain(text, start, end, kind, form);
        }
    }

    private static void plain(Window text, int start, int end, DetectorKind kind, Form form) {
        int hiddenEnd = kind == DetectorKind.CARD ? end - shown(text, start, end) : end;
        int at = kind == DetectorKind.IBAN ? start + 2 : start;
        while (at < hiddenEnd) {
            int value = text.at(at);
            // A byte behind a control character may be the low byte of a length.
            boolean structure = form == Form.OPAQUE && at > text.start && text.at(at - 1) >= 0 && text.at(at - 1) < 9;
            if (value == '\\' && at + 1 < hiddenEnd) {
                text.bytes[at] = STAR;
                text.bytes[at + 1] = STAR;
                at += 2;
            } else {
                if (!structure && isHidden(value, kind)) {
                    text.bytes[at] = STAR;
                }
                at++;
            }
        }
    }

    /** Bytes at the end of a card number that hold its last four digits. */
    private static int shown(Window text, int start, int end) {
        int digits = 0;
        int at = end;
        while (at > start && digits < SHOWN_OF_CARD) {
            at--;
            digits += text.digitAt(at) ? 1 : 0;
        }
        return end - at;
    }

    private static boolean isHidden(int value, DetectorKind kind) {
        return switch (kind) {
            case CARD, SSN, IBAN, PHONE, IP -> Window.isAlphanumeric(value);
            case EMAIL -> value != '@' && value != '.';
            case JWT -> value != '.';
            case API_KEY, SECRET -> value != '\\';
            case PRIVATE_KEY -> Window.isAlphanumeric(value) || value == '+' || value == '/' || value == '=';
            // Bytes of letters outside ASCII are hidden as well: then each of them is an asterisk, and the text is still UTF-8.
            case REGEX -> Window.isAlphanumeric(value) || value < 0;
        };
    }

    private static void json(Window text, int start, int end, DetectorKind kind, boolean inString) {
        int at = start;
        boolean string = inString;
        while (at < end) {
            if (string) {
                int stop = stringEnd(text, at, end);
                plain(text, at, stop, kind, Form.JSON);
                at = stop;
                string = at >= end;
                at += string ? 0 : 1;
            } else if (text.at(at) == '"') {
                string = true;
                at++;
            } else if (Window.isDigit(text.at(at)) || text.at(at) == '-' || isNumber(text.at(at)) && text.digitAt(at - 1)) {
                int from = at;
                while (isNumber(text.at(from - 1))) {
                    from--;
                }
                int to = at;
                while (isNumber(text.at(to))) {
                    to++;
                }
                zero(text.bytes, from, to);
                at = to;
            } else {
                at++;
            }
        }
    }

    /** The quote that ends the string, or the end of the match. */
    private static int stringEnd(Window text, int from, int end) {
        int at = from;
        while (at < end && text.at(at) != '"') {
            at += text.at(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, end);
    }

    /** Where strings cannot be told from the rest: digits between what stands around values. */
    private static boolean isBareNumber(Window text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!text.digitAt(i)) {
                return false;
            }
        }
        int before = start - 1;
        while (text.at(before) == ' ') {
            before--;
        }
        int after = end;
        while (text.at(after) == ' ') {
            after++;
        }
        return (text.at(before) == ':' || text.at(before) == '[' || text.at(before) == ',' || text.at(before) == '{')
                && (text.at(after) == ',' || text.at(after) == ']' || text.at(after) == '}');
    }

    private static boolean isNumber(int value) {
        return Window.isDigit(value) || value == '.' || value == '-' || value == '+' || value == 'e' || value == 'E';
    }

    /** The number zero in as many bytes. */
    private static void zero(byte[] bytes, int from, int to) {
        Arrays.fill(bytes, from, to, (byte) '0');
        if (to - from == 2) {
            bytes[from + 1] = ' ';
        } else if (to - from > 2) {
            bytes[from + 1] = '.';
        }
    }
}
