// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import org.jspecify.annotations.Nullable;

/**
 * What string constants and delimited identifiers stand for, by PostgreSQL's manual 4.1: doubled quotes, the escapes of {@code E'…'} and
 * {@code U&'…'}, and constants that go on in a further line. Good enough to look for words in the value, not to pass it on: an escape that
 * PostgreSQL would refuse stands for itself, and bytes above 127 for the character of that number.
 */
final class StringValues {
    /** The escape character of {@code U&'…'} unless UESCAPE names another one. */
    static final char USUAL_ESCAPE = '\\';

    private static final int UNICODE_DIGITS = 4;
    private static final int LONG_UNICODE_DIGITS = 6;
    private static final int EIGHT_UNICODE_DIGITS = 8;

    private final String sql;
    private final int end;
    private final StringBuilder value = new StringBuilder();
    private int at;

    private StringValues(String sql, int start, int end) {
        this.sql = sql;
        this.at = start;
        this.end = end;
    }

    /** Of {@code '…'} or, if {@code escaped}, of {@code E'…'}. */
    static String ofString(String token, boolean escaped) {
        return new StringValues(token, escaped ? 1 : 0, token.length()).read('\'', escaped ? USUAL_ESCAPE : 0, false);
    }

    /** Of {@code U&'…'}. */
    static String ofUnicodeString(String token, char escape) {
        return new StringValues(token, 2, token.length()).read('\'', escape, true);
    }

    /** Of {@code U&"…"}. */
    static String ofUnicodeIdentifier(String token, char escape) {
        return new StringValues(token, 2, token.length()).read('"', escape, true);
    }

    /** The character that UESCAPE names behind the place, and where that ends; null if there is no UESCAPE. */
    static @Nullable Uescape uescape(String sql, int from) {
        var ahead = new SqlScanner(sql, from);
        if (ahead.next() != SqlScanner.Kind.WORD || !sql.regionMatches(true, ahead.start(), "uescape", 0, Math.max(7, ahead.end() - ahead.start()))) {
            return null;
        }
        if (ahead.next() != SqlScanner.Kind.STRING) {
            return null;
        }
        String token = sql.substring(ahead.start(), ahead.end());
        int delimiter = token.indexOf('$', 1) + 1;
        String character = token.startsWith("$") ? token.substring(delimiter, token.length() - delimiter) : ofString(token, ahead.escaped());
        return character.length() == 1 ? new Uescape(character.charAt(0), ahead.end()) : null;
    }

    record Uescape(char character, int end) {}

    private String read(char quote, char escape, boolean unicode) {
        at++;
        while (at < end) {
            char c = sql.charAt(at);
            if (c == quote) {
                if (at + 1 < end && sql.charAt(at + 1) == quote) {
                    value.append(quote);
                    at += 2;
                } else {
                    goOn(quote);
                }
            } else if (escape != 0 && c == escape) {
                at++;
                if (unicode) {
                    unicodeEscape(escape);
                } else {
                    escape();
                }
            } else {
                value.append(c);
                at++;
            }
        }
        return value.toString();
    }

    /** From a closing quote past the opening one of the next line, or to the end. */
    private void goOn(char quote) {
        at++;
        while (at < end && sql.charAt(at) != quote) {
            if (sql.charAt(at) == '-') {
                while (at < end && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                    at++;
                }
            } else {
                at++;
            }
        }
        at++;
    }

    private void unicodeEscape(char escape) {
        if (at < end && sql.charAt(at) == escape) {
            value.append(escape);
            at++;
        } else if (at < end && sql.charAt(at) == '+') {
            at++;
            number(16, LONG_UNICODE_DIGITS);
        } else {
            number(16, UNICODE_DIGITS);
        }
    }

    private void escape() {
        if (at >= end) {
            return;
        }
        char c = sql.charAt(at);
        if (c >= '0' && c <= '7') {
            number(8, 3);
            return;
        }
        at++;
        switch (c) {
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'x' -> number(16, 2);
            case 'u' -> number(16, UNICODE_DIGITS);
            case 'U' -> number(16, EIGHT_UNICODE_DIGITS);
            default -> value.append(c);
        }
    }

    private void number(int radix, int most) {
        int from = at;
        long code = 0;
        while (at < end && at < from + most && Character.digit(sql.charAt(at), radix) >= 0) {
            code = code * radix + Character.digit(sql.charAt(at), radix);
            at++;
        }
        if (at > from && code <= Character.MAX_CODE_POINT) {
            value.appendCodePoint((int) code);
        }
    }
}
