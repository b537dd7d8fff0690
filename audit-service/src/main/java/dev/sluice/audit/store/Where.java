// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a query. Values only ever travel as parameters. */
final class Where {
    private final List<String> conditions = new ArrayList<>();
    private final Tuple values;

    Where() {
        this(Tuple.tuple());
    }

    private Where(Tuple values) {
        this.values = values;
    }

    /** Conditions of a query within this one: the values of both travel together. */
    Where within() {
        return new Where(values);
    }

    /** Adds {@code condition}, in which each {@code ?} stands for the next of {@code parameters}; nothing when the first of them is absent. */
    Where and(String condition, @Nullable Object... parameters) {
        if (parameters[0] == null) {
            return this;
        }
        StringBuilder numbered = new StringBuilder();
        int next = 0;
        for (char c : condition.toCharArray()) {
            if (c == '?') {
                values.addValue(parameters[next++]);
                numbered.append('$').append(values.size());
            } else {
                numbered.append(c);
            }
        }
        conditions.add(numbered.toString());
        return this;
    }

    /** Adds a condition without parameters; nothing when it is absent. */
    Where also(@Nullable String condition) {
        if (condition != null) {
            conditions.add(condition);
        }
        return this;
    }

    /** Adds that {@code expressions}, as a row, come behind {@code values}. */
    Where behind(List<String> expressions, String operator, List<Object> behind) {
        String places = String.join(", ", java.util.Collections.nCopies(behind.size(), "?"));
        return and("(" + String.join(", ", expressions) + ") " + operator + " (" + places + ")", behind.toArray());
    }

    static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable LocalDate day(@Nullable Instant instant) {
        return instant == null ? null : LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    Tuple values() {
        return values;
    }

    @Override
    public String toString() {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** A pattern for ILIKE that finds {@code text} anywhere, whatever wildcards are in it. */
    static @Nullable String containing(@Nullable String text) {
        return text == null ? null : "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }
}
