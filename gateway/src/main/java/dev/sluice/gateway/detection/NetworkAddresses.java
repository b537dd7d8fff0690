// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** Addresses of version 4 in dotted decimal, and of version 6 as in RFC 4291 section 2.2. Loopback and unspecified addresses tell nothing and are left. */
final class NetworkAddresses {
    private static final int CONTEXT = 16;
    private static final Words NO_ADDRESS = Words.of("version", " ver", "release", "build", "section", "chapter", " oid", "firmware", "driver", " rev");

    private NetworkAddresses() {}

    /** End of an address whose first digit is here, or -1. */
    static int version4(Window text, int at) {
        int before = text.at(at - 1);
        boolean within = (before == '.' || before == '-') && Window.isWord(text.at(at - 2)) || before == '/' && Window.isAlphanumeric(text.at(at - 2));
        if (!text.beginsAt(at) || within) {
            return -1;
        }
        int index = at;
        int first = 0;
        boolean telling = false;
        for (int part = 0; part < 4; part++) {
            int end = text.digitsEnd(index);
            int value = octet(text, index, end);
            if (value < 0 || part < 3 && text.at(end) != '.') {
                return -1;
            }
            first = part == 0 ? value : first;
            telling |= value != 0;
            index = part < 3 ? end + 1 : end;
        }
        boolean goesOn = !text.endsAt(index) || (text.at(index) == '.' || text.at(index) == '-') && Window.isAlphanumeric(text.at(index + 1));
        return goesOn || !telling || first == 127 || NO_ADDRESS.in(text, at - CONTEXT, at) ? -1 : index;
    }

    private static int octet(Window text, int at, int end) {
        int digits = end - at;
        if (digits < 1 || digits > 3 || digits > 1 && text.at(at) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = at; i < end; i++) {
            value = value * 10 + text.at(i) - '0';
        }
        return value > 255 ? -1 : value;
    }

    /** Whether an address of version 6 may have its first colon here: another colon follows, at once or behind a group. */
    static boolean mayContain(Window text, int colon) {
        if (text.at(colon + 1) == ':') {
            return true;
        }
        int group = colon + 1;
        while (group - colon <= 4 && Window.isHex(text.at(group))) {
            group++;
        }
        return text.at(group) == ':' && group > colon + 1 && Window.isHex(text.at(colon - 1));
    }

    /** First place of an address whose first colon is here. */
    static int start(Window text, int colon) {
        int start = colon;
        while (colon - start < 5 && Window.isHex(text.at(start - 1))) {
            start--;
        }
        return start;
    }

    /** End of an address that starts here, or -1. */
    static int version6(Window text, int start, int colon) {
        int first = colon - start;
        if (first > 4 || first == 0 && text.at(colon + 1) != ':' || Window.isWord(text.at(start - 1)) || text.at(start - 1) == ':') {
            return -1;
        }
        int groups = 0;
        int gaps = 0;
        boolean digit = false;
        int index = start;
        while (true) {
            int group = index;
            while (index - group < 5 && Window.isHex(text.at(index))) {
                digit |= text.digitAt(index);
                index++;
            }
            if (index - group > 4) {
                return -1;
            }
            groups += index > group ? 1 : 0;
            if (text.at(index) != ':' || groups > 8) {
                break;
            }
            if (text.at(index + 1) == ':') {
                gaps++;
                index += 2;
            } else if (Window.isHex(text.at(index + 1))) {
                index++;
            } else {
                break;
            }
        }
        boolean whole = text.endsAt(index) && text.at(index) != ':';
        boolean full = gaps == 0 && groups == 8;
        // Names with two colons in programs have no digits, or begin with a short word.
        boolean shortened = gaps == 1 && groups >= 2 && groups <= 7 && first >= 3;
        return whole && digit && (full || shortened) ? index : -1;
    }
}
