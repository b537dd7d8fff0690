// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens to one statement's answer. */
public sealed interface MaskPlan {
    /** The statement comes near no masked column: rows, errors and notices pass as they are. */
    record Nothing() implements MaskPlan {}

    /**
     * The statement uses a table with masked columns: errors and notices are cut to what tells no value, and some columns of its rows may be
     * masked.
     *
     * @param outputs by position; null for a column that is shown as it is
     * @param columns names of the masked columns that the rows come from, for the record
     * @param computed by position, from 0, the outputs that may be NULL for another reason than that a masked column is
     * @param reads the name of a masked column that is computed with, shown or not; null if there is none
     * @param depends whether it makes use of a masked column, as far as that is known; columns of views that nothing asks for are not used
     */
    record Columns(List<@Nullable Mask> outputs, List<String> columns, Set<Integer> computed, @Nullable String reads, boolean depends) implements MaskPlan {
        public Columns {
            outputs = Collections.unmodifiableList(new ArrayList<>(outputs));
            columns = List.copyOf(columns);
            computed = Set.copyOf(computed);
        }

        /** For outputs that are all plain columns, or none, of a statement of which it is not known what it makes use of. */
        public Columns(List<@Nullable Mask> outputs, List<String> columns) {
            this(outputs, columns, Set.of(), null, true);
        }

        /** Whether NULL is hidden too: that a column is empty may be seen, but whether an expression is NULL can depend on any comparison of a value. */
        boolean hidesNull(int place, int tableOid) {
            return outputs.get(place) instanceof Mask.Redact && (tableOid == 0 || computed.contains(place));
        }

        /** Whether any row has to be rewritten. */
        public boolean masksRows() {
            return outputs.stream().anyMatch(mask -> mask != null);
        }
    }

    /**
     * The statement must not run.
     *
     * @param reason one sentence without a period that names the column or expression
     * @param hint what would work instead
     */
    record Refused(String reason, String hint) implements MaskPlan {}
}
