// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import dev.sluice.gateway.impact.RecordedSession.NotRecorded;
import dev.sluice.gateway.impact.SchemaLook.Named;
import dev.sluice.gateway.masking.BoundMask;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskedText;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the data tells: the planner's estimate, the exact number, the first rows. Each statement is recorded before it is sent. */
final class DataLook {
    /** Longer values are cut; wide tables are shown in part. */
    private static final int LONGEST_VALUE = 200;
    private static final int MOST_COLUMNS = 40;

    private final GatewayConnection connection;
    private final RecordedSession record;
    private final StatementHeld held;
    private final ImpactSettings settings;
    private final Findings findings;
    private final Descendants descendants;

    DataLook(GatewayConnection connection, RecordedSession record, StatementHeld held, ImpactSettings settings, Findings findings, Descendants descendants) {
        this.connection = connection;
        this.record = record;
        this.held = held;
        this.settings = settings;
        this.findings = findings;
        this.descendants = descendants;
    }

    /** {@code sql} has the values of parameters in place. */
    void estimate(String sql) throws NotRecorded {
        try {
            List<Row> plan = ask("EXPLAIN (FORMAT JSON) " + sql, "EXPLAIN");
            Object json = plan.isEmpty() ? null : plan.getFirst().getValue(0);
            if (json instanceof JsonArray plans && !plans.isEmpty()) {
                findings.estimatedRows = rows(plans.getJsonObject(0).getJsonObject("Plan"));
            } else {
                findings.missing("the planner's answer is not understood", "estimatedRows");
            }
        } catch (NotAnswered failed) {
            findings.missing(failed.getMessage(), "estimatedRows");
        }
    }

    /** What a plan that changes rows is fed with; otherwise what it brings. */
    private static long rows(JsonObject plan) {
        if (!"ModifyTable".equals(plan.getString("Node Type"))) {
            return Math.round(plan.getDouble("Plan Rows", 0.0));
        }
        long rows = 0;
        JsonArray inputs = plan.getJsonArray("Plans", new JsonArray());
        for (int i = 0; i < inputs.size(); i++) {
            JsonObject input = inputs.getJsonObject(i);
            String relationship = input.getString("Parent Relationship", "");
            if (relationship.equals("Outer") || relationship.equals("Member")) {
                rows += Math.round(input.getDouble("Plan Rows", 0.0));
            }
        }
        return rows;
    }

    void count(Preview preview) throws NotRecorded {
        try {
            List<Row> answer = ask(preview.count(), "SELECT");
            findings.exactRows = answer.getFirst().getLong(0);
        } catch (NotAnswered failed) {
            findings.missing(failed.getMessage(), "exactRows");
        }
    }

    void sample(Preview preview, JsonNode tree, Named target, List<Named> named, BoundMasks masks, MaskedText masker) throws NotRecorded {
        Relation relation = masks.catalog().relation((int) target.oid());
        if (settings.rows() == 0 || relation == null) {
            findings.missing(relation == null ? "the table is not known yet" : "the gateway's configuration asks for no rows", "sample");
            return;
        }
        String masked = maskedColumn(tree, named, masks);
        if (masked != null) {
            findings.missing("which rows it is tells of the masked column " + masked, "sample");
            return;
        }
        List<Column> columns = relation.columns().stream().limit(MOST_COLUMNS).toList();
        List<String> names = columns.stream().map(Column::name).toList();
        try {
            List<Row> answer = ask(preview.rows(names, settings.rows() + 1), "SELECT");
            var rows = new ArrayList<Impact.Row>();
            for (Row row : answer.subList(0, Math.min(settings.rows(), answer.size()))) {
                var cells = new ArrayList<Impact.Cell>();
                for (int i = 0; i < columns.size(); i++) {
                    cells.add(cell(row.getString(i), columns.get(i), maskOf(relation, columns.get(i), masks), masker));
                }
                rows.add(new Impact.Row(cells));
            }
            findings.sample = new Impact.Sample(target.name(), names, rows, answer.size() <= settings.rows());
            if (columns.size() < relation.columns().size()) {
                findings.missing("only the first " + MOST_COLUMNS + " columns are shown", "sample");
            }
        } catch (NotAnswered failed) {
            findings.missing(failed.getMessage(), "sample");
        }
    }

    private static Impact.Cell cell(@Nullable String value, Column column, @Nullable BoundMask mask, MaskedText masker) {
        String shown = value == null || mask == null ? value : masker.shown(mask, column, value);
        boolean whole = shown == null || shown.codePointCount(0, shown.length()) <= LONGEST_VALUE;
        String cut = shown == null || whole ? shown : shown.substring(0, shown.offsetByCodePoints(0, LONGEST_VALUE));
        return new Impact.Cell(cut, mask != null, whole);
    }

    /** A row may come from a partition or a table that inherits, where the column can have a mask of its own. */
    private @Nullable BoundMask maskOf(Relation relation, Column column, BoundMasks masks) {
        BoundMask own = masks.mask(new ColumnId(relation.oid(), column.number()));
        if (own != null) {
            return own;
        }
        for (Relation child : descendants.of(relation.oid())) {
            Column same = child.column(column.name());
            BoundMask mask = same == null ? null : masks.mask(new ColumnId(child.oid(), same.number()));
            if (mask != null) {
                return mask;
            }
        }
        return null;
    }

    /** A masked column that decides which rows these are, as far as names tell. */
    private @Nullable String maskedColumn(JsonNode tree, List<Named> named, BoundMasks masks) {
        Set<String> references = new HashSet<>();
        Shape select = Shape.of(tree);
        if (select == null) {
            return "(unknown)";
        }
        for (String part : List.of("whereClause", "fromClause", "withClause")) {
            Shape.references(select.fields().path(part), references);
        }
        Catalog catalog = masks.catalog();
        for (Named each : named) {
            Relation relation = catalog.relation((int) each.oid());
            for (Column column : relation == null ? List.<Column>of() : relation.columns()) {
                // The table's own name, alone, is its whole row.
                boolean whole = references.contains(relation.name());
                if ((whole || references.contains(column.name())) && maskOf(relation, column, masks) != null) {
                    return each.name() + "." + column.name();
                }
            }
        }
        return null;
    }

    private List<Row> ask(String sql, String kind) throws NotAnswered, NotRecorded {
        String statement = record.asks(sql, kind);
        long started = System.nanoTime();
        String path = held.searchPath();
        try {
            List<Row> rows = connection.asSession(settings.limit(), held.role(), path == null ? "pg_catalog" : path, sql, Tuple.tuple());
            var answer = new StringBuilder();
            rows.forEach(row -> answer.append(row.deepToString()).append('\n'));
            record.answered(statement, rows.size(), answer.toString(), false, started);
            return rows;
        } catch (NotAnswered failed) {
            record.answered(statement, 0, "", true, started);
            throw failed;
        }
    }
}
