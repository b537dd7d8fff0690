// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.CopyFormat;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.wire.BackendMessage.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement's answer before it runs.
 *
 * @param masks the caller's; null where the policy masks nothing for the caller
 * @param columns of the result, as the server described it when it resolved the statement; empty where that was not needed
 * @param rows what of its rows is known
 * @param format how COPY writes them; null where they do not come by COPY, or pass as they are
 * @param own OIDs of relations that the session's open transaction has made or changed, and that the catalog need not know
 */
record Masking(MaskPlan plan, @Nullable BoundMasks masks, List<Column> columns, Rows rows, @Nullable CopyFormat format, Set<Integer> own) {
    Masking(MaskPlan plan, @Nullable BoundMasks masks, List<Column> columns, Rows rows, @Nullable CopyFormat format) {
        this(plan, masks, columns, rows, format, Set.of());
    }

    /** What of a statement's rows is known. */
    enum Rows {
        /** They are those that the plan was made for. */
        PLANNED,
        /** They are those that the plan was made for, and come as COPY data. */
        COPIED,
        /** They hold no values: EXPLAIN's. */
        VALUELESS,
        /** They hold no values, but times and sizes of what has run: those of EXPLAIN ANALYZE. */
        MEASURED,
        /** There are none. */
        NONE
    }

    /** A statement whose rows come as the plan was made for them. */
    static Masking planned(MaskPlan plan, BoundMasks masks, List<Column> columns, Rows rows) {
        return new Masking(plan, masks, columns, rows, null);
    }

    /**
     * A COPY TO STDOUT.
     *
     * @param plan for its query
     * @param columns of its query
     * @throws MaskingFailed if its format is one in which values cannot be masked, or it is not known which columns it sends
     */
    static Masking copied(CopyOut copy, MaskPlan plan, BoundMasks masks, List<Column> columns) {
        if (!(plan instanceof MaskPlan.Columns query)) {
            return new Masking(plan, masks, columns, Rows.COPIED, null);
        }
        if (query.outputs().size() != columns.size()) {
            throw new MaskingFailed("it was resolved to " + query.outputs().size() + " columns, and has " + columns.size(), Disagreement.DESCRIPTION);
        }
        List<@Nullable Mask> outputs = new ArrayList<>();
        List<Column> sent = new ArrayList<>();
        Set<Integer> computed = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!copy.everyColumn() || !isGenerated(columns.get(i), masks)) {
                if (query.computed().contains(i)) {
                    computed.add(outputs.size());
                }
                outputs.add(query.outputs().get(i));
                sent.add(columns.get(i));
            }
        }
        var plans = new MaskPlan.Columns(outputs, query.columns(), computed, query.reads(), query.depends());
        return new Masking(plans, masks, List.copyOf(sent), Rows.COPIED, plans.masksRows() ? CopyFormat.of(copy.options()) : null);
    }

    private static boolean isGenerated(Column column, BoundMasks masks) {
        Relation relation = masks.catalog().relation(column.tableOid());
        dev.sluice.gateway.catalog.Column known = relation == null ? null : relation.column(column.attributeNumber());
        if (known == null) {
            throw new MaskingFailed("the catalog as it was read last does not have column \"" + column.name() + "\"");
        }
        return known.generated();
    }

    /** The caller is not masked. */
    static final Masking NONE = new Masking(new MaskPlan.Nothing(), null, List.of(), Rows.PLANNED, null);

    /** The statement comes near no masked column. */
    static Masking outOfReach(BoundMasks masks) {
        return new Masking(new MaskPlan.Nothing(), masks, List.of(), Rows.PLANNED, null);
    }

    /** The statement gives no rows, or must not: errors and notices are all that may be heard of it. */
    static Masking withoutRows(BoundMasks masks) {
        return new Masking(new MaskPlan.Columns(List.of(), List.of()), masks, List.of(), Rows.NONE, null);
    }

    Masking as(Rows other) {
        return new Masking(plan, masks, columns, other, format, own);
    }

    Masking with(Set<Integer> made) {
        return made.isEmpty() ? this : new Masking(plan, masks, columns, rows, format, made);
    }

    /** Whether a statement makes use of a column that is masked for its caller. Where that is not known, it does. */
    static boolean dependOnMasked(List<Masking> maskings) {
        return maskings.stream().anyMatch(masking -> masking.plan instanceof MaskPlan.Columns columns && columns.depends());
    }

    /** Names of the masked columns that the rows come from. */
    List<String> names() {
        return plan instanceof MaskPlan.Columns found ? found.columns() : List.of();
    }

    /** Whether errors and notices may carry a masked value. */
    boolean hidesMessages() {
        return plan instanceof MaskPlan.Columns;
    }
}
