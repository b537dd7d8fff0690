// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement on several lines, indented. Only the white space between tokens differs from the original: nothing is parsed and written anew, so
 * nothing can be lost or change its meaning on the way to the approver, not even a comment.
 */
public final class PrettyText {
    private static final int LONGEST = 256 * 1024;
    private static final int DEEPEST = 30;
    private static final Set<String> CLAUSES = Set.of(
            "select", "from", "where", "group", "order", "having", "limit", "offset", "fetch", "union", "except", "intersect", "window", "set", "values",
            "returning", "using", "with", "insert", "update", "delete", "merge", "when");
    private static final Set<String> JOINS = Set.of("join", "left", "right", "full", "inner", "cross", "natural");
    private static final Set<String> CONDITIONS = Set.of("and", "or", "on");

    private PrettyText() {}

    /** Null where the original is better read as it is: too long, on one line anyway, or not to be cut into tokens for certain. */
    public static @Nullable String of(String sql) {
        var tokens = sql.length() > LONGEST ? null : SqlToken.cut(sql);
        if (tokens == null) {
            return null;
        }
        var pretty = new StringBuilder(sql.length() + 64);
        int depth = 0;
        for (int index = 0; index < tokens.size(); index++) {
            var token = tokens.get(index);
            switch (token.kind()) {
                case SPACE -> pretty.append(between(tokens, index, depth));
                case OTHER -> {
                    depth = Math.max(0, depth + (token.text().equals("(") ? 1 : token.text().equals(")") ? -1 : 0));
                    pretty.append(token.text());
                }
                case COMMENT, STRING, QUOTED_NAME, WORD -> pretty.append(token.text());
            }
        }
        var text = pretty.toString();
        return text.equals(sql.strip()) ? null : text;
    }

    /** What stands in the place of white space. Never where there was none: that would cut one token in two. */
    private static String between(List<SqlToken> tokens, int index, int depth) {
        var before = index == 0 ? null : tokens.get(index - 1);
        var after = index + 1 == tokens.size() ? null : tokens.get(index + 1);
        if (before == null || after == null) {
            return "";
        }
        if (before.kind() == SqlToken.Kind.STRING && after.kind() == SqlToken.Kind.STRING) {
            // With a line break between them two strings are one (manual, String Constants); without, they are an error.
            return tokens.get(index).text();
        }
        if (before.text().startsWith("--") || after.kind() == SqlToken.Kind.COMMENT || before.text().equals(";")) {
            return line(depth);
        }
        if (after.kind() != SqlToken.Kind.WORD) {
            return " ";
        }
        var word = after.text().toLowerCase(Locale.ROOT);
        var previous = before.text().toLowerCase(Locale.ROOT);
        if (CLAUSES.contains(word)) {
            return staysWith(previous, word) ? " " : line(depth);
        }
        if (JOINS.contains(word)) {
            return JOINS.contains(previous) || previous.equals("outer") ? " " : line(depth);
        }
        return CONDITIONS.contains(word) ? line(depth + 1) : " ";
    }

    /** Words that only begin a clause where they follow something else: DELETE FROM, DO UPDATE SET, WITH … SELECT, FOR UPDATE. */
    private static boolean staysWith(String previous, String word) {
        return switch (word) {
            case "from" -> previous.equals("delete") || previous.equals("distinct");
            case "update" -> previous.equals("do") || previous.equals("for") || previous.equals("key") || previous.equals("on");
            case "delete", "insert" -> previous.equals("on") || previous.equals("then");
            case "set" -> previous.equals("update") || previous.equals("alter") || previous.equals("null");
            default -> previous.equals("(");
        };
    }

    private static String line(int depth) {
        return "\n" + "  ".repeat(Math.min(depth, DEEPEST));
    }
}
