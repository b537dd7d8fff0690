// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;

/** JSON web tokens in compact form: two dots or more, and a header that is JSON and names its algorithm. */
final class WebTokens {
    private static final byte[] ALGORITHM = "\"alg\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER = 4096;

    private WebTokens() {}

    /** End of a token that starts here, or -1. */
    static int end(Window text, int at) {
        if (!text.beginsAt(at) || text.at(at - 1) == '.') {
            return -1;
        }
        int header = segment(text, at);
        if (text.at(header) != '.' || header - at < 12 || header - at > MAX_HEADER || !namesAlgorithm(text, at, header)) {
            return -1;
        }
        int payload = segment(text, header + 1);
        if (text.at(payload) != '.') {
            return -1;
        }
        int end = segment(text, payload + 1);
        // An encrypted token has five parts.
        for (int part = 0; part < 2 && text.at(end) == '.' && isToken(text.at(end + 1)); part++) {
            end = segment(text, end + 1);
        }
        return end;
    }

    private static int segment(Window text, int at) {
        int end = at;
        while (isToken(text.at(end))) {
            end++;
        }
        return end;
    }

    private static boolean isToken(int value) {
        return Window.isWord(value) || value == '-';
    }

    /** Looks into the header without storing it: four characters are three bytes. */
    private static boolean namesAlgorithm(Window text, int at, int end) {
        int bits = 0;
        int held = 0;
        int matched = 0;
        int last = 0;
        boolean found = false;
        for (int i = at; i < end; i++) {
            bits = bits << 6 | sextet(text.at(i));
            held += 6;
            if (held >= 8) {
                held -= 8;
                int value = bits >> held & 0xFF;
                matched = value == ALGORITHM[matched] ? matched + 1 : value == ALGORITHM[0] ? 1 : 0;
                found |= matched == ALGORITHM.length;
                matched = matched == ALGORITHM.length ? 0 : matched;
                last = value > ' ' ? value : last;
            }
        }
        return found && last == '}';
    }

    private static int sextet(int value) {
        if (Window.isUpper(value)) {
            return value - 'A';
        }
        if (Window.isLetter(value)) {
            return value - 'a' + 26;
        }
        return Window.isDigit(value) ? value - '0' + 52 : value == '-' ? 62 : 63;
    }
}
