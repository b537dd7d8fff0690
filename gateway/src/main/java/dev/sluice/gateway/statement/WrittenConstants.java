// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import dev.sluice.gateway.statement.SqlScanner.Kind;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The constants of a text that has been read. */
public final class WrittenConstants {
    private WrittenConstants() {}

    /**
     * The first string or number of the text that passes the test, as its value; null if none does. Unicode escapes are left as they are written, and
     * of other escapes no more than {@code \\\\} and {@code \\'} is undone.
     */
    public static @Nullable String first(String sql, Predicate<String> test) {
        var scanner = new SqlScanner(sql);
        for (Kind kind = scanner.next(); kind != Kind.END && kind != Kind.ERROR; kind = scanner.next()) {
            String value = switch (kind) {
                case STRING, UNICODE_STRING -> string(sql.substring(scanner.start(), scanner.end()), scanner.escaped());
                case INTEGER, NUMERIC -> sql.substring(scanner.start(), scanner.end());
                default -> null;
            };
            if (value != null && test.test(value)) {
                return value;
            }
        }
        return null;
    }

    private static String string(String token, boolean escaped) {
        if (token.startsWith("$")) {
            int delimiter = token.indexOf('$', 1) + 1;
            return token.substring(delimiter, token.length() - delimiter);
        }
        String value = token.substring(token.indexOf('\'') + 1, token.length() - 1).replace("''", "'");
        return escaped ? value.replace("\\\\", "\\").replace("\\'", "'") : value;
    }
}
