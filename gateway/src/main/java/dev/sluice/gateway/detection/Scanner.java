// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One pass over the bytes of a window. A table says which bytes can be part of anything that is looked for; all others cost one look. Nothing is
 * allocated unless something is found. Keeps no state between windows, apart from reused memory; for one thread.
 */
final class Scanner {
    private static final byte DIGIT = 1;
    private static final byte AT = 2;
    private static final byte PLUS = 3;
    private static final byte PARENTHESIS = 4;
    private static final byte COLON = 5;
    private static final byte EQUALS = 6;
    private static final byte HYPHEN = 7;
    private static final byte UNDERSCORE = 8;
    private static final byte DOT = 9;
    private static final byte CAPITAL_J = 10;
    private static final byte CAPITAL_K = 11;
    private static final byte CAPITAL_S = 12;
    private static final byte SMALL_Z = 13;

    private static final int OFF = -1;
    /** Digits of a social security number, or of a telephone number behind a word for it. */
    private static final int SHORTEST_IN_ONE_PIECE = 9;

    private final byte[] triggers = new byte[256];
    private final int[] detectors = new int[DetectorKind.values().length];
    private final List<TextPattern> patterns;
    private final List<Words> contexts;
    private final int[] patternDetectors;

    /** A secret that counts only if nothing more precise is found within it. */
    private int secretStart;
    private int secretEnd;
    private int lastEnd;

    /** @param enabled index in the list names the detector in findings */
    Scanner(List<Detector> enabled) {
        Arrays.fill(detectors, OFF);
        for (int i = 0; i < enabled.size(); i++) {
            DetectorKind kind = enabled.get(i).kind();
            if (kind != DetectorKind.REGEX) {
                detectors[kind.ordinal()] = i;
            }
        }
        trigger("0123456789", DIGIT, DetectorKind.CARD, DetectorKind.SSN, DetectorKind.IBAN, DetectorKind.PHONE, DetectorKind.IP);
        trigger("@", AT, DetectorKind.EMAIL, DetectorKind.SECRET);
        trigger("+", PLUS, DetectorKind.PHONE);
        trigger("(", PARENTHESIS, DetectorKind.PHONE);
        trigger(":", COLON, DetectorKind.IP, DetectorKind.SECRET);
        trigger("=", EQUALS, DetectorKind.SECRET);
        trigger("-", HYPHEN, DetectorKind.API_KEY, DetectorKind.PRIVATE_KEY);
        trigger("_", UNDERSCORE, DetectorKind.API_KEY);
        trigger(".", DOT, DetectorKind.API_KEY);
        trigger("J", CAPITAL_J, DetectorKind.JWT);
        trigger("K", CAPITAL_K, DetectorKind.API_KEY);
        trigger("S", CAPITAL_S, DetectorKind.API_KEY);
        trigger("z", SMALL_Z, DetectorKind.API_KEY);
        List<Detector> own = enabled.stream().filter(each -> each.kind() == DetectorKind.REGEX).toList();
        patterns = own.stream().map(each -> Objects.requireNonNull(each.pattern())).toList();
        contexts = patterns.stream().map(pattern -> Words.of(pattern.context())).toList();
        patternDetectors = own.stream().mapToInt(enabled::indexOf).toArray();
    }

    private void trigger(String bytes, byte trigger, DetectorKind... kinds) {
        if (Arrays.stream(kinds).anyMatch(this::isOn)) {
            for (byte each : bytes.getBytes(StandardCharsets.US_ASCII)) {
                triggers[each] = trigger;
            }
        }
    }

    private boolean isOn(DetectorKind kind) {
        return detectors[kind.ordinal()] != OFF;
    }

    /**
     * Adds what begins from one place up to another; what ends there is looked at as far as the window goes.
     *
     * @return end of the last finding of the first pass, or {@code from}
     */
    int scan(Window text, int from, int to, Findings found) {
        lastEnd = from;
        secretEnd = 0;
        byte[] bytes = text.bytes;
        byte[] table = triggers;
        int at = next(bytes, table, from, to);
        while (at < to) {
            at = next(bytes, table, look(table[bytes[at] & 0xFF], text, at, found), to);
        }
        giveSecret(found, Integer.MAX_VALUE);
        for (int i = 0; i < patterns.size(); i++) {
            search(patterns.get(i), contexts.get(i), patternDetectors[i], text, from, to, found);
        }
        if (!patterns.isEmpty()) {
            found.sort();
        }
        return Math.max(from, lastEnd);
    }

    /** The first byte from here on that can be part of what is looked for. A loop of its own, so that it is compiled into the few instructions that it needs. */
    private static int next(byte[] bytes, byte[] table, int from, int to) {
        int at = from;
        while (at < to && table[bytes[at] & 0xFF] == 0) {
            at++;
        }
        return at;
    }

    /** Where to go on. */
    private int look(byte trigger, Window text, int at, Findings found) {
        return switch (trigger) {
            case DIGIT -> number(text, at, found);
            case AT -> mail(text, at, found);
            case PLUS -> or(take(DetectorKind.PHONE, at, PhoneNumbers.international(text, at), found), at);
            case PARENTHESIS -> or(take(DetectorKind.PHONE, at, PhoneNumbers.parenthesized(text, at), found), at);
            case COLON -> colon(text, at, found);
            case EQUALS -> secret(text, at, found);
            case HYPHEN -> hyphen(text, at, found);
            case UNDERSCORE -> key(text, at, found);
            case DOT -> or(take(DetectorKind.API_KEY, at + 1, text.at(at - 1) == 'G' ? ApiKeys.sendGrid(text, at) : -1, found), at);
            case CAPITAL_J -> text.at(at - 1) == 'y' && text.at(at - 2) == 'e' ? or(take(DetectorKind.JWT, at - 2, WebTokens.end(text, at - 2), found), at) : at + 1;
            case CAPITAL_K -> text.at(at - 1) == 'A' && text.at(at + 1) == 'I' ? key(text, at - 1, 4, at, found) : at + 1;
            case CAPITAL_S -> text.at(at - 1) == 'A' && text.at(at + 1) == 'I' ? key(text, at - 1, 4, at, found) : at + 1;
            case SMALL_Z -> text.at(at - 1) == 'I' && text.at(at - 2) == 'A' ? key(text, at - 2, 4, at, found) : at + 1;
            default -> at + 1;
        };
    }

    private static int or(int end, int at) {
        return Math.max(end, at + 1);
    }

    /** Adds a finding unless there is none (an end of -1), or its detector is off; gives back the end, or -1. */
    private int take(DetectorKind kind, int start, int end, Findings found) {
        int detector = detectors[kind.ordinal()];
        if (end < 0 || detector == OFF) {
            return -1;
        }
        giveSecret(found, start);
        secretEnd = 0;
        found.add(detector, Math.max(start, lastEnd), end);
        lastEnd = end;
        return end;
    }

    /** Adds the secret that was put off if it ends before this place. */
    private void giveSecret(Findings found, int before) {
        if (secretEnd > 0 && secretEnd <= before && secretStart >= lastEnd) {
            found.add(detectors[DetectorKind.SECRET.ordinal()], secretStart, secretEnd);
            lastEnd = secretEnd;
            secretEnd = 0;
        }
    }

    private int number(Window text, int at, Findings found) {
        if (!text.beginsAt(at)) {
            boolean account = Window.isUpper(text.at(at - 1)) && Window.isUpper(text.at(at - 2)) && isOn(DetectorKind.IBAN);
            int end = account ? take(DetectorKind.IBAN, at - 2, BankAccounts.end(text, at - 2), found) : -1;
            return end < 0 ? behindWord(text, at) : end;
        }
        int run = text.digitsEnd(at);
        if (!text.endsAt(run)) {
            return behindWord(text, run);
        }
        if (run - at == 2 && text.at(run) == ':' && isTime(text, at)) {
            return at + 6;
        }
        if (run - at == 4 && text.at(run) == '-' && isMonth(text, at)) {
            return at + 8;
        }
        if (run - at < SHORTEST_IN_ONE_PIECE && !PhoneNumbers.mayGoOn(text, run)) {
            return behindKeySign(text, run);
        }
        int end = -1;
        if (run - at <= 3 && text.at(run) == '.' && isOn(DetectorKind.IP)) {
            end = take(DetectorKind.IP, at, NetworkAddresses.version4(text, at), found);
        }
        if (end < 0 && (run - at == 3 || run - at == 9) && isOn(DetectorKind.SSN)) {
            end = take(DetectorKind.SSN, at, SocialSecurityNumbers.end(text, at, run - at), found);
        }
        if (end < 0 && (run - at == 4 && text.digitAt(run + 4) || run - at == 6 || run - at >= 13) && isOn(DetectorKind.CARD)) {
            end = take(DetectorKind.CARD, at, CardNumbers.end(text, at, run - at), found);
        }
        if (end < 0 && isOn(DetectorKind.PHONE)) {
            end = take(DetectorKind.PHONE, at, PhoneNumbers.afterWord(text, at, run - at), found);
        }
        return end < 0 ? behindKeySign(text, run) : end;
    }

    /** Whether the year and the month of a date begin here: nothing has four digits and two, but telephone numbers with a 0 in front. */
    private static boolean isMonth(Window text, int at) {
        return text.at(at) != '0' && text.digitAt(at + 5) && text.digitAt(at + 6) && text.at(at + 7) == '-' && text.digitAt(at + 8);
    }

    /** Whether hours, minutes and seconds begin here, and nothing that is looked for begins with one of the colons: no address has three groups. */
    private static boolean isTime(Window text, int at) {
        boolean laidOut = text.digitAt(at + 3) && text.digitAt(at + 4) && text.at(at + 5) == ':' && text.digitAt(at + 6) && text.digitAt(at + 7);
        return laidOut && !Window.isHex(text.at(at + 8)) && text.at(at + 8) != ':' && !Secrets.mayBegin(text, at + 6);
    }

    /**
     * The end of a word with a digit in it. Whatever else begins in a word begins where the word does and has no digits up to its trigger, so that it has
     * been met before this place, or is not there.
     */
    private static int behindWord(Window text, int at) {
        return behindKeySign(text, text.wordEnd(at));
    }

    /** No key has a digit before its first hyphen or dot. */
    private static int behindKeySign(Window text, int end) {
        int sign = text.at(end);
        return sign == '.' || sign == '-' && text.at(end + 1) != '-' ? end + 1 : end;
    }

    private int mail(Window text, int at, Findings found) {
        int end = -1;
        if (isOn(DetectorKind.EMAIL)) {
            int start = MailAddresses.start(text, at);
            end = start < 0 ? -1 : take(DetectorKind.EMAIL, start, MailAddresses.end(text, at), found);
        }
        if (end < 0 && isOn(DetectorKind.SECRET)) {
            int start = Secrets.passwordInUrl(text, at);
            end = start < 0 ? -1 : take(DetectorKind.SECRET, start, at, found);
        }
        return or(end, at);
    }

    private int colon(Window text, int at, Findings found) {
        if (isOn(DetectorKind.IP) && NetworkAddresses.mayContain(text, at)) {
            int start = NetworkAddresses.start(text, at);
            int end = take(DetectorKind.IP, start, NetworkAddresses.version6(text, start, at), found);
            if (end >= 0) {
                return end;
            }
        }
        return isOn(DetectorKind.SECRET) ? secret(text, at, found) : at + 1;
    }

    /** Goes on right behind the sign: something more precise may be found in the value. */
    private int secret(Window text, int sign, Findings found) {
        int value = Secrets.value(text, sign);
        int end = value < secretEnd ? -1 : Secrets.end(text, sign, value);
        if (end >= 0) {
            giveSecret(found, value);
            secretStart = value;
            secretEnd = end;
        }
        return sign + 1;
    }

    private int hyphen(Window text, int at, Findings found) {
        if (text.at(at + 1) == '-') {
            int body = isOn(DetectorKind.PRIVATE_KEY) ? PrivateKeys.body(text, at) : -1;
            return or(body < 0 ? -1 : take(DetectorKind.PRIVATE_KEY, body, PrivateKeys.end(text, body), found), at);
        }
        return isOn(DetectorKind.API_KEY) ? key(text, at, found) : at + 1;
    }

    /** A key whose prefix has a separator here. */
    private int key(Window text, int separator, Findings found) {
        if (!ApiKeys.mayEndHead(text.at(separator - 2), text.at(separator - 1))) {
            return separator + 1;
        }
        int start = ApiKeys.wordStart(text, separator);
        return key(text, start, separator - start, separator, found);
    }

    private int key(Window text, int start, int head, int at, Findings found) {
        int secret = ApiKeys.secret(text, start, head);
        return or(secret < 0 ? -1 : take(DetectorKind.API_KEY, secret, ApiKeys.end(text, secret), found), at);
    }

    private static void search(TextPattern pattern, Words context, int detector, Window text, int from, int to, Findings found) {
        byte[] bytes = text.start == 0 && text.end == text.bytes.length ? text.bytes : Arrays.copyOfRange(text.bytes, text.start, text.end);
        var matcher = pattern.pattern().matcher(bytes);
        while (matcher.find()) {
            int start = text.start + matcher.start();
            boolean here = start >= from && start < to && matcher.end() > matcher.start();
            if (here && (pattern.context().isEmpty() || context.in(text, start - Window.CONTEXT, start))) {
                found.add(detector, start, text.start + matcher.end());
            }
        }
    }
}
