// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.wire.BackendMessage.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement's answer before it runs.
 *
 * @param masks the caller's; null where the policy masks nothing for the caller
 * @param columns of the result, as the server described it when it resolved the statement; empty where that was not needed
 * @param rows what of its rows is known
 */
record Masking(MaskPlan plan, @Nullable BoundMasks masks, List<Column> columns, Rows rows) {
    /** What of a statement's rows is known. */
    enum Rows {
        /** They are those that the plan was made for. */
        PLANNED,
        /** They hold no values: EXPLAIN's. */
        VALUELESS,
        /** There are none. */
        NONE
    }

    /** The caller is not masked. */
    static final Masking NONE = new Masking(new MaskPlan.Nothing(), null, List.of(), Rows.PLANNED);

    /** The statement comes near no masked column. */
    static Masking outOfReach(BoundMasks masks) {
        return new Masking(new MaskPlan.Nothing(), masks, List.of(), Rows.PLANNED);
    }

    /** The statement gives no rows, or must not: errors and notices are all that may be heard of it. */
    static Masking withoutRows(BoundMasks masks) {
        return new Masking(new MaskPlan.Columns(List.of(), List.of()), masks, List.of(), Rows.NONE);
    }

    Masking as(Rows other) {
        return new Masking(plan, masks, columns, other);
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
