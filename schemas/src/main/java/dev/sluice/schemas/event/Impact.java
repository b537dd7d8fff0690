// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a held statement would do to the data and to the database, as far as it could be found out without running it. Found at a moment before
 * the statement runs, outside of its transaction: what it would do then may differ.
 *
 * @param evidence the session in which the gateway asked the database for it; its record has every statement that was sent
 * @param estimatedRows how many rows the planner expects the statement to change
 * @param exactRows how many rows it would have changed at that moment
 * @param sample the first rows that it would have changed
 * @param tables what it names, and which columns
 * @param cascades what foreign keys do to other tables, the near ones first
 * @param triggers what fires
 * @param locks what it keeps others from
 * @param dependents what goes with the objects that it drops, or stands in its way
 * @param rewrite whether tables are written anew or read whole, in words; absent where the statement does not change tables
 * @param missing what is not known, and why
 */
public record Impact(
        String evidence,
        @Nullable Long estimatedRows,
        @Nullable Long exactRows,
        @Nullable Sample sample,
        List<Table> tables,
        List<Cascade> cascades,
        List<Trigger> triggers,
        List<Lock> locks,
        List<Dependent> dependents,
        @Nullable String rewrite,
        List<Missing> missing) {
    public Impact {
        tables = List.copyOf(tables);
        cascades = List.copyOf(cascades);
        triggers = List.copyOf(triggers);
        locks = List.copyOf(locks);
        dependents = List.copyOf(dependents);
        missing = List.copyOf(missing);
    }

    /**
     * Rows as everybody may see them: every mask of the policy applies, whoever looks.
     *
     * @param columns names, in the order of the cells
     * @param whole false where there are more rows
     */
    public record Sample(String table, List<String> columns, List<Row> rows, boolean whole) {
        public Sample {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** One row. */
    public record Row(List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * One value.
     *
     * @param value as PostgreSQL writes it; absent for NULL, and where nothing of it is to be shown
     * @param whole false where it was cut
     */
    public record Cell(@Nullable String value, boolean masked, boolean whole) {}

    /**
     * A relation that the statement names.
     *
     * @param name with its schema, quoted where it has to be
     * @param kind {@code table}, {@code view}, …
     * @param access read, insert, update, delete, …
     * @param bytes with indexes and what is stored out of line
     * @param rows as the last ANALYZE estimated them; absent where it never ran
     * @param writes columns that it writes, by name; none where it names none
     * @param reads columns that it names otherwise
     */
    public record Table(
            String name, String kind, String access, @Nullable Long bytes, @Nullable Long rows, List<String> writes, List<String> reads) {
        public Table {
            writes = List.copyOf(writes);
            reads = List.copyOf(reads);
        }
    }

    /**
     * A foreign key that acts.
     *
     * @param table whose rows it acts on
     * @param referenced the table whose rows change first
     * @param action in words: {@code deletes the rows that refer to it}
     * @param rows of {@code table} in all, as the last ANALYZE estimated them
     */
    public record Cascade(String table, String referenced, String constraint, String action, @Nullable Long rows) {}

    /** A trigger: {@code when} as PostgreSQL writes it, {@code AFTER DELETE FOR EACH ROW}. */
    public record Trigger(String table, String name, String when, String function) {}

    /** A lock on a table, {@code mode} as PostgreSQL's manual names it, and what others have to wait with meanwhile. */
    public record Lock(String table, String mode, String blocks) {}

    /** An object, as PostgreSQL describes it: {@code view monthly_totals}. */
    public record Dependent(String object, String on) {}

    /** Something that is not known. {@code part} is the name of a field of this record. */
    public record Missing(String part, String reason) {}
}
