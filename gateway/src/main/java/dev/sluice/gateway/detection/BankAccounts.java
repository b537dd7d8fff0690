// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** International bank account numbers in one piece or in groups of four, in capital letters as ISO 13616-1 wants them. */
final class BankAccounts {
    /** Country and length in characters, as the registry of SWIFT lists them. */
    private static final String LENGTHS = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27"
            + " GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30"
            + " NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static final byte[] LENGTH = new byte[26 * 26];

    static {
        for (String country : LENGTHS.split(" ", -1)) {
            LENGTH[(country.charAt(0) - 'A') * 26 + country.charAt(1) - 'A'] = Byte.parseByte(country.substring(2));
        }
    }

    private BankAccounts() {}

    /** End of a number whose first letter is here, or -1. */
    static int end(Window text, int at) {
        int first = text.at(at);
        int second = text.at(at + 1);
        if (!Window.isUpper(first) || !Window.isUpper(second) || !text.beginsAt(at) || !text.digitAt(at + 2) || !text.digitAt(at + 3)) {
            return -1;
        }
        int length = LENGTH[(first - 'A') * 26 + second - 'A'];
        return length == 0 ? -1 : end(text, at, length);
    }

    private static int end(Window text, int at, int length) {
        boolean grouped = text.at(at + 4) == ' ';
        long remainder = 0;
        int index = at + 4;
        for (int count = 4; count < length; count++) {
            if (grouped && count % 4 == 0) {
                if (text.at(index) != ' ') {
                    return -1;
                }
                index++;
            }
            int value = value(text.at(index));
            if (value < 0) {
                return -1;
            }
            remainder = append(remainder, value);
            index++;
        }
        for (int i = at; i < at + 4; i++) {
            remainder = append(remainder, value(text.at(i)));
        }
        return remainder == 1 && text.endsAt(index) ? index : -1;
    }

    private static long append(long remainder, int value) {
        return (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }

    private static int value(int character) {
        return Window.isDigit(character) ? character - '0' : Window.isUpper(character) ? character - 'A' + 10 : -1;
    }
}
