// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query's text without the constants that it compares with, or limits its rows by: {@code = 'x'}, {@code < 5}, {@code IN (1, 2)}, {@code LIMIT 10}.
 * PostgreSQL makes of two texts that have this in common trees that differ in the values of constants alone. That is so because each of them is an
 * operand, never a position in ORDER BY, a length or precision of a type or the text behind a type's name; because its own type goes by its kind,
 * which stays in the text; and because what an operator makes of a constant in quotation marks goes by the other operand's type.
 */
public final class ComparedConstants {
    private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");
    private static final Set<String> LIMITS = Set.of("limit", "offset");
    private static final int LONGEST_INTEGER = 9;
    private static final String STRING = "\u0001";
    private static final String INTEGER = "\u0002";
    private static final String NUMERIC = "\u0003";

    private final String sql;
    private final SqlScanner scanner;
    private final StringBuilder text;
    /** What stands before the token, folded. */
    private String previous = "";
    private boolean afterIn;
    private boolean inList;
    private boolean anything;

    private ComparedConstants(String sql) {
        this.sql = sql;
        this.scanner = new SqlScanner(sql);
        this.text = new StringBuilder(sql.length());
    }

    /** What is left of a text; null if it compares with no constant, or has what is not understood to the letter. */
    public static @Nullable String without(String sql) {
        return new ComparedConstants(sql).build();
    }

    private @Nullable String build() {
        int end = 0;
        while (true) {
            SqlScanner.Kind kind = scanner.next();
            if (kind == SqlScanner.Kind.END) {
                return anything ? text.toString() : null;
            }
            if (isOutlandish(kind)) {
                return null;
            }
            // Whether tokens touch stays as it is: N'x' is another thing than n 'x'.
            if (scanner.start() > end) {
                text.append(' ');
            }
            end = scanner.end();
            String token = sql.substring(scanner.start(), end);
            String marker = COMPARISONS.contains(previous) || LIMITS.contains(previous) || inList && (previous.equals("(") || previous.equals(",")) ? marker(kind, token) : null;
            text.append(marker == null ? token : marker);
            anything |= marker != null;
            follow(kind, token, marker != null);
        }
    }

    private boolean isOutlandish(SqlScanner.Kind kind) {
        return switch (kind) {
            case UNICODE_IDENTIFIER, UNICODE_STRING, ERROR -> true;
            case WORD -> scanner.end() < sql.length() && sql.charAt(scanner.end()) == '\'';
            case CHARACTER -> sql.charAt(scanner.start()) < ' ';
            default -> false;
        };
    }

    private void follow(SqlScanner.Kind kind, String token, boolean replaced) {
        boolean opens = afterIn && token.equals("(");
        inList = opens || inList && (replaced || token.equals(","));
        String folded = kind == SqlScanner.Kind.WORD ? token.toLowerCase(Locale.ROOT) : token;
        afterIn = kind == SqlScanner.Kind.WORD && folded.equals("in");
        previous = kind == SqlScanner.Kind.WORD || kind == SqlScanner.Kind.OPERATOR || kind == SqlScanner.Kind.CHARACTER ? folded : "";
    }

    /** What stands for a constant: its type, as far as it has one of its own. Null where it stays. */
    private static @Nullable String marker(SqlScanner.Kind kind, String token) {
        return switch (kind) {
            case STRING -> token.startsWith("'") && token.indexOf('\\') < 0 && token.indexOf('\n') < 0 && token.indexOf('\r') < 0 ? STRING : null;
            case INTEGER -> token.length() <= LONGEST_INTEGER && token.chars().allMatch(each -> each >= '0' && each <= '9') ? INTEGER : null;
            case NUMERIC -> token.matches("[0-9]{1,30}\\.[0-9]{1,30}") ? NUMERIC : null;
            default -> null;
        };
    }
}
