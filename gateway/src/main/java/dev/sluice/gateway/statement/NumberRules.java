// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** Numeric literals by {@code scan.l} of PostgreSQL 16 and later: decimal, hexadecimal, octal and binary, with underscores between digits. */
final class NumberRules {
    private NumberRules() {}

    /** Where the longest literal that begins at {@code from} (a digit, or a point before a digit) ends; what makes it junk is not part of it. */
    static int end(String sql, int from) {
        if (charAt(sql, from) == '0') {
            int radix = radix(charAt(sql, from + 1));
            if (radix != 10) {
                int end = digits(sql, from + 2, radix, true);
                if (end > from + 2) {
                    return end;
                }
            }
        }
        int end = digits(sql, from, 10, false);
        if (charAt(sql, end) == '.' && (end == from || charAt(sql, end + 1) != '.')) {
            end = digits(sql, end + 1, 10, false);
        }
        char exponent = charAt(sql, end);
        if (exponent == 'e' || exponent == 'E') {
            char sign = charAt(sql, end + 1);
            int first = sign == '+' || sign == '-' ? end + 2 : end + 1;
            int last = digits(sql, first, 10, false);
            if (last > first) {
                return last;
            }
        }
        return end;
    }

    /** True if the literal has neither point nor exponent. */
    static boolean isInteger(String sql, int from, int end) {
        if (charAt(sql, from) == '0' && end > from + 1 && radix(charAt(sql, from + 1)) != 10) {
            return true;
        }
        for (int i = from; i < end; i++) {
            char c = sql.charAt(i);
            if (c == '.' || c == 'e' || c == 'E') {
                return false;
            }
        }
        return true;
    }

    /** True if the value of the integer literal is at most 2147483647. */
    static boolean fitsInteger(String sql, int from, int end) {
        int radix = charAt(sql, from) == '0' ? radix(charAt(sql, from + 1)) : 10;
        return fits(sql, radix == 10 ? from : from + 2, end, radix);
    }

    /** True if the decimal digits, leading zeros allowed, are at most 2147483647. */
    static boolean fitsDecimal(String sql, int from, int end) {
        return fits(sql, from, end, 10);
    }

    private static boolean fits(String sql, int from, int end, int radix) {
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(sql.charAt(i), radix);
            if (digit >= 0) {
                value = value * radix + digit;
            }
            if (value > Integer.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }

    private static int radix(char letter) {
        return switch (letter) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    /** Digits with single underscores between them; with {@code leading}, also one before the first. */
    private static int digits(String sql, int from, int radix, boolean leading) {
        int end = from;
        while (true) {
            int next = charAt(sql, end) == '_' && (leading || end > from) ? end + 1 : end;
            if (!isDigit(charAt(sql, next), radix)) {
                return end;
            }
            end = next + 1;
        }
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    private static char charAt(String sql, int index) {
        return index < sql.length() ? sql.charAt(index) : 0;
    }
}
