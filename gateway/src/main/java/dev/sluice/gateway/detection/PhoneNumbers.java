// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** Telephone numbers: with a plus sign (ITU-T E.164, at most 15 digits), as (212) 555-0123, and in other forms behind a word that says so. */
final class PhoneNumbers {
    private static final int MIN_INTERNATIONAL = 9;
    private static final int MAX_DIGITS = 15;
    private static final int CONTEXT = 28;
    private static final int SHORTEST_WORD = 3;
    private static final Words WORDS =
            Words.of(" phone", "_phone", "telephone", " tel", " mobile", "_mobile", " cell", " fax", "whatsapp", " sms", " call ", " dial ", " handy", "hotline", "smartphone");

    private PhoneNumbers() {}

    /** End of a number behind this plus sign, or -1. */
    static int international(Window text, int plus) {
        if (Window.isWord(text.at(plus - 1)) || text.at(plus - 1) == '+' || text.at(plus + 1) < '1' || text.at(plus + 1) > '9' || !assigned(text.at(plus + 1), text.at(plus + 2))) {
            return -1;
        }
        int end = end(text, plus + 1);
        int digits = digits(text, plus, end);
        boolean separated = digits < end - plus - 1;
        return end > 0 && digits >= (separated ? MIN_INTERNATIONAL - 1 : MIN_INTERNATIONAL) && fits(text, plus + 1, digits) ? end : -1;
    }

    /** Country codes that are in use, by their first two digits; North America and Russia have but one. */
    private static boolean assigned(int first, int second) {
        return first == '1' || first == '7' || Window.isDigit(second) && !(first == '2' && second == '8') && !(first == '8' && (second == '3' || second == '9'));
    }

    private static boolean fits(Window text, int at, int digits) {
        if (text.at(at) == '1') {
            int area = text.at(at + 1);
            int skipped = Window.isDigit(area) ? area : text.at(at + 2) == '(' ? text.at(at + 3) : text.at(at + 2);
            return digits == 11 && skipped >= '2';
        }
        return text.at(at) == '7' ? digits == 11 : digits <= MAX_DIGITS;
    }

    /** End of a number in the form (212) 555-0123 whose parenthesis is here, or -1. */
    static int parenthesized(Window text, int at) {
        if (text.at(at + 1) < '2' || text.digitsEnd(at + 1) != at + 4 || text.at(at + 4) != ')' || Window.isWord(text.at(at - 1))) {
            return -1;
        }
        int exchange = text.at(at + 5) == ' ' ? at + 6 : at + 5;
        int separator = text.at(exchange + 3);
        boolean laidOut = text.digitsEnd(exchange) == exchange + 3 && text.at(exchange) >= '2' && (separator == '-' || separator == '.' || separator == ' ');
        int end = exchange + 8;
        return laidOut && text.digitsEnd(exchange + 4) == end && text.endsAt(end) ? end : -1;
    }

    /** End of a number whose first digit is here, behind a word for it, or -1. It begins with so many digits in one piece. */
    static int afterWord(Window text, int at, int run) {
        int before = text.at(at - 1);
        boolean likely = run == 3 || run == 10 || run == 11 || text.at(at) == '0' || run == 1 && text.at(at) == '1';
        if (!likely || at - text.start < SHORTEST_WORD || !text.beginsAt(at) || (before == '.' || before == '-') && text.digitAt(at - 2)) {
            return -1;
        }
        int end = end(text, at);
        int digits = digits(text, at - 1, end);
        boolean northAmerican = isNorthAmerican(text, at, end, digits);
        boolean trunk = text.at(at) == '0' && digits >= 9 && digits <= MAX_DIGITS;
        return end > 0 && (northAmerican || trunk) && WORDS.in(text, at - CONTEXT, at) ? end : -1;
    }

    private static boolean isNorthAmerican(Window text, int at, int end, int digits) {
        boolean country = digits == 11 && text.at(at) == '1';
        int area = country ? (text.digitAt(at + 1) ? at + 1 : at + 2) : at;
        return (digits == 10 || country) && text.at(area) >= '2' && (end - at == digits || text.digitsEnd(area) == area + 3);
    }

    private static int digits(Window text, int before, int end) {
        int digits = 0;
        for (int i = before + 1; i < end; i++) {
            digits += text.digitAt(i) ? 1 : 0;
        }
        return digits;
    }

    /** Digits with single separators between, and parentheses; -1 if the number goes on past what a number has. */
    private static int end(Window text, int at) {
        int index = at;
        int end = at;
        int digits = 0;
        int dots = 0;
        while (true) {
            int next = text.at(index);
            if (Window.isDigit(next)) {
                digits++;
                index++;
                end = index;
                if (digits > MAX_DIGITS) {
                    return -1;
                }
            } else if (isSeparator(next) && index - end < 2 && (text.digitAt(index + 1) || text.at(index + 1) == '(' || index > at && text.digitAt(index + 2))) {
                dots += next == '.' ? 1 : 0;
                index++;
            } else {
                break;
            }
        }
        return dots == 1 || !text.endsAt(end) ? -1 : end;
    }

    /** Whether digits that end here may be followed by more of the same number, of whatever kind. All kinds have fewer separators than these. */
    static boolean mayGoOn(Window text, int end) {
        return isSeparator(text.at(end)) && (text.digitAt(end + 1) || text.at(end + 1) == '(' || text.digitAt(end + 2));
    }

    private static boolean isSeparator(int value) {
        return value == ' ' || value == '-' || value == '.' || value == '(' || value == ')' || value == '/';
    }
}
