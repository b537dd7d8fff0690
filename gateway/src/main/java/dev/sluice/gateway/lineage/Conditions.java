// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import java.util.HashSet;
import java.util.Set;

/** What decides which rows a query has and in which order, by what each use tells of its column. */
final class Conditions {
    private final Set<ColumnId> predicates = new HashSet<>();
    private final Set<ColumnId> equalities = new HashSet<>();
    private final Set<ColumnId> joins = new HashSet<>();
    private final Set<ColumnId> ordering = new HashSet<>();
    private final Set<ColumnId> grouping = new HashSet<>();
    private final Set<Integer> opaque = new HashSet<>();

    Set<ColumnId> predicates() {
        return predicates;
    }

    Set<ColumnId> equalities() {
        return equalities;
    }

    Set<ColumnId> joins() {
        return joins;
    }

    Set<ColumnId> ordering() {
        return ordering;
    }

    Set<ColumnId> grouping() {
        return grouping;
    }

    /** Functions of which it is not known what they read. */
    Set<Integer> opaque() {
        return opaque;
    }

    void addAll(Conditions other) {
        predicates.addAll(other.predicates);
        equalities.addAll(other.equalities);
        joins.addAll(other.joins);
        ordering.addAll(other.ordering);
        grouping.addAll(other.grouping);
        opaque.addAll(other.opaque);
    }

    Set<ColumnId> all() {
        Set<ColumnId> all = new HashSet<>(predicates);
        all.addAll(equalities);
        all.addAll(joins);
        all.addAll(ordering);
        all.addAll(grouping);
        return all;
    }

    /** A condition that may be anything. */
    void predicate(Dependence value) {
        predicates.addAll(value.columns());
        opaque.addAll(value.opaque());
    }

    /** An equality of two values: only between bare columns and constants does it tell no more than that. */
    void equality(Dependence one, Dependence other) {
        if (one.origin() != null && other.origin() != null) {
            bare(one, joins);
            bare(other, joins);
        } else if (one.origin() != null && other.constant()) {
            bare(one, equalities);
        } else if (other.origin() != null && one.constant()) {
            bare(other, equalities);
        } else {
            predicate(one);
            predicate(other);
        }
    }

    void ordered(Dependence value) {
        bare(value, ordering);
    }

    void grouped(Dependence value) {
        bare(value, grouping);
    }

    /** A use of a value as a whole: what an expression computes from a column tells as much as a condition on it. */
    private void bare(Dependence value, Set<ColumnId> use) {
        opaque.addAll(value.opaque());
        for (ColumnId column : value.columns()) {
            use.add(column);
            if (!column.equals(value.origin())) {
                predicates.add(column);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Conditions that
                && predicates.equals(that.predicates)
                && equalities.equals(that.equalities)
                && joins.equals(that.joins)
                && ordering.equals(that.ordering)
                && grouping.equals(that.grouping)
                && opaque.equals(that.opaque);
    }

    @Override
    public int hashCode() {
        return predicates.hashCode() + 31 * (equalities.hashCode() + 31 * (joins.hashCode() + 31 * (ordering.hashCode() + 31 * grouping.hashCode())));
    }
}
