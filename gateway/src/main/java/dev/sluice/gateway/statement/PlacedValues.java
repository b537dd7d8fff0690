// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts constants where a statement has {@code $1}, as PostgreSQL's scanner finds them: never inside a string, an identifier or a comment. */
public final class PlacedValues {
    private PlacedValues() {}

    /** Null where the text names a parameter that has no constant, or is not scanned to its end. A semicolon at the end is left out. */
    public static @Nullable String in(String sql, List<@Nullable String> constants) {
        var placed = new StringBuilder(sql.length());
        var scanner = new SqlScanner(sql);
        int copied = 0;
        int end = 0;
        for (SqlScanner.Kind kind = scanner.next(); kind != SqlScanner.Kind.END; kind = scanner.next()) {
            if (kind == SqlScanner.Kind.ERROR) {
                return null;
            }
            if (kind == SqlScanner.Kind.PARAMETER) {
                int number = scanner.parameter();
                String constant = number < 1 || number > constants.size() ? null : constants.get(number - 1);
                if (constant == null) {
                    return null;
                }
                placed.append(sql, copied, scanner.start()).append('(').append(constant).append(')');
                copied = scanner.end();
            }
            boolean semicolon = kind == SqlScanner.Kind.CHARACTER && sql.charAt(scanner.start()) == ';';
            end = semicolon ? end : scanner.end();
        }
        return end >= copied ? placed.append(sql, copied, end).toString() : placed.toString();
    }
}
