// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** Values that look random behind a word that says that they are secret, and passwords in URLs. */
final class Secrets {
    private static final int MIN = 16;
    private static final int MAX = 512;
    private static final int CONTEXT = 28;
    private static final int MAX_PASSWORD = 128;
    private static final double BITS = 3.2;
    private static final double HEX_BITS = 2.8;
    private static final Words WORDS = Words.of(
            "password", "passwd", " pwd", "_pwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key", "api key", "access_key", "accesskey", "access-key", "access key",
            "private_key", "credential", "bearer", "encryption_key", "encryption key", "signing_key", "authorization", "x-auth", "auth_key", "client_key");
    private static final Words PLACEHOLDERS = Words.of("example", "your", "xxxx", "placeholder", "changeme", "change_me", "change-me", "redacted", "dummy", "insert", "sample", "****", "....");
    private static final byte[] BEARER = {'B', 'e', 'a', 'r', 'e', 'r', ' '};
    private static final byte[] BASIC = {'B', 'a', 's', 'i', 'c', ' '};
    private static final boolean[] SECRET = new boolean[256];
    /** n times the binary logarithm of n, for the counts of characters. */
    private static final double[] TIMES_LOG = new double[MAX + 1];

    static {
        for (int each = 0; each < SECRET.length; each++) {
            SECRET[each] = Window.isWord(each) || "-+/=.!@#$%^*~?".indexOf(each) >= 0;
        }
        for (int n = 1; n <= MAX; n++) {
            TIMES_LOG[n] = n * Math.log(n) / Math.log(2);
        }
    }

    private Secrets() {}

    /** First place of what is assigned by this colon or equals sign. */
    static int value(Window text, int sign) {
        int at = sign + 1;
        while (at - sign < 6 && (text.at(at) == ' ' || text.at(at) == '"' || text.at(at) == '\'' || text.at(at) == '\\' && text.at(at + 1) == '"' || text.at(at) == '>')) {
            at++;
        }
        if (text.startsWith(BEARER, at)) {
            return at + BEARER.length;
        }
        return text.startsWith(BASIC, at) ? at + BASIC.length : at;
    }

    /** Whether this may be the first place of a secret, by two of its characters. */
    static boolean mayBegin(Window text, int value) {
        return isSecret(text.at(value + MIN - 1)) && isSecret(text.at(value + MIN / 2));
    }

    /** End of a secret that starts here and was assigned by the sign, or -1. */
    static int end(Window text, int sign, int value) {
        if (!mayBegin(text, value)) {
            return -1;
        }
        int end = value;
        while (end - value <= MAX && isSecret(text.at(end))) {
            end++;
        }
        while (end > value && (text.at(end - 1) == '.' || text.at(end - 1) == ',' || text.at(end - 1) == '!' || text.at(end - 1) == '?')) {
            end--;
        }
        int length = end - value;
        if (length < MIN || length > MAX || !WORDS.in(text, sign - CONTEXT, sign + 1 + (value - sign > BASIC.length ? value - sign : 0))) {
            return -1;
        }
        return isRandom(text, value, end) && !PLACEHOLDERS.in(text, value, end) ? end : -1;
    }

    private static boolean isSecret(int value) {
        return SECRET[value & 0xFF];
    }

    private static boolean isRandom(Window text, int from, int to) {
        boolean digit = false;
        boolean lower = false;
        boolean upper = false;
        boolean hex = true;
        int changes = 0;
        int before = 0;
        for (int i = from; i < to; i++) {
            int value = text.at(i);
            int kind = Window.isDigit(value) ? 1 : Window.isUpper(value) ? 2 : Window.isLetter(value) ? 3 : 4;
            digit |= kind == 1;
            upper |= kind == 2;
            lower |= kind == 3;
            hex &= Window.isHex(value);
            changes += kind != before && kind != 4 ? 1 : 0;
            before = kind == 4 ? before : kind;
        }
        boolean path = text.at(from) == '/' || text.at(from) == '.' || text.at(from) == '$' || SLASHES.in(text, from, to);
        boolean mixed = digit && (lower || upper) && changes >= 5;
        return mixed && !path && bits(text, from, to) >= (hex ? HEX_BITS : BITS);
    }

    private static final Words SLASHES = Words.of("://", "../", "().");

    /** Entropy per character in bits, by Shannon's formula over the value's own characters. */
    private static double bits(Window text, int from, int to) {
        int length = to - from;
        double sum = 0;
        for (int i = from; i < to; i++) {
            int count = 0;
            boolean seen = false;
            for (int j = from; j < to; j++) {
                boolean same = text.at(j) == text.at(i);
                seen |= same && j < i;
                count += same ? 1 : 0;
            }
            sum += seen ? 0 : TIMES_LOG[count];
        }
        return (TIMES_LOG[length] - sum) / length;
    }

    /** First place of a password in a URL such as {@code postgres://user:password@host} whose at sign is here, or -1. */
    static int passwordInUrl(Window text, int at) {
        int start = at;
        while (at - start < MAX_PASSWORD && isSecret(text.at(start - 1)) && text.at(start - 1) != '/' && text.at(start - 1) != '@') {
            start--;
        }
        int user = start - 1;
        if (start == at || text.at(user) != ':' || !Window.isAlphanumeric(text.at(at + 1))) {
            return -1;
        }
        while (start - user < MAX_PASSWORD && text.at(user - 1) != '/' && isSecret(text.at(user - 1))) {
            user--;
        }
        boolean url = text.at(user - 1) == '/' && text.at(user - 2) == '/' && text.at(user - 3) == ':';
        return url && !(text.at(start) == '*' || text.at(start) == '$') ? start : -1;
    }
}
