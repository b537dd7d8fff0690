// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;

/** The body of a private key in PEM: all between its first and its last line, line ends as such or as escapes of JSON and other notations. */
final class PrivateKeys {
    private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY = "PRIVATE KEY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LABEL = 30;
    private static final int MIN_BODY = 32;

    private PrivateKeys() {}

    /** First place of the body if the first line begins here, or -1. */
    static int body(Window text, int at) {
        if (!text.startsWith(BEGIN, at)) {
            return -1;
        }
        int label = at + BEGIN.length;
        while (label - at < MAX_LABEL && !text.startsWith(KEY, label)) {
            label++;
        }
        if (!text.startsWith(KEY, label)) {
            return -1;
        }
        int end = label + KEY.length;
        while (end - label < MAX_LABEL && text.at(end) != '-') {
            end++;
        }
        return text.startsWith(DASHES, end) ? end + DASHES.length : -1;
    }

    /** End of the body that begins here: its last line, or the first byte that no key has; -1 if there is too little of it. */
    static int end(Window text, int body) {
        int index = body;
        int last = body;
        int letters = 0;
        while (isBody(text, index)) {
            if (text.at(index) == '-' && text.startsWith(DASHES, index)) {
                break;
            }
            if (Window.isAlphanumeric(text.at(index)) || text.at(index) == '=') {
                letters++;
                last = index + 1;
            }
            index += text.at(index) == '\\' ? 2 : 1;
        }
        return letters >= MIN_BODY && !isProse(text, body, last) ? last : -1;
    }

    private static boolean isBody(Window text, int index) {
        int value = text.at(index);
        if (value == '\\') {
            int escaped = text.at(index + 1);
            return escaped == 'n' || escaped == 'r' || escaped == 't' || escaped == '\\' || escaped == '/';
        }
        return Window.isAlphanumeric(value) || value == '+' || value == '/' || value == '=' || value == '-' || value == '\n' || value == '\r' || value == ' ' || value == '\t'
                || value == ':' || value == ',' || value == '.';
    }

    /** Whether no stretch of it is as long as a line of a key. */
    private static boolean isProse(Window text, int from, int to) {
        int stretch = 0;
        for (int i = from; i < to; i++) {
            int value = text.at(i);
            stretch = Window.isAlphanumeric(value) || value == '+' || value == '/' || value == '=' ? stretch + 1 : 0;
            if (stretch >= MIN_BODY) {
                return false;
            }
        }
        return true;
    }
}
