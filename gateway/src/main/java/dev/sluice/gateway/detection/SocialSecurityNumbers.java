// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/**
 * Social security numbers: three digits of area, two of group, four of serial. Areas 000, 666 and from 900, group 00 and serial 0000 were never
 * issued (20 CFR 422.103 and the SSA's notes on randomization). Without hyphens the words around must say what it is.
 */
final class SocialSecurityNumbers {
    private static final Words WORDS = Words.of(" ssn", "social security", "social_security", "socialsecurity", "soc sec", "soc. sec", "_ssn", "taxpayer", " itin");

    private SocialSecurityNumbers() {}

    /** End of a number whose first digit is here, or -1. It begins with so many digits in one piece. */
    static int end(Window text, int at, int first) {
        int before = text.at(at - 1);
        if (first != 3 && first != 9 || !text.beginsAt(at) || (before == '-' || before == '.') && text.digitAt(at - 2)) {
            return -1;
        }
        int separator = first == 9 ? 0 : text.at(at + 3);
        int gap = first == 9 ? 0 : 1;
        int group = at + 3 + gap;
        int serial = group + 2 + gap;
        int end = serial + 4;
        boolean laidOut = first == 9
                || (separator == '-' || separator == ' ') && text.digitsEnd(group) == group + 2 && text.at(group + 2) == separator && text.digitsEnd(serial) == end;
        if (!laidOut || !text.endsAt(end) || (text.at(end) == '-' || text.at(end) == '.') && text.digitAt(end + 1) || !issued(text, at, group, serial)) {
            return -1;
        }
        return separator == '-' || WORDS.in(text, at - Window.CONTEXT, at) ? end : -1;
    }

    private static boolean issued(Window text, int at, int group, int serial) {
        int area = number(text, at, 3);
        return area != 0 && area != 666 && area < 900 && number(text, group, 2) != 0 && number(text, serial, 4) != 0;
    }

    private static int number(Window text, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            number = number * 10 + text.at(i) - '0';
        }
        return number;
    }
}
