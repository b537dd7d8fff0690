// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Texts in the shape of other texts: digits for digits, letters for letters, the rest as it is. Card numbers keep a valid check digit
 * (Luhn), e-mail addresses move to a domain that nobody can have (RFC 2606). The last of the letters and digits are a sign over the others.
 */
final class Tokenizer {
    /** With fewer there is no room for a sign that would not also be met by chance. */
    static final int SHORTEST_SIGNED = 12;

    /** A telephone number in its international form has as many, and a sign of its own: whole countries have no longer ones. */
    static final int SHORTEST_SIGNED_PHONE = 10;

    private static final int SIGN = 5;
    private static final int PHONE_SIGN = 4;
    private static final int LONGEST = 4_000;
    private static final int EMAIL_LETTERS = 16;
    private static final String EMAIL_DOMAIN = "@example.com";
    /** Digits enough for a sign, and in nearly every load of data: by chance one of 100,000 would be taken for ours. Ours are hardly ever valid. */
    private static final Pattern TIMESTAMP = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[ T]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d[-+.:\\dZ]*)?");

    /** One character each, which is replaced by one. */
    private static final Pattern SURROGATES = Pattern.compile("[\\x{10000}-\\x{10FFFF}]");

    private static final int YEAR_DIGITS = 4;

    private final MaskTokens tokens;
    private final ShownTokens shown = new ShownTokens();

    Tokenizer(MaskTokens tokens) {
        this.tokens = tokens;
    }

    /** A stand-in for the text. What is longer than {@value #LONGEST} characters is cut there: nothing that long is an identifier. */
    String tokenize(String text) {
        if (isEmail(text)) {
            return fill("a".repeat(EMAIL_LETTERS), text.toLowerCase(Locale.ROOT), false) + EMAIL_DOMAIN;
        }
        String shape = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        String token = fill(SURROGATES.matcher(shape).replaceAll("x"), text, isCard(text));
        if (isSignedInDigits(token)) {
            shown.add(hash(token));
        }
        return token;
    }

    /** Whether the text, which {@link #isOurs}, may be so by chance: its sign is of digits, and it is none of those that were shown lately. */
    boolean isPerhapsChance(String text) {
        return isSignedInDigits(text) && !shown.has(hash(text));
    }

    private static boolean isSignedInDigits(String text) {
        int left = signLength(text, slots(text.toCharArray()));
        boolean digits = left > 0;
        for (int i = text.length() - 1; i >= 0 && left > 0; i--) {
            if (isSlot(text.charAt(i))) {
                digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
                left--;
            }
        }
        return digits;
    }

    /** Of the letters and digits alone: they are the token, however it is written. Mixed by the finalizer of SplitMix64. */
    private static long hash(String text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = isSlot(text.charAt(i)) ? 31 * hash + text.charAt(i) : hash;
        }
        hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
        return hash ^ hash >>> 31;
    }

    boolean isOurs(String text) {
        if (text.endsWith(EMAIL_DOMAIN) && text.length() == EMAIL_LETTERS + EMAIL_DOMAIN.length()) {
            return isSigned(text.substring(0, EMAIL_LETTERS), false);
        }
        return text.length() <= LONGEST && hasRoomForSign(text) && !isTimestamp(text) && (isSigned(text, false) || isCard(text) && isSigned(text, true));
    }

    /** Without allocating: of most of what is written this is all that is asked. */
    private static boolean hasRoomForSign(String text) {
        int slots = 0;
        for (int i = 0; i < text.length() && slots < SHORTEST_SIGNED; i++) {
            if (isSlot(text.charAt(i))) {
                slots++;
            }
        }
        return signLength(text, slots) > 0;
    }

    private static boolean isTimestamp(String text) {
        return text.charAt(YEAR_DIGITS) == '-' && TIMESTAMP.matcher(text).matches();
    }

    private String fill(String shape, String value, boolean card) {
        char[] filled = shape.toCharArray();
        int slots = slots(filled);
        Stream stream = new Stream('t', value);
        int sign = signLength(shape, slots);
        int tail = sign + (card ? 1 : 0);
        int slot = 0;
        for (int i = 0; i < filled.length && slot < slots - tail; i++) {
            if (isSlot(filled[i])) {
                filled[i] = stream.next(filled[i], slot == 0 && slots > 1);
                slot++;
            }
        }
        return finish(filled, slots - tail, sign, card);
    }

    /** The sign over everything before it, then the check digit over all. */
    private String finish(char[] filled, int before, int sign, boolean card) {
        StringBuilder signed = new StringBuilder();
        int slot = 0;
        for (char next : filled) {
            if (isSlot(next)) {
                if (slot++ == before) {
                    break;
                }
                signed.append(next);
            }
        }
        Stream stream = new Stream('c', signed.toString());
        slot = 0;
        for (int i = 0; i < filled.length; i++) {
            if (isSlot(filled[i]) && slot++ >= before) {
                if (slot <= before + sign) {
                    filled[i] = stream.next(filled[i], false);
                } else if (card) {
                    filled[i] = '0';
                    filled[i] = (char) ('0' + (10 - luhn(filled) % 10) % 10);
                }
            }
        }
        return new String(filled);
    }

    private boolean isSigned(String text, boolean card) {
        char[] candidate = text.toCharArray();
        int slots = slots(candidate);
        int sign = signLength(text, slots);
        if (sign == 0) {
            return false;
        }
        return finish(candidate.clone(), slots - sign - (card ? 1 : 0), sign, card).equals(text);
    }

    private static int signLength(String text, int slots) {
        if (slots >= SHORTEST_SIGNED) {
            return SIGN;
        }
        return slots >= SHORTEST_SIGNED_PHONE && text.startsWith("+") ? PHONE_SIGN : 0;
    }

    private static int slots(char[] text) {
        int slots = 0;
        for (char next : text) {
            if (isSlot(next)) {
                slots++;
            }
        }
        return slots;
    }

    /** Letters outside ASCII are replaced too, by ASCII ones: a name in another script is still a name. */
    private static boolean isSlot(char next) {
        return next >= '0' && next <= '9' || next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z' || next > 127;
    }

    private static boolean isEmail(String text) {
        int at = text.indexOf('@');
        return at > 0 && text.indexOf('@', at + 1) < 0 && text.indexOf('.', at) > at + 1 && text.indexOf(' ') < 0 && text.length() <= 320;
    }

    /** 13 to 19 digits, perhaps in groups, with a valid check digit. */
    static boolean isCard(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next >= '0' && next <= '9') {
                digits++;
            } else if (next != ' ' && next != '-') {
                return false;
            }
        }
        return digits >= 13 && digits <= 19 && luhn(text.toCharArray()) % 10 == 0;
    }

    private static int luhn(char[] text) {
        int sum = 0;
        boolean twice = false;
        for (int i = text.length - 1; i >= 0; i--) {
            if (text[i] >= '0' && text[i] <= '9') {
                int digit = text[i] - '0';
                int counted = twice ? digit * 2 : digit;
                sum += counted > 9 ? counted - 9 : counted;
                twice = !twice;
            }
        }
        return sum;
    }

    /** Digits and letters without end, out of a keyed hash of the value. */
    private final class Stream {
        private final char purpose;
        private byte[] block;
        private int at;

        private Stream(char purpose, String value) {
            this.purpose = purpose;
            this.block = tokens.mac(purpose, value.getBytes(StandardCharsets.UTF_8));
        }

        private char next(char like, boolean notZero) {
            if (like >= '0' && like <= '9') {
                return (char) (notZero && like != '0' ? '1' + below(9) : '0' + below(10));
            }
            return (char) ((like >= 'A' && like <= 'Z' ? 'A' : 'a') + below(26));
        }

        /** Without the bias that a remainder alone would have. */
        private int below(int bound) {
            int limit = 256 - 256 % bound;
            int drawn;
            do {
                if (at == block.length) {
                    block = tokens.mac(purpose, block);
                    at = 0;
                }
                drawn = block[at++] & 0xff;
            } while (drawn >= limit);
            return drawn % bound;
        }
    }
}
