// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** Numbers of payment cards, in one piece or in the groups that are printed on cards. */
final class CardNumbers {
    private static final int MIN = 13;
    private static final int MAX = 19;
    private static final Words WORDS =
            Words.of("card", "visa", "credit", "debit", "payment", "diners", " pan", " cc", "maestro", "unionpay", "karte", "tarjeta");

    private CardNumbers() {}

    /** End of a card number whose first digit is here, or -1. It begins with so many digits in one piece. */
    static int end(Window text, int at, int first) {
        int before = text.at(at - 1);
        if (!text.beginsAt(at) || before == '.' && text.digitAt(at - 2)) {
            return -1;
        }
        if (first >= MIN && first <= MAX) {
            int end = at + first;
            boolean joined = before == '-' && text.digitAt(at - 2) || text.at(end) == '-' && text.digitAt(end + 1);
            return !joined && isCard(text, at, end, first) && (isCommon(text.at(at), first) || saysCard(text, at)) ? end : -1;
        }
        int separator = text.at(at + first);
        boolean groups = (first == 4 || first == 6) && (separator == ' ' || separator == '-');
        if (!groups || before == separator && text.digitAt(at - 2) && text.digitAt(at - 5)) {
            return -1;
        }
        return first == 6 ? grouped(text, at, separator, 6, 13) : inFours(text, at, separator);
    }

    private static int inFours(Window text, int at, int separator) {
        int second = text.digitsEnd(at + 5) - at - 5;
        if (second != 4 && second != 6) {
            return -1;
        }
        int end = grouped(text, at, separator, 4, 4, 4, 4, 3);
        end = end < 0 ? grouped(text, at, separator, 4, 4, 4, 4) : end;
        end = end < 0 ? grouped(text, at, separator, 4, 6, 5) : end;
        return end < 0 ? grouped(text, at, separator, 4, 6, 4) : end;
    }

    private static int grouped(Window text, int at, int separator, int a, int b) {
        return grouped(text, at, separator, a, b, 0, 0, 0);
    }

    private static int grouped(Window text, int at, int separator, int a, int b, int c) {
        return grouped(text, at, separator, a, b, c, 0, 0);
    }

    private static int grouped(Window text, int at, int separator, int a, int b, int c, int d) {
        return grouped(text, at, separator, a, b, c, d, 0);
    }

    /** Groups of these lengths, without an array of them. */
    private static int grouped(Window text, int at, int separator, int a, int b, int c, int d, int e) {
        int end = group(text, at, a, 0);
        end = group(text, end, b, separator);
        end = c == 0 ? end : group(text, end, c, separator);
        end = d == 0 ? end : group(text, end, d, separator);
        end = e == 0 ? end : group(text, end, e, separator);
        return end >= 0 && isCard(text, at, end, a + b + c + d + e) ? end : -1;
    }

    private static int group(Window text, int at, int length, int separator) {
        if (at < 0 || separator != 0 && text.at(at) != separator) {
            return -1;
        }
        int begin = separator == 0 ? at : at + 1;
        return text.digitsEnd(begin) == begin + length ? begin + length : -1;
    }

    private static boolean isCard(Window text, int at, int end, int digits) {
        boolean whole = text.endsAt(end) && !(text.at(end) == '.' && text.digitAt(end + 1));
        return whole && issued(prefix(text, at), digits) && hasCheckDigit(text, at, end);
    }

    private static boolean saysCard(Window text, int at) {
        return WORDS.in(text, at - Window.CONTEXT, at);
    }

    /** Lengths in which everyday numbers, such as bar codes, do not often look like cards. */
    private static boolean isCommon(int first, int digits) {
        return digits == 16 || digits == 15 && first == '3';
    }

    /** The first six digits, across separators. */
    private static int prefix(Window text, int at) {
        int prefix = 0;
        int digits = 0;
        for (int i = at; digits < 6; i++) {
            if (text.digitAt(i)) {
                prefix = prefix * 10 + text.at(i) - '0';
                digits++;
            }
        }
        return prefix;
    }

    private static boolean issued(int prefix, int digits) {
        int two = prefix / 10_000;
        int three = prefix / 1_000;
        int four = prefix / 100;
        if (prefix / 100_000 == 4) {
            return digits == 13 || digits == 16 || digits == 19;
        }
        if (two >= 51 && two <= 55 || four >= 2221 && four <= 2720) {
            return digits == 16;
        }
        if (two == 34 || two == 37) {
            return digits == 15;
        }
        if (three >= 300 && three <= 305 || three == 309 || two == 36 || two == 38 || two == 39) {
            return digits == 14 || digits == 16;
        }
        if (four >= 3528 && four <= 3589 || four == 6011 || three >= 644 && three <= 649 || two == 65 || two == 62 || four >= 2200 && four <= 2204) {
            return digits >= 16;
        }
        return digits >= 16 && isMaestro(four);
    }

    private static boolean isMaestro(int four) {
        return switch (four) {
            case 5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763 -> true;
            default -> false;
        };
    }

    /** The formula of Luhn. */
    private static boolean hasCheckDigit(Window text, int at, int end) {
        int sum = 0;
        boolean twice = false;
        for (int i = end - 1; i >= at; i--) {
            if (text.digitAt(i)) {
                int digit = text.at(i) - '0';
                int weighted = twice ? 2 * digit : digit;
                sum += weighted > 9 ? weighted - 9 : weighted;
                twice = !twice;
            }
        }
        return sum % 10 == 0;
    }
}
