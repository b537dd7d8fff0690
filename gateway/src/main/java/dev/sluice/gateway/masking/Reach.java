// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names through which a statement could come to a masked column. Names count whatever their schema: which one is meant depends on a
 * search path. What the catalog does not know counts as reaching: it is newer than the snapshot. So a statement that touches nothing
 * here needs no lineage.
 */
public final class Reach {
    private static final Set<Access> WRITES = EnumSet.of(Access.INSERT, Access.UPDATE, Access.DELETE, Access.TRUNCATE);
    private static final String TOAST = "pg_toast";
    private static final String TEMPORARY = "pg_temp";

    private final Catalog catalog;
    private final @Nullable String unnamed;
    private final boolean everything;
    private final Set<String> relations;
    private final Set<String> functions;
    private final Set<FunctionName> qualified;
    private final Map<String, Function> firing;
    private final Set<String> guessed;

    /**
     * What statements may come to.
     *
     * @param unnamed a function that nobody vouched for, and that an operator, a cast or a domain calls without being named; null if there is none
     * @param everything whether every statement counts
     * @param functions those that may read a masked column unseen, with their schemas
     * @param firing by the name of a relation the function that it calls when it is written to, and that nobody vouched for
     * @param guessed names of tables where a new row tells whether a masked value is there
     */
    Reach(Catalog catalog, @Nullable String unnamed, boolean everything, Set<String> relations, Set<FunctionName> functions, Map<String, Function> firing, Set<String> guessed) {
        this.catalog = catalog;
        this.unnamed = unnamed;
        this.everything = everything;
        this.relations = Set.copyOf(relations);
        this.qualified = Set.copyOf(functions);
        this.functions = functions.stream().map(FunctionName::name).collect(Collectors.toUnmodifiableSet());
        this.firing = Map.copyOf(firing);
        this.guessed = Set.copyOf(guessed);
    }

    /** Names of relations from which a masked column can be read. */
    public Set<String> relations() {
        return relations;
    }

    /** Names of functions that may read one unseen. */
    public Set<String> functions() {
        return functions;
    }

    /** A function that nobody vouched for and that a statement may call without naming it, by an operator, a cast or a domain. */
    @Nullable String unnamed() {
        return unnamed;
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

    /** The same for a text that PostgreSQL prints for a tree: a function without a schema is one of pg_catalog, whatever else has its name. */
    boolean touchesAsPrinted(StatementFacts statement) {
        return everything
                || statement.effects().contains(Effect.UNKNOWN)
                || statement.relations().stream().anyMatch(this::touches)
                || statement.functions().stream().anyMatch(this::touchesAsPrinted)
                || statement.inner().stream().anyMatch(this::touchesAsPrinted);
    }

    private boolean touchesAsPrinted(FunctionName function) {
        String schema = Objects.requireNonNullElse(function.schema(), "pg_catalog");
        return qualified.contains(new FunctionName(schema, function.name())) || !catalog.hasFunctionNamed(function.name());
    }

    /** The function that a relation calls when this statement writes to it, and that nobody vouched for. Null if there is none. */
    public @Nullable Firing fires(StatementFacts statement) {
        for (RelationAccess relation : statement.relations()) {
            Function function = WRITES.contains(relation.access()) ? firing.get(relation.name()) : null;
            if (function != null) {
                return new Firing(relation.name(), function);
            }
        }
        return statement.inner().stream().map(this::fires).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** A relation that calls a function when it is written to. */
    public record Firing(String relation, Function function) {
        /** The line under {@code vouch} in a policy that lets it pass; empty for a function that nobody can vouch for, such as one that ends with a session. */
        public String vouch() {
            boolean lasts = !function.schema().startsWith(TEMPORARY);
            return function.sourceHash() == null || !lasts ? "" : "{function: " + function.schema() + "." + function.name() + ", sha256: " + function.sourceHash() + "}";
        }
    }

    /** The table that a COPY fills where its end would tell whether a masked value is there. Null if there is none. */
    public @Nullable String guesses(StatementFacts statement) {
        return statement.copy() != CopyDirection.IN
                ? null
                : statement.relations().stream().map(RelationAccess::name).filter(guessed::contains).findFirst().orElse(null);
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
