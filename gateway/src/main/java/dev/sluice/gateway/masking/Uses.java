// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/**
 * What a statement may do with a masked column beside showing it. Each use tells something about the values, however they are masked.
 *
 * @param predicates conditions that are not joins
 * @param joins equality with a column of another table, or of the same
 * @param orderBy sorting by the column
 * @param groupBy grouping by the column, DISTINCT and UNION
 */
public record Uses(Predicates predicates, boolean joins, boolean orderBy, boolean groupBy) {
    /** Which conditions may use the column, from none to all. */
    public enum Predicates {
        DENY,
        EQUALITY,
        ALLOW
    }

    /** Everything that is not allowed by both. */
    Uses and(Uses other) {
        return new Uses(
                predicates.compareTo(other.predicates) <= 0 ? predicates : other.predicates,
                joins && other.joins,
                orderBy && other.orderBy,
                groupBy && other.groupBy);
    }
}
