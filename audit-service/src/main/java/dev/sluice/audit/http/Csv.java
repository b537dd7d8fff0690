// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows as comma-separated values (RFC 4180) for spreadsheets. Text that a spreadsheet would take for a formula gets an apostrophe before
 * it, since the queries of an attacker are among what is shown; who needs the exact text takes JSON.
 */
final class Csv {
    private Csv() {}

    static String line(List<String> values) {
        return values.stream().map(Csv::quoted).collect(Collectors.joining(",")) + "\r\n";
    }

    /** The fields of a row that {@code names} names; an absent one is empty. */
    static String line(JsonObject row, List<String> names) {
        return line(names.stream().map(name -> text(row.getValue(name))).toList());
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            // The first of them begins the field, and names in them are an attacker's too.
            case JsonArray values -> values.stream().map(String::valueOf).map(Csv::guarded).collect(Collectors.joining(" "));
            case String text -> guarded(text);
            default -> String.valueOf(value);
        };
    }

    private static String guarded(String text) {
        return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
