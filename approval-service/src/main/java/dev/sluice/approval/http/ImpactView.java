// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.display.VisibleText;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.Impact.Cascade;
import dev.sluice.schemas.event.Impact.Dependent;
import dev.sluice.schemas.event.Impact.Lock;
import dev.sluice.schemas.event.Impact.Missing;
import dev.sluice.schemas.event.Impact.Table;
import dev.sluice.schemas.event.Impact.Trigger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the statement would do. Names and values come out of the database, where anybody may have put them, so all have the escapes of {@link VisibleText}. */
record ImpactView(
        String evidence,
        @Nullable Long estimatedRows,
        @Nullable Long exactRows,
        @Nullable SampleView sample,
        List<Table> tables,
        List<Cascade> cascades,
        List<Trigger> triggers,
        List<Lock> locks,
        List<Dependent> dependents,
        @Nullable String rewrite,
        List<Missing> missing) {
    /** The first rows; {@code whole} is false where there are more. */
    record SampleView(String table, List<String> columns, List<RowView> rows, boolean whole) {}

    record RowView(List<CellView> cells) {}

    /** {@code value} is absent for NULL, and where nothing of it is shown. */
    record CellView(@Nullable String value, boolean masked, boolean whole) {}

    static ImpactView of(Impact impact) {
        var sample = impact.sample();
        return new ImpactView(
                impact.evidence(),
                impact.estimatedRows(),
                impact.exactRows(),
                sample == null ? null : of(sample),
                impact.tables().stream()
                        .map(table -> new Table(
                                visible(table.name()), table.kind(), table.access(), table.bytes(), table.rows(), visible(table.writes()), visible(table.reads())))
                        .toList(),
                impact.cascades().stream()
                        .map(cascade -> new Cascade(
                                visible(cascade.table()), visible(cascade.referenced()), visible(cascade.constraint()), cascade.action(), cascade.rows()))
                        .toList(),
                impact.triggers().stream()
                        .map(trigger -> new Trigger(visible(trigger.table()), visible(trigger.name()), trigger.when(), visible(trigger.function())))
                        .toList(),
                impact.locks().stream().map(lock -> new Lock(visible(lock.table()), lock.mode(), lock.blocks())).toList(),
                impact.dependents().stream().map(dependent -> new Dependent(visible(dependent.object()), visible(dependent.on()))).toList(),
                impact.rewrite(),
                impact.missing().stream().map(missing -> new Missing(missing.part(), visible(missing.reason()))).toList());
    }

    private static SampleView of(Impact.Sample sample) {
        var rows = sample.rows().stream()
                .map(row -> new RowView(row.cells().stream().map(ImpactView::of).toList()))
                .toList();
        return new SampleView(visible(sample.table()), visible(sample.columns()), rows, sample.whole());
    }

    private static CellView of(Impact.Cell cell) {
        var value = cell.value();
        return new CellView(value == null ? null : visible(value), cell.masked(), cell.whole());
    }

    private static List<String> visible(List<String> names) {
        return names.stream().map(ImpactView::visible).toList();
    }

    private static String visible(String text) {
        return VisibleText.of(text).text();
    }
}
