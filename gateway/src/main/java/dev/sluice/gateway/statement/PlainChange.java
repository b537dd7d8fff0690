// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import dev.sluice.gateway.statement.SqlScanner.Kind;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a table that look at none of its values: ALTER TABLE that only adds columns, without a constraint and with no other default than a
 * constant, and CREATE INDEX over plain columns. The text must be one that PostgreSQL's parser has accepted.
 *
 * @param columns names of the columns that are added or indexed, as PostgreSQL folds them
 */
public record PlainChange(Set<String> columns) {
    private static final Set<String> CONSTRAINTS = Set.of(
            "constraint", "check", "unique", "primary", "foreign", "references", "exclude", "generated", "not", "collate", "storage", "compression", "using", "options");

    public PlainChange {
        columns = Set.copyOf(columns);
    }

    /** Null where the text is something else. */
    public static @Nullable PlainChange of(String sql) {
        var reader = new Reader(sql);
        if (reader.skip("alter")) {
            return reader.skip("table") ? reader.added() : null;
        }
        return reader.skip("create") ? reader.indexed() : null;
    }

    private static final class Reader {
        private final String sql;
        private final SqlScanner scanner;
        private final Set<String> columns = new HashSet<>();
        private Kind kind;

        private Reader(String sql) {
            this.sql = sql;
            this.scanner = new SqlScanner(sql);
            this.kind = scanner.next();
        }

        /** [IF EXISTS] [ONLY] name ADD [COLUMN] [IF NOT EXISTS] column type [DEFAULT constant] [, …] */
        private @Nullable PlainChange added() {
            if (skip("if")) {
                skip("exists");
            }
            skip("only");
            if (!table()) {
                return null;
            }
            do {
                if (!addedColumn()) {
                    return null;
                }
            } while (skip(","));
            skip(";");
            return kind == Kind.END ? new PlainChange(columns) : null;
        }

        private boolean addedColumn() {
            if (!skip("add")) {
                return false;
            }
            skip("column");
            if (skip("if")) {
                skip("not");
                skip("exists");
            }
            if (CONSTRAINTS.contains(word()) || !column()) {
                return false;
            }
            int depth = 0;
            while (kind != Kind.END && (depth > 0 || !is(",") && !is(";"))) {
                if (CONSTRAINTS.contains(word()) || kind == Kind.ERROR) {
                    return false;
                }
                if (is("default")) {
                    advance();
                    return constant();
                }
                depth += is("(") ? 1 : is(")") ? -1 : 0;
                advance();
            }
            return true;
        }

        private boolean constant() {
            boolean constant = kind == Kind.STRING || kind == Kind.INTEGER || kind == Kind.NUMERIC || is("true") || is("false") || is("null");
            advance();
            return constant && (kind == Kind.END || is(",") || is(";"));
        }

        /** [UNIQUE] INDEX [CONCURRENTLY] [[IF NOT EXISTS] name] ON [ONLY] table [USING method] ( column [opclass] [ASC …] [, …] ) [INCLUDE ( … )] */
        private @Nullable PlainChange indexed() {
            skip("unique");
            if (!skip("index")) {
                return null;
            }
            while (kind != Kind.END && kind != Kind.ERROR && !is("on")) {
                advance();
            }
            advance();
            skip("only");
            if (!table()) {
                return null;
            }
            if (skip("using")) {
                advance();
            }
            if (!listed()) {
                return null;
            }
            if (skip("include") && !listed()) {
                return null;
            }
            skip(";");
            return kind == Kind.END ? new PlainChange(columns) : null;
        }

        /** Every word in it counts: those that are no columns are names of operator classes, and directions. */
        private boolean listed() {
            if (!skip("(")) {
                return false;
            }
            while (kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER || is(",") || is(".")) {
                if (kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER) {
                    columns.add(name());
                }
                advance();
            }
            return skip(")");
        }

        private boolean table() {
            if (!isName()) {
                return false;
            }
            advance();
            while (skip(".")) {
                advance();
            }
            return !skip("*");
        }

        private boolean column() {
            if (!isName()) {
                return false;
            }
            columns.add(name());
            advance();
            return true;
        }

        private boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED_IDENTIFIER;
        }

        private String name() {
            String token = sql.substring(scanner.start(), scanner.end());
            return kind == Kind.QUOTED_IDENTIFIER ? token.substring(1, token.length() - 1).replace("\"\"", "\"") : folded(token);
        }

        /** As the server folds: letters outside ASCII stay as they are. */
        private static String folded(String token) {
            var folded = new StringBuilder(token);
            for (int i = 0; i < folded.length(); i++) {
                char c = folded.charAt(i);
                if (c >= 'A' && c <= 'Z') {
                    folded.setCharAt(i, (char) (c + 'a' - 'A'));
                }
            }
            return folded.toString();
        }

        private String word() {
            return kind == Kind.WORD ? sql.substring(scanner.start(), scanner.end()).toLowerCase(Locale.ROOT) : "";
        }

        private boolean is(String token) {
            return kind == Kind.CHARACTER ? sql.substring(scanner.start(), scanner.end()).equals(token) : word().equals(token);
        }

        private boolean skip(String token) {
            boolean there = is(token);
            if (there) {
                advance();
            }
            return there;
        }

        private void advance() {
            kind = scanner.next();
        }
    }
}
