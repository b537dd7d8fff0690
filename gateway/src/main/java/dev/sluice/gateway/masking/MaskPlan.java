// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
     */
    record Columns(List<@Nullable Mask> outputs, List<String> columns) implements MaskPlan {
        public Columns {
            outputs = Collections.unmodifiableList(new ArrayList<>(outputs));
            columns = List.copyOf(columns);
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
