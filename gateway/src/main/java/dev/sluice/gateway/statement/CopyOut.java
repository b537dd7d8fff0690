// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import dev.sluice.gateway.statement.SqlScanner.Kind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A COPY TO STDOUT, taken apart.
 *
 * @param query whose rows it sends: its own, or one that reads the columns that it names
 * @param everyColumn whether the query reads all columns of a table because COPY names none: then COPY leaves out those that are generated
 * @param options lower-case names to values with the quotes taken off; an option without a value has the empty one
 */
public record CopyOut(String query, boolean everyColumn, Map<String, String> options) {
    public CopyOut {
        options = Map.copyOf(options);
    }

    /**
     * Takes a statement apart.
     *
     * @param sql one statement that PostgreSQL's parser has accepted
     * @return null for what is no COPY TO STDOUT, and for one with an option that is not understood to the letter
     */
    public static @Nullable CopyOut of(String sql) {
        try {
            return new Reader(sql).read();
        } catch (NotUnderstood other) {
            return null;
        }
    }

    private static final class NotUnderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotUnderstood() {
            super("not understood", null, false, false);
        }
    }

    private static final class Reader {
        private static final String ESCAPES = "bfnrt\\'";
        private static final String ESCAPED = "\b\f\n\r\t\\'";

        private final String sql;
        private final SqlScanner scanner;
        private final Map<String, String> options = new LinkedHashMap<>();
        private Kind kind = Kind.END;
        /** Where the token in front of this one begins. */
        private int lastStart;

        Reader(String sql) {
            this.sql = sql;
            this.scanner = new SqlScanner(sql);
            advance();
        }

        CopyOut read() {
            expect("copy");
            String query;
            boolean everyColumn = false;
            if (is("(")) {
                int begin = scanner.end();
                query = sql.substring(begin, closing());
            } else {
                if (skip("binary")) {
                    option("format", "binary");
                }
                String relation = relation();
                everyColumn = !is("(");
                query = "SELECT " + (everyColumn ? "*" : columns()) + " FROM ONLY " + relation;
            }
            expect("to");
            if (!skip("stdout")) {
                expect("stdin");
            }
            if (skip("using") || is("delimiters")) {
                expect("delimiters");
                option("delimiter", string());
            }
            skip("with");
            if (is("(")) {
                options();
            } else {
                wordedOptions();
            }
            while (skip(";")) {
                // Nothing may follow.
            }
            if (kind != Kind.END) {
                throw new NotUnderstood();
            }
            return new CopyOut(query, everyColumn, options);
        }

        private String relation() {
            int begin = scanner.start();
            int end;
            do {
                end = scanner.end();
                name();
            } while (skip("."));
            return sql.substring(begin, end);
        }

        private String columns() {
            expect("(");
            StringBuilder columns = new StringBuilder();
            do {
                columns.append(columns.isEmpty() ? "" : ", ").append(name());
            } while (skip(","));
            expect(")");
            return columns.toString();
        }

        /** A name that is the same wherever names may stand: keywords that COPY takes as they are need quotes elsewhere. */
        private String name() {
            if (kind != Kind.WORD && kind != Kind.QUOTED_IDENTIFIER) {
                throw new NotUnderstood();
            }
            String name = sql.substring(scanner.start(), scanner.end());
            boolean ascii = name.chars().allMatch(each -> each < 128);
            boolean quote = kind == Kind.WORD && ascii;
            advance();
            return quote ? '"' + name.toLowerCase(Locale.ROOT) + '"' : name;
        }

        /** ( option [ value ] [, …] ) */
        private void options() {
            do {
                advance();
                String name = word();
                String value = "";
                if (is("(")) {
                    closing();
                    value = "()";
                } else if (is("*")) {
                    advance();
                    value = "*";
                } else if (kind == Kind.WORD) {
                    value = word();
                } else if (kind == Kind.INTEGER) {
                    value = sql.substring(scanner.start(), scanner.end());
                    advance();
                } else if (kind == Kind.STRING) {
                    value = string();
                }
                option(name, value);
            } while (is(","));
            expect(")");
        }

        /** The syntax of before PostgreSQL 9.0, which still works. */
        private void wordedOptions() {
            while (kind == Kind.WORD) {
                String name = word();
                switch (name) {
                    case "binary", "csv" -> option("format", name);
                    case "freeze", "header" -> option(name, "");
                    case "delimiter", "null", "quote", "escape" -> {
                        skip("as");
                        option(name, string());
                    }
                    case "encoding" -> option(name, string());
                    case "force" -> {
                        expect("quote");
                        option("force_quote", "*");
                        if (!skip("*")) {
                            do {
                                name();
                            } while (skip(","));
                        }
                    }
                    default -> throw new NotUnderstood();
                }
            }
        }

        private void option(String name, String value) {
            if (options.put(name, value) != null) {
                throw new NotUnderstood();
            }
        }

        private String word() {
            String word = token();
            if (kind != Kind.WORD) {
                throw new NotUnderstood();
            }
            advance();
            return word;
        }

        /** What a constant of the two plain kinds stands for: {@code 'text'} on one line, or {@code E'text'} with escapes of one letter. */
        private String string() {
            if (kind != Kind.STRING || scanner.opaqueEscape()) {
                throw new NotUnderstood();
            }
            boolean escaped = scanner.escaped();
            int at = scanner.start() + (escaped ? 1 : 0);
            int last = scanner.end() - 1;
            if (sql.charAt(at) != '\'' || last <= at) {
                throw new NotUnderstood();
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < last; at++) {
                char next = sql.charAt(at);
                if (next == '\'' || escaped && next == '\\') {
                    at++;
                    int escape = next == '\'' ? ESCAPES.length() - 1 : ESCAPES.indexOf(sql.charAt(at));
                    if (at == last || escape < 0 || next == '\'' && sql.charAt(at) != '\'') {
                        throw new NotUnderstood();
                    }
                    next = ESCAPED.charAt(escape);
                }
                value.append(next);
            }
            advance();
            return value.toString();
        }

        /** Goes behind the parenthesis that closes the one that is here, and says where it stands. */
        private int closing() {
            int depth = 0;
            do {
                depth += is("(") ? 1 : is(")") ? -1 : 0;
                if (kind == Kind.END || kind == Kind.ERROR) {
                    throw new NotUnderstood();
                }
                advance();
            } while (depth > 0);
            return lastStart;
        }

        private boolean is(String token) {
            return token().equals(token);
        }

        private boolean skip(String token) {
            boolean here = is(token);
            if (here) {
                advance();
            }
            return here;
        }

        private void expect(String token) {
            if (!skip(token)) {
                throw new NotUnderstood();
            }
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
            lastStart = scanner.start();
            kind = scanner.next();
        }
    }
}
