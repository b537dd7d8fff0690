// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table, view, sequence or composite type.
 *
 * @param columns in the order of their numbers
 * @param parents OIDs of the tables that it inherits from or is a partition of, in their order; the direct ones only
 * @param dependsOn OIDs of the relations that its rules read or write: for views what they select from
 * @param dependsOnFunctions OIDs of the functions that its rules call, those behind operators and casts included
 */
public record Relation(
        int oid,
        String schema,
        String name,
        RelationKind kind,
        List<Column> columns,
        List<Integer> parents,
        Set<Integer> dependsOn,
        Set<Integer> dependsOnFunctions) {
    public Relation {
        columns = List.copyOf(columns);
        parents = List.copyOf(parents);
        dependsOn = Set.copyOf(dependsOn);
        dependsOnFunctions = Set.copyOf(dependsOnFunctions);
    }

    /** The column of this number; null for a dropped or system column. */
    public @Nullable Column column(int number) {
        int guess = number - 1;
        if (guess >= 0 && guess < columns.size() && columns.get(guess).number() == number) {
            return columns.get(guess);
        }
        return columns.stream().filter(column -> column.number() == number).findFirst().orElse(null);
    }

    /** The column of this name. */
    public @Nullable Column column(String columnName) {
        return columns.stream().filter(column -> column.name().equals(columnName)).findFirst().orElse(null);
    }
}
