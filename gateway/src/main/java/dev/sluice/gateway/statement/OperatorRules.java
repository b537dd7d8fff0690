// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** Operators by {@code scan.l}: a comment ends one, and one of the standard's own characters only does not end in a sign. */
final class OperatorRules {
    /** What an operator is made of. */
    static final String CHARACTERS = "~!@#^&|`?+-*/%<>=";

    /** A character that makes an operator PostgreSQL's own: such an operator may end in plus or minus. */
    private static final String NOT_IN_THE_STANDARD = "~!@#^&|`?%";

    private static final boolean[] IS_CHARACTER = new boolean[128];

    static {
        for (char c : CHARACTERS.toCharArray()) {
            IS_CHARACTER[c] = true;
        }
    }

    private OperatorRules() {}

    /** Where the operator that begins at {@code from} ends. */
    static int end(String sql, int from) {
        int end = from + 1;
        while (end < sql.length() && isCharacter(sql.charAt(end))) {
            char last = sql.charAt(end - 1);
            char c = sql.charAt(end);
            if ((c == '*' && last == '/') || (c == '-' && last == '-')) {
                end--;
                break;
            }
            end++;
        }
        if (end - from > 1 && endsInSign(sql, end) && !hasOwnCharacter(sql, from, end - 1)) {
            while (end - from > 1 && endsInSign(sql, end)) {
                end--;
            }
        }
        return end;
    }

    private static boolean isCharacter(char c) {
        return c < 128 && IS_CHARACTER[c];
    }

    private static boolean endsInSign(String sql, int end) {
        char last = sql.charAt(end - 1);
        return last == '+' || last == '-';
    }

    private static boolean hasOwnCharacter(String sql, int from, int end) {
        for (int i = from; i < end; i++) {
            if (NOT_IN_THE_STANDARD.indexOf(sql.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
