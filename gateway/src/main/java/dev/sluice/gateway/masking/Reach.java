// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.Set;

/**
 * The names through which a statement could come to a masked column. Names count whatever their schema: which one is meant depends on a
 * search path. What the catalog does not know counts as reaching: it is newer than the snapshot. So a statement that touches nothing
 * here needs no lineage.
 */
public final class Reach {
    private static final String TOAST = "pg_toast";

    private final Catalog catalog;
    private final boolean everything;
    private final Set<String> relations;
    private final Set<String> functions;

    Reach(Catalog catalog, boolean everything, Set<String> relations, Set<String> functions) {
        this.catalog = catalog;
        this.everything = everything;
        this.relations = Set.copyOf(relations);
        this.functions = Set.copyOf(functions);
    }

    /** Names of relations from which a masked column can be read. */
    public Set<String> relations() {
        return relations;
    }

    /** Names of functions that may read one unseen. */
    public Set<String> functions() {
        return functions;
    }

    /** Whether every statement counts: an operator, a cast or a function for any type calls code that nobody vouched for. */
    public boolean isEverything() {
        return everything;
    }

    /** Whether the statement has to be resolved before anything of its answer may be shown. */
    public boolean touches(StatementFacts statement) {
        return everything
                || statement.effects().contains(Effect.UNKNOWN)
                || statement.relations().stream().anyMatch(this::touches)
                || statement.functions().stream().map(FunctionName::name).anyMatch(this::touches)
                || statement.inner().stream().anyMatch(this::touches);
    }

    private boolean touches(RelationAccess relation) {
        return relations.contains(relation.name())
                || relation.name().startsWith(TOAST)
                || relation.access() != Access.CREATE && !catalog.hasRelationNamed(relation.name());
    }

    private boolean touches(String function) {
        return functions.contains(function) || !catalog.hasFunctionNamed(function);
    }
}
