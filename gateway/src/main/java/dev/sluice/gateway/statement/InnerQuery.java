// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import dev.sluice.gateway.statement.SqlScanner.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text that has been read, by the rules of PostgreSQL's grammar: a text into its statements, and a statement that carries a query down to
 * that query. The text must be one that PostgreSQL's parser has accepted; of any other nothing is promised.
 */
public final class InnerQuery {
    private static final Set<String> QUERY_BEGINS = Set.of("select", "with", "values", "table", "(");

    private final String sql;
    private final SqlScanner scanner;
    private Kind kind = Kind.END;

    private InnerQuery(String sql) {
        this.sql = sql;
        this.scanner = new SqlScanner(sql);
        advance();
    }

    /**
     * The statements of a text, without those that are empty.
     *
     * @param count how many there are
     * @return null where semicolons within a statement make it doubtful where each ends
     */
    public static @Nullable List<String> statements(String sql, int count) {
        var statements = new ArrayList<String>();
        var scanner = new SqlScanner(sql);
        int begin = -1;
        int end = 0;
        int depth = 0;
        for (Kind kind = scanner.next(); ; kind = scanner.next()) {
            boolean semicolon = kind == Kind.CHARACTER && sql.charAt(scanner.start()) == ';' && depth == 0;
            if (kind == Kind.ERROR) {
                return null;
            }
            if (kind == Kind.END || semicolon) {
                if (begin >= 0) {
                    statements.add(sql.substring(begin, end));
                }
                begin = -1;
                if (kind == Kind.END) {
                    return statements.size() == count ? List.copyOf(statements) : null;
                }
            } else {
                begin = begin < 0 ? scanner.start() : begin;
                end = scanner.end();
                depth += kind == Kind.CHARACTER && sql.charAt(scanner.start()) == '(' ? 1 : 0;
                depth -= kind == Kind.CHARACTER && sql.charAt(scanner.start()) == ')' ? 1 : 0;
            }
        }
    }

    /**
     * The query that EXPLAIN looks at, DECLARE opens, PREPARE keeps, COPY sends, or a new table is made of; null where there is none. The parameters of
     * PREPARE with a list of types are cast to these, so that they have them wherever the query is resolved.
     */
    public static @Nullable String of(String sql, StatementFacts facts) {
        if (facts.inner().size() != 1) {
            return null;
        }
        var statement = new InnerQuery(sql);
        return switch (facts.kind()) {
            case "EXPLAIN" -> statement.explained();
            case "DECLARE CURSOR" -> statement.after("cursor") && statement.after("for") ? statement.rest() : null;
            case "PREPARE" -> statement.prepared();
            case "COPY" -> statement.copied();
            case "CREATE TABLE AS", "CREATE MATERIALIZED VIEW" -> statement.after("as") ? statement.withoutData() : null;
            default -> null;
        };
    }

    /** EXPLAIN [ ( options ) | ANALYZE | VERBOSE … ] query */
    private @Nullable String explained() {
        if (!skipWord("explain")) {
            return null;
        }
        if (is("(")) {
            int begin = scanner.start();
            advance();
            if (QUERY_BEGINS.contains(token())) {
                return sql.substring(begin);
            }
            return skipToClosing() ? rest() : null;
        }
        while (is("analyze") || is("analyse") || is("verbose")) {
            advance();
        }
        return rest();
    }

    /** Whether an EXPLAIN has nothing run; false as well where an option is written so that it might be ANALYZE. */
    public static boolean isOnlyPlanned(String sql) {
        var statement = new InnerQuery(sql);
        if (!statement.skipWord("explain")) {
            return false;
        }
        boolean options = statement.skipWord("(");
        if (!options || QUERY_BEGINS.contains(statement.token())) {
            return !statement.isAnalyze();
        }
        while (!statement.is(")")) {
            if (statement.kind == Kind.END || statement.kind == Kind.ERROR || statement.kind == Kind.QUOTED_IDENTIFIER || statement.kind == Kind.UNICODE_IDENTIFIER || statement.isAnalyze()) {
                return false;
            }
            statement.advance();
        }
        return true;
    }

    private boolean isAnalyze() {
        return is("analyze") || is("analyse");
    }

    /** PREPARE name [ ( types ) ] AS query */
    private @Nullable String prepared() {
        if (!skipWord("prepare")) {
            return null;
        }
        advance();
        List<String> types = is("(") ? types() : List.of();
        return types != null && skipWord("as") ? cast(rest(), types) : null;
    }

    private @Nullable List<String> types() {
        var types = new ArrayList<String>();
        int begin = scanner.end();
        int depth = 0;
        while (kind != Kind.END && kind != Kind.ERROR) {
            depth += is("(") ? 1 : is(")") ? -1 : 0;
            if (depth == 0 || depth == 1 && is(",")) {
                types.add(sql.substring(begin, scanner.start()));
                begin = scanner.end();
            }
            advance();
            if (depth == 0) {
                return types;
            }
        }
        return null;
    }

    private static String cast(String query, List<String> types) {
        var cast = new StringBuilder();
        var scanner = new SqlScanner(query);
        int copied = 0;
        for (Kind kind = scanner.next(); kind != Kind.END && kind != Kind.ERROR; kind = scanner.next()) {
            int number = kind == Kind.PARAMETER ? scanner.parameter() : 0;
            if (number >= 1 && number <= types.size()) {
                cast.append(query, copied, scanner.start()).append("CAST($").append(number).append(" AS ").append(types.get(number - 1)).append(')');
                copied = scanner.end();
            }
        }
        return cast.append(query, copied, query.length()).toString();
    }

    /** query [ WITH [ NO ] DATA ] */
    private String withoutData() {
        int begin = scanner.start();
        int end = begin;
        int cut = -1;
        int place = 0;
        while (kind != Kind.END && !is(";")) {
            // WITH, at most NO, DATA, and the end.
            if (is("with")) {
                cut = end;
                place = 1;
            } else if (place == 1 && is("no")) {
                place = 2;
            } else if (place >= 1 && is("data")) {
                place = 3;
            } else {
                cut = -1;
                place = 0;
            }
            end = scanner.end();
            advance();
        }
        return sql.substring(begin, place == 3 ? cut : end);
    }

    /** COPY ( query ) TO … */
    private @Nullable String copied() {
        if (!skipWord("copy") || !is("(")) {
            return null;
        }
        int begin = scanner.end();
        advance();
        int end = closing();
        return end < 0 ? null : sql.substring(begin, end);
    }

    private String rest() {
        int begin = scanner.start();
        int end = begin;
        while (kind != Kind.END && !is(";")) {
            end = scanner.end();
            advance();
        }
        return sql.substring(begin, end);
    }

    private boolean after(String word) {
        while (kind != Kind.END && kind != Kind.ERROR && !is(word)) {
            advance();
        }
        return skipWord(word);
    }

    private boolean skipWord(String word) {
        if (!is(word)) {
            return false;
        }
        advance();
        return true;
    }

    private boolean skipToClosing() {
        if (closing() < 0) {
            return false;
        }
        advance();
        return true;
    }

    /** Where the parenthesis ends that is open now; -1 if it does not. */
    private int closing() {
        int depth = 1;
        while (kind != Kind.END && kind != Kind.ERROR) {
            depth += is("(") ? 1 : is(")") ? -1 : 0;
            if (depth == 0) {
                return scanner.start();
            }
            advance();
        }
        return -1;
    }

    private boolean is(String word) {
        return token().equals(word);
    }

    /** Words in small letters; what is quoted is never a keyword. */
    private String token() {
        return switch (kind) {
            case WORD -> sql.substring(scanner.start(), scanner.end()).toLowerCase(Locale.ROOT);
            case CHARACTER -> sql.substring(scanner.start(), scanner.end());
            default -> "";
        };
    }

    private void advance() {
        kind = scanner.next();
    }
}
