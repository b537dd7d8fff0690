// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.util.Locale;

/** A column of a table that is folded out of the records. Its place in a row is its ordinal. */
public interface Column {
    /** What a column holds, in PostgreSQL's terms. A row keeps text as String, arrays as List of String, times as Instant, dates as LocalDate. */
    enum Kind { TEXT, TEXT_ARRAY, INTEGER, BIGINT, BOOLEAN, TIMESTAMPTZ, DATE }

    /** The name of the constant. */
    String name();

    /** Position among the table's columns, from 0. */
    int ordinal();

    /** What it holds. */
    Kind kind();

    /** Its name in the database. */
    default String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
