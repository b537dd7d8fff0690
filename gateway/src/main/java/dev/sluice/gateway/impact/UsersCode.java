// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.impact.SchemaLook.Named;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Functions that users wrote and that asking about a statement would run before anybody approves it. The planner runs what is declared
 * IMMUTABLE on constants, and STABLE functions to estimate, whatever their bodies do.
 */
final class UsersCode {
    private static final Set<String> LANGUAGES_OF_SUPERUSERS = Set.of("c", "internal");

    private UsersCode() {}

    /** Why the planner must not be asked; null if it may. */
    static @Nullable String objection(Reading reading, List<Named> named, Catalog catalog) {
        if (!(reading instanceof Reading.Understood understood) || understood.statements().size() != 1) {
            return "which functions it calls is not known";
        }
        StatementFacts facts = understood.statements().getFirst();
        for (FunctionName name : facts.functions()) {
            List<Function> meant = Harmless.meant(name, catalog);
            if (facts.unknownFunctions().contains(name) || meant.isEmpty() || meant.stream().anyMatch(UsersCode::isIn)) {
                return "the function " + name + " is not PostgreSQL's own";
            }
        }
        return unnamed(catalog) ? "an operator, cast or domain of this database calls a function that is not PostgreSQL's own" : relations(named, catalog);
    }

    /** Whether an operator, a cast or a domain of the database may run such a function: a statement calls it without naming it. */
    static boolean unnamed(Catalog catalog) {
        return catalog.unnamedFunctions().stream().map(catalog::function).anyMatch(UsersCode::isIn);
    }

    /** Only superusers write functions in C, which is what extensions have behind their operators. */
    private static boolean isIn(@Nullable Function function) {
        return function == null || (!function.builtIn() && !LANGUAGES_OF_SUPERUSERS.contains(function.language().toLowerCase(Locale.ROOT)));
    }

    /** Policies, and views and rules over any number of others, are planned with the statement. */
    private static @Nullable String relations(List<Named> named, Catalog catalog) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> next = new ArrayDeque<>();
        for (Named each : named) {
            if (each.policyCalls()) {
                return "a row security policy of " + each.name() + " calls a function that is not PostgreSQL's own";
            }
            next.add((int) each.oid());
        }
        while (!next.isEmpty()) {
            int oid = next.removeFirst();
            Relation relation = catalog.relation(oid);
            if (relation == null) {
                return "a relation that it names is not known yet";
            }
            if (seen.add(oid)) {
                if (relation.dependsOnFunctions().stream().map(catalog::function).anyMatch(UsersCode::isIn)) {
                    return Family.shown(relation) + " calls a function that is not PostgreSQL's own";
                }
                next.addAll(relation.dependsOn());
            }
        }
        return null;
    }
}
