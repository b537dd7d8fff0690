// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one value depends on.
 *
 * @param origin the column whose value it is, unchanged; it is one of {@code columns}
 * @param opaque functions within, of which it is not known what they read
 */
record Dependence(Set<ColumnId> columns, @Nullable ColumnId origin, Set<Integer> opaque) {
    static final Dependence NONE = new Dependence(Set.of(), null, Set.of());

    static Dependence on(ColumnId column) {
        return new Dependence(Set.of(column), column, Set.of());
    }

    static Dependence on(Conditions conditions) {
        return new Dependence(conditions.all(), null, Set.copyOf(conditions.opaque()));
    }

    /** Whether it depends on no column: a constant, a parameter, the time. */
    boolean constant() {
        return columns.isEmpty() && opaque.isEmpty();
    }

    /** The same dependencies of a value that was made from it. */
    Dependence derived() {
        return origin == null ? this : new Dependence(columns, null, opaque);
    }

    /** A value made from both. */
    Dependence and(Dependence other) {
        if (other.constant()) {
            return derived();
        }
        if (constant()) {
            return other.derived();
        }
        return new Dependence(union(columns, other.columns), null, union(opaque, other.opaque));
    }

    /** The same value, which also depends on what decides whether there is one. */
    Dependence under(Dependence existence) {
        return new Dependence(union(columns, existence.columns), origin, union(opaque, existence.opaque));
    }

    Dependence through(int opaqueFunction) {
        return new Dependence(columns, null, union(opaque, Set.of(opaqueFunction)));
    }

    private static <T> Set<T> union(Set<T> one, Set<T> other) {
        if (one.containsAll(other)) {
            return one;
        }
        if (one.isEmpty()) {
            return other;
        }
        Set<T> union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }
}
