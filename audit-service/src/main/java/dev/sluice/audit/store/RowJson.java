// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as the REST interface shows them: names in camelCase, times in UTC, absent values left out. */
final class RowJson {
    private RowJson() {}

    static JsonObject of(Row row) {
        var json = new JsonObject();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.getValue(i);
            if (value != null) {
                json.put(camelCase(row.getColumnName(i)), shown(value));
            }
        }
        return json;
    }

    private static Object shown(Object value) {
        return switch (value) {
            case LocalDate day -> day.toString();
            case OffsetDateTime time -> time.toInstant().toString();
            case Object[] values -> new JsonArray(Arrays.stream(values).map(RowJson::nullable).toList());
            case Number number -> number;
            case Boolean flag -> flag;
            case List<?> values -> new JsonArray(List.copyOf(values));
            default -> value.toString();
        };
    }

    private static Object nullable(@Nullable Object value) {
        return value == null ? "" : shown(value);
    }

    private static String camelCase(String column) {
        var name = new StringBuilder(column.length());
        boolean upper = false;
        for (char c : column.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.toString();
    }
}
