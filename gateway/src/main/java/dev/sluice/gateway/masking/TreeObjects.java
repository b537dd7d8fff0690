// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.lineage.Lineage;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the server's trees of a statement name by OID. Says whether a catalog is new enough to find masks for them.
 *
 * @param relations all of them, views included
 * @param columns those that the statement mentions, as far as its trees could be followed
 */
public record TreeObjects(Set<Integer> relations, Set<ColumnId> columns) {
    /** Of no tree. */
    public static final TreeObjects NONE = new TreeObjects(Set.of(), Set.of());

    private static final String TEMPORARY = "pg_temp";

    public TreeObjects {
        relations = Set.copyOf(relations);
        columns = Set.copyOf(columns);
    }

    /** @param lineage what was made of the trees */
    public static TreeObjects of(List<String> trees, Lineage lineage) {
        return new TreeObjects(LineageResolver.relations(trees), lineage instanceof Lineage.Resolved resolved ? resolved.reads() : Set.of());
    }

    /** Whether the catalog has this column. System columns, and 0 for a whole row, are in every relation. */
    static boolean knows(Catalog catalog, int relation, int column) {
        Relation known = catalog.relation(relation);
        return known != null && (column <= 0 || known.column(column) != null);
    }

    /** OIDs of relations that the catalog does not have, or not with all of the columns. */
    public Set<Integer> unknownTo(Catalog catalog) {
        Set<Integer> unknown = new HashSet<>();
        relations.stream().filter(relation -> catalog.relation(relation) == null).forEach(unknown::add);
        columns.stream().filter(column -> !knows(catalog, column.relation(), column.number())).forEach(column -> unknown.add(column.relation()));
        return Set.copyOf(unknown);
    }

    /**
     * Whether the statement names a relation that shows masked columns, and the catalog has none of that name among those that the server found:
     * then the name stands for another relation than when the catalog was read.
     *
     * @param unknown OIDs that count for any name
     */
    public boolean areRenamed(BoundMasks masks, StatementFacts statement, Set<Integer> unknown) {
        return !relations.isEmpty()
                && relations.stream().noneMatch(unknown::contains)
                && (statement.relations().stream().anyMatch(named -> isMissing(masks, named)) || statement.inner().stream().anyMatch(inner -> areRenamed(masks, inner, unknown)));
    }

    private boolean isMissing(BoundMasks masks, RelationAccess named) {
        return named.access() != Access.CREATE && masks.reach().relations().contains(named.name()) && found(masks.catalog()).stream().noneMatch(relation -> isNamed(relation, named));
    }

    private Collection<Relation> found(Catalog catalog) {
        return relations.stream().map(catalog::relation).filter(Objects::nonNull).toList();
    }

    private static boolean isNamed(Relation relation, RelationAccess named) {
        String schema = named.schema();
        boolean anywhere = schema == null || schema.startsWith(TEMPORARY);
        return relation.name().equals(named.name()) && (anywhere || relation.schema().equals(schema));
    }
}
