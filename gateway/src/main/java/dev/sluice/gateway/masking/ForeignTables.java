// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is behind a foreign table may be a masked table of the same database: nothing in its catalog says so. */
final class ForeignTables {
    private static final int NAMED = 5;

    private ForeignTables() {}

    /** What the policy's author should know of foreign tables that no mask names; empty if there are none. */
    static Optional<String> warning(Collection<Relation> relations, Set<ColumnId> masked) {
        Set<Integer> tables = masked.stream().map(ColumnId::relation).collect(Collectors.toSet());
        List<String> unmasked = relations.stream()
                .filter(relation -> relation.kind() == RelationKind.FOREIGN_TABLE && !tables.contains(relation.oid()))
                .map(relation -> relation.schema() + "." + relation.name())
                .sorted()
                .toList();
        String more = unmasked.size() > NAMED ? " and " + (unmasked.size() - NAMED) + " more" : "";
        return unmasked.isEmpty()
                ? Optional.empty()
                : Optional.of("masks do not follow foreign tables to what another server, a file or a program has; name the columns that are to be masked, of "
                        + String.join(", ", unmasked.subList(0, Math.min(NAMED, unmasked.size()))) + more);
    }
}
