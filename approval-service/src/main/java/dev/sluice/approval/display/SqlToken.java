// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of SQL text as PostgreSQL's scanner cuts it (PostgreSQL, scan.l; manual, Lexical Structure), only coarser: enough to tell what lies
 * between tokens from what lies within one.
 */
record SqlToken(Kind kind, String text) {
    enum Kind { SPACE, COMMENT, STRING, QUOTED_NAME, WORD, OTHER }

    private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\r\\f\\x0B]+");
    private static final Pattern LINE_COMMENT = Pattern.compile("--[^\\r\\n]*");
    private static final Pattern ESCAPE_STRING = Pattern.compile("[eE]'(?:[^'\\\\]|''|\\\\.)*+'", Pattern.DOTALL);
    private static final Pattern STRING = Pattern.compile("(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*+'");
    private static final Pattern QUOTED_NAME = Pattern.compile("(?:[uU]&)?\"(?:[^\"]|\"\")*+\"");
    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[A-Za-z_\\x80-\\x{10FFFF}][A-Za-z0-9_\\x80-\\x{10FFFF}]*)?\\$");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_\\x80-\\x{10FFFF}][A-Za-z0-9_$\\x80-\\x{10FFFF}]*");

    /**
     * The pieces, which joined are {@code sql} again. Null where it cannot be told how the server would cut it: something is not closed, or a
     * string contains a backslash, whose meaning depends on {@code standard_conforming_strings}.
     */
    static @Nullable List<SqlToken> cut(String sql) {
        var tokens = new ArrayList<SqlToken>();
        for (int at = 0; at < sql.length(); ) {
            var token = next(sql, at);
            if (token == null) {
                return null;
            }
            tokens.add(token);
            at += token.text().length();
        }
        return tokens;
    }

    private static @Nullable SqlToken next(String sql, int at) {
        for (var form : List.of(
                new Form(Kind.SPACE, SPACE),
                new Form(Kind.COMMENT, LINE_COMMENT),
                new Form(Kind.STRING, ESCAPE_STRING),
                new Form(Kind.STRING, STRING),
                new Form(Kind.QUOTED_NAME, QUOTED_NAME))) {
            var matcher = form.pattern().matcher(sql).region(at, sql.length());
            if (matcher.lookingAt()) {
                boolean ambiguous = form.pattern() == STRING && matcher.group().indexOf('\\') >= 0;
                return ambiguous ? null : new SqlToken(form.kind(), matcher.group());
            }
        }
        char first = sql.charAt(at);
        if (sql.startsWith("/*", at)) {
            return blockComment(sql, at);
        }
        var dollar = DOLLAR_QUOTE.matcher(sql).region(at, sql.length());
        if (dollar.lookingAt()) {
            int end = sql.indexOf(dollar.group(), dollar.end());
            return end < 0 ? null : new SqlToken(Kind.STRING, sql.substring(at, end + dollar.group().length()));
        }
        var word = WORD.matcher(sql).region(at, sql.length());
        if (word.lookingAt()) {
            return new SqlToken(Kind.WORD, word.group());
        }
        return first == '\'' || first == '"' ? null : new SqlToken(Kind.OTHER, Character.toString(sql.codePointAt(at)));
    }

    private record Form(Kind kind, Pattern pattern) {}

    /** Block comments nest. */
    private static @Nullable SqlToken blockComment(String sql, int start) {
        int depth = 0;
        for (int at = start; at + 1 < sql.length(); at++) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at++;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at++;
                if (depth == 0) {
                    return new SqlToken(Kind.COMMENT, sql.substring(start, at + 1));
                }
            }
        }
        return null;
    }
}
