// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Keys that their providers mark with a prefix. What is found is the part behind it: the prefix tells what leaked, and to whom to report it. */
final class ApiKeys {
    /** Which characters may follow a prefix. */
    private enum Alphabet {
        UPPER,
        ALPHANUMERIC,
        HEX,
        TOKEN
    }

    /**
     * One kind of key.
     *
     * @param min characters behind the prefix
     * @param mixed whether it must hold capitals, small letters and digits, because the prefix alone says little
     */
    private record Shape(byte[] prefix, Alphabet alphabet, int min, int max, boolean mixed) {}

    private static final int LONGEST_HEAD = 7;

    private static Shape shape(String prefix, Alphabet alphabet, int min, int max) {
        return new Shape(prefix.getBytes(StandardCharsets.US_ASCII), alphabet, min, max, false);
    }

    private static final Shape[] SHAPES = {
        shape("AKIA", Alphabet.UPPER, 16, 16),
        shape("ASIA", Alphabet.UPPER, 16, 16),
        shape("AIza", Alphabet.TOKEN, 35, 35),
        shape("ghp_", Alphabet.ALPHANUMERIC, 36, 255),
        shape("gho_", Alphabet.ALPHANUMERIC, 36, 255),
        shape("ghu_", Alphabet.ALPHANUMERIC, 36, 255),
        shape("ghs_", Alphabet.ALPHANUMERIC, 36, 255),
        shape("ghr_", Alphabet.ALPHANUMERIC, 36, 255),
        shape("github_pat_", Alphabet.TOKEN, 60, 255),
        shape("glpat-", Alphabet.TOKEN, 20, 64),
        shape("xoxb-", Alphabet.TOKEN, 20, 255),
        shape("xoxp-", Alphabet.TOKEN, 20, 255),
        shape("xoxa-", Alphabet.TOKEN, 20, 255),
        shape("xoxr-", Alphabet.TOKEN, 20, 255),
        shape("xoxs-", Alphabet.TOKEN, 20, 255),
        shape("xapp-", Alphabet.TOKEN, 20, 255),
        shape("sk_live_", Alphabet.ALPHANUMERIC, 16, 255),
        shape("sk_test_", Alphabet.ALPHANUMERIC, 16, 255),
        shape("rk_live_", Alphabet.ALPHANUMERIC, 16, 255),
        shape("rk_test_", Alphabet.ALPHANUMERIC, 16, 255),
        shape("whsec_", Alphabet.ALPHANUMERIC, 24, 255),
        shape("sk-ant-", Alphabet.TOKEN, 32, 255),
        shape("sk-proj-", Alphabet.TOKEN, 32, 255),
        new Shape("sk-".getBytes(StandardCharsets.US_ASCII), Alphabet.TOKEN, 32, 255, true),
        shape("npm_", Alphabet.ALPHANUMERIC, 36, 36),
        shape("pypi-", Alphabet.TOKEN, 50, 255),
        shape("dop_v1_", Alphabet.HEX, 64, 64),
        shape("shpat_", Alphabet.HEX, 32, 32),
        shape("shpss_", Alphabet.HEX, 32, 32),
        shape("hf_", Alphabet.ALPHANUMERIC, 34, 40),
        shape("GOCSPX-", Alphabet.TOKEN, 28, 28),
        shape("xkeysib-", Alphabet.TOKEN, 64, 128),
        shape("lin_api_", Alphabet.ALPHANUMERIC, 40, 48),
    };

    /** By the length of what stands before the first separator, or of the whole prefix where there is none. */
    private static final Shape[][] BY_HEAD = new Shape[LONGEST_HEAD + 1][];

    static {
        for (int length = 0; length < BY_HEAD.length; length++) {
            int wanted = length;
            BY_HEAD[length] = Stream.of(SHAPES).filter(shape -> head(shape.prefix) == wanted).toArray(Shape[]::new);
        }
    }

    /** Which characters the last two of a head before a separator may be: with one look at each nearly all other words are out. */
    private static final byte[] HEAD_ENDS = new byte[128];

    private static final byte LAST = 1;
    private static final byte LAST_BUT_ONE = 2;

    static {
        for (Shape shape : SHAPES) {
            int length = head(shape.prefix);
            if (length < shape.prefix.length) {
                HEAD_ENDS[shape.prefix[length - 1]] |= LAST;
                HEAD_ENDS[shape.prefix[length - 2]] |= LAST_BUT_ONE;
            }
        }
    }

    private static int head(byte[] prefix) {
        int length = 0;
        while (length < prefix.length && Window.isAlphanumeric(prefix[length])) {
            length++;
        }
        return length;
    }

    private static final byte[] SEND_GRID = {'S', 'G', '.'};

    private ApiKeys() {}

    /** Whether a word that ends in these two characters may be what stands before a key's first hyphen or underscore. */
    static boolean mayEndHead(int lastButOne, int last) {
        return last >= 0 && (HEAD_ENDS[last] & LAST) != 0 && lastButOne >= 0 && (HEAD_ENDS[lastButOne] & LAST_BUT_ONE) != 0;
    }

    /** First place of the word that ends before this hyphen, underscore or letter of a prefix. */
    static int wordStart(Window text, int at) {
        int start = at;
        while (at - start <= LONGEST_HEAD && Window.isAlphanumeric(text.at(start - 1))) {
            start--;
        }
        return start;
    }

    /** First place behind the prefix of a key that starts here, or -1. Its prefix has a separator behind so many characters, or is as long and has none. */
    static int secret(Window text, int start, int length) {
        if (length < 2 || length > LONGEST_HEAD || Window.isWord(text.at(start - 1)) && !text.beginsAt(start)) {
            return -1;
        }
        for (Shape shape : BY_HEAD[length]) {
            if (text.startsWith(shape.prefix, start) && end(text, start + shape.prefix.length, shape) > 0) {
                return start + shape.prefix.length;
            }
        }
        return -1;
    }

    /** End of the key whose part behind the prefix begins here; it is one, as {@link #secret} has found. */
    static int end(Window text, int secret) {
        int end = secret;
        while (isIn(Alphabet.TOKEN, text.at(end))) {
            end++;
        }
        return end;
    }

    private static int end(Window text, int secret, Shape shape) {
        int end = secret;
        boolean upper = false;
        boolean lower = false;
        boolean digit = false;
        while (isIn(shape.alphabet, text.at(end))) {
            int value = text.at(end);
            upper |= Window.isUpper(value);
            lower |= Window.isLetter(value) && !Window.isUpper(value);
            digit |= Window.isDigit(value);
            end++;
        }
        int length = end - secret;
        boolean random = !shape.mixed || upper && lower && digit;
        return length >= shape.min && length <= shape.max && random && !Window.isWord(text.at(end)) ? end : -1;
    }

    /** End of a SendGrid key whose first dot is here, or -1. */
    static int sendGrid(Window text, int dot) {
        if (!text.startsWith(SEND_GRID, dot - 2) || !text.beginsAt(dot - 2)) {
            return -1;
        }
        int middle = end(text, dot + 1);
        int end = text.at(middle) == '.' ? end(text, middle + 1) : -1;
        return middle - dot - 1 == 22 && end - middle - 1 == 43 ? end : -1;
    }

    private static boolean isIn(Alphabet alphabet, int value) {
        return switch (alphabet) {
            case UPPER -> Window.isUpper(value) || Window.isDigit(value);
            case ALPHANUMERIC -> Window.isAlphanumeric(value);
            case HEX -> Window.isHex(value);
            case TOKEN -> Window.isWord(value) || value == '-';
        };
    }
}
