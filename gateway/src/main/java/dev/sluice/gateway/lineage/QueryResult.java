// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.List;

/**
 * What one query gives to whoever reads its rows.
 *
 * @param columns by position; those of RETURNING for one that writes
 * @param names of the columns, as many
 * @param failures what may fail when a column is computed, as many or none
 */
record QueryResult(List<Dependence> columns, List<String> names, List<Failures> failures, Conditions conditions) {
    /** The column of this number, from 1. */
    Dependence column(int number) {
        if (number < 1 || number > columns.size()) {
            throw new UnreadableTree("column " + number, "the subquery has " + columns.size() + " columns");
        }
        if (number <= failures.size()) {
            failures.get(number - 1).arise();
        }
        return columns.get(number - 1);
    }

    /** All columns by position, for whoever has all of them computed. */
    List<Dependence> computed() {
        failures.forEach(Failures::arise);
        return columns;
    }

    /** All columns together. */
    Dependence whole() {
        Dependence whole = Dependence.NONE;
        for (Dependence column : computed()) {
            whole = whole.and(column);
        }
        return whole;
    }

    /** Whether both depend on the same. */
    boolean sameAs(QueryResult other) {
        return columns.equals(other.columns) && conditions.equals(other.conditions);
    }
}
