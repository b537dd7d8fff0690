// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a rule is about: {@code schema.table.column}, each a name or with {@code *}, and for json columns a path:
 * {@code schema.table.column->'key'->'key'} or, at any depth, {@code schema.table.column..key}. Names are folded to lower case as
 * in SQL unless they stand in double quotes.
 */
public final class ColumnPattern {
    private final String text;
    private final NamePattern schema;
    private final NamePattern table;
    private final NamePattern column;
    private final @Nullable JsonPath path;

    private ColumnPattern(String text, List<String> names, @Nullable JsonPath path) {
        this.text = text;
        this.schema = new NamePattern(names.get(0));
        this.table = new NamePattern(names.get(1));
        this.column = new NamePattern(names.get(2));
        this.path = path;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException with what is wrong, as one sentence without a period
     */
    public static ColumnPattern parse(String text) {
        Cursor cursor = new Cursor(text);
        List<String> names = new ArrayList<>();
        names.add(cursor.name());
        while (names.size() < 3) {
            if (!cursor.skip(".")) {
                throw new IllegalArgumentException("'" + text + "' is no column; write schema.table.column, with * for any name");
            }
            names.add(cursor.name());
        }
        JsonPath path = cursor.path();
        if (!cursor.atEnd()) {
            throw new IllegalArgumentException("'" + text + "' is no column: '" + cursor.rest() + "' after the column is no json path; write ->'key' or ..key");
        }
        return new ColumnPattern(text, names, path);
    }

    /** Whether the column of this name is meant, unless a path leads into it. As in masks, a wildcard as schema leaves PostgreSQL's own out. */
    public boolean matches(String schemaName, String tableName, String columnName) {
        boolean own = schemaName.startsWith("pg_") || schemaName.equals("information_schema");
        return (namesItsSchema() || !own) && matchesTable(schemaName, tableName) && matchesColumn(columnName);
    }

    boolean matchesTable(String schemaName, String tableName) {
        return schema.matches(schemaName) && table.matches(tableName);
    }

    boolean matchesColumn(String columnName) {
        return column.matches(columnName);
    }

    /** Whether the schema is named without a wildcard: only then does the pattern mean PostgreSQL's own schemas too. */
    boolean namesItsSchema() {
        return schema.isExact();
    }

    /** Where in a json document the mask applies; null for the whole value. */
    public @Nullable JsonPath path() {
        return path;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    private static final class Cursor {
        private final String text;
        private int at;

        private Cursor(String text) {
            this.text = text;
        }

        private boolean atEnd() {
            return at == text.length();
        }

        private String rest() {
            return text.substring(at);
        }

        private boolean skip(String token) {
            if (!text.startsWith(token, at)) {
                return false;
            }
            at += token.length();
            return true;
        }

        private String name() {
            if (skip("\"")) {
                return quoted('"');
            }
            int start = at;
            while (!atEnd() && (Character.isLetterOrDigit(text.charAt(at)) || "_*$".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            if (at == start) {
                throw new IllegalArgumentException("'" + text + "' lacks a name at character " + (at + 1) + "; write schema.table.column, with * for any name");
            }
            return text.substring(start, at).toLowerCase(Locale.ROOT);
        }

        private String quoted(char quote) {
            StringBuilder name = new StringBuilder();
            while (!atEnd()) {
                char next = text.charAt(at++);
                if (next != quote) {
                    name.append(next);
                } else if (!atEnd() && text.charAt(at) == quote) {
                    name.append(quote);
                    at++;
                } else if (name.isEmpty()) {
                    break;
                } else {
                    return name.toString();
                }
            }
            throw new IllegalArgumentException("'" + text + "' has an empty name or one whose quote is not closed");
        }

        /** Keys of json are not folded: json is not SQL. */
        private @Nullable JsonPath path() {
            boolean anywhere = skip("..");
            List<String> keys = new ArrayList<>();
            if (anywhere) {
                keys.add(key());
            }
            while (skip("->")) {
                skip(">");
                keys.add(key());
            }
            return keys.isEmpty() ? null : new JsonPath(keys, anywhere);
        }

        private String key() {
            if (skip("'")) {
                return quoted('\'');
            }
            int start = at;
            while (!atEnd() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (at == start) {
                throw new IllegalArgumentException("'" + text + "' lacks a key at character " + (at + 1) + "; write ->'key' or ..key");
            }
            return text.substring(start, at);
        }
    }
}
