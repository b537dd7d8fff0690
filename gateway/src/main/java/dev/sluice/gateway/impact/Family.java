// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that are changed with another one, because their rows are its rows. */
@FunctionalInterface
interface Family {
    /** {@code columns} are numbers: those of a column may differ from table to table. */
    record Part(long oid, String name, Set<Integer> columns) {}

    /**
     * All partitions of a table, those of partitions included, and tables that inherit from it.
     *
     * @param heirs false where only partitions are meant
     * @param columns numbers in {@code table}
     */
    List<Part> below(long table, boolean heirs, Set<Integer> columns);

    static Family of(Catalog catalog, Descendants descendants) {
        return (table, heirs, columns) -> {
            Relation parent = catalog.relation((int) table);
            if (parent == null || (!heirs && parent.kind() != RelationKind.PARTITIONED_TABLE)) {
                return List.of();
            }
            Set<String> names = parent.columns().stream().filter(column -> columns.contains(column.number())).map(Column::name).collect(Collectors.toSet());
            return descendants.of(parent.oid()).stream().map(child -> part(child, names)).toList();
        };
    }

    private static Part part(Relation child, Set<String> names) {
        Set<Integer> numbers = names.stream().map(child::column).filter(Objects::nonNull).map(Column::number).collect(Collectors.toSet());
        return new Part(Integer.toUnsignedLong(child.oid()), shown(child), numbers);
    }

    /** Its name with its schema, quoted where letters and digits would not do. */
    static String shown(Relation relation) {
        return shown(relation.schema()) + "." + shown(relation.name());
    }

    private static String shown(String identifier) {
        return identifier.matches("[a-z_][a-z0-9_]*") ? identifier : ParameterText.quoted(identifier);
    }
}
