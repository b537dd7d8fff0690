// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a batch knows of one row; columns that it does not know are null. For one thread. */
public final class ProjectedRow {
    private final @Nullable Object[] values;

    ProjectedRow(int columns) {
        this.values = new Object[columns];
    }

    /** The value as {@link Column.Kind} says; null when the batch does not know it. */
    public @Nullable Object get(Column column) {
        return values[column.ordinal()];
    }

    /** Gives the column a value unless it has one. */
    void put(Column column, @Nullable Object value) {
        if (value != null && values[column.ordinal()] == null) {
            values[column.ordinal()] = kept(column, value);
        }
    }

    /** Gives the column a value, whatever it had. */
    void move(Column column, Object value) {
        values[column.ordinal()] = kept(column, value);
    }

    /** PostgreSQL's calendar is shorter than Java's: a time outside of it is no value. */
    private static @Nullable Object kept(Column column, Object value) {
        return switch (column.kind()) {
            case TEXT -> StorableText.of(value.toString());
            case TEXT_ARRAY -> texts((Collection<?>) value);
            case TIMESTAMPTZ -> StorableTime.of((Instant) value);
            case INTEGER, BIGINT, BOOLEAN, DATE -> value;
        };
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(value -> StorableText.of(String.valueOf(value))).toList();
    }
}
