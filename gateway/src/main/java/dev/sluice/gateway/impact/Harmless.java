// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.impact.SchemaLook.Named;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether running a preview can do nothing but read tables: it calls PostgreSQL's own functions only, and none that is volatile. */
final class Harmless {
    private Harmless() {}

    /** Why it must not run; null if it may. */
    static @Nullable String objection(Reading reading, JsonNode tree, List<Named> named, Catalog catalog, Descendants descendants) {
        if (!(reading instanceof Reading.Understood understood) || understood.statements().size() != 1 || !Preview.onlyReads(tree)) {
            return "it is more than a query";
        }
        StatementFacts facts = understood.statements().getFirst();
        for (FunctionName name : facts.functions()) {
            String objection = objection(name, catalog);
            if (objection != null) {
                return objection;
            }
        }
        if (UsersCode.unnamed(catalog)) {
            return "an operator, cast or domain of this database calls a function that is not PostgreSQL's own";
        }
        for (int oid : catalog.unnamedFunctions()) {
            Function function = catalog.function(oid);
            if (function == null || (!function.builtIn() && function.volatility() == Function.Volatility.VOLATILE)) {
                return "an operator or cast of this database calls a volatile function";
            }
        }
        return named.stream().map(each -> objection(each, catalog, descendants)).filter(java.util.Objects::nonNull).findFirst().orElse(null);
    }

    private static @Nullable String objection(FunctionName name, Catalog catalog) {
        List<Function> meant = meant(name, catalog);
        if (meant.isEmpty() || !meant.stream().allMatch(Function::builtIn)) {
            return "the function " + name + " is not PostgreSQL's own";
        }
        return meant.stream().anyMatch(function -> function.volatility() == Function.Volatility.VOLATILE) ? "the function " + name + " is volatile" : null;
    }

    /** The functions that a name may mean. */
    static List<Function> meant(FunctionName name, Catalog catalog) {
        return catalog.functions().stream()
                .filter(function -> function.name().equals(name.name()) && (name.schema() == null || function.schema().equals(name.schema())))
                .toList();
    }

    private static @Nullable String objection(Named relation, Catalog catalog, Descendants descendants) {
        if (relation.hidden()) {
            return "there is a temporary relation of the name of " + relation.name() + ", which may be what the session means";
        }
        if (relation.policyCalls()) {
            return "a row security policy of " + relation.name() + " calls a function that is not PostgreSQL's own";
        }
        if (relation.hasRules()) {
            return "rules rewrite what is done to " + relation.name();
        }
        return onlyTables(relation.oid(), catalog, descendants) ? null : relation.name() + " is not a table whose rows are all in this database";
    }

    private static boolean onlyTables(long oid, Catalog catalog, Descendants descendants) {
        Relation relation = catalog.relation((int) oid);
        if (relation == null) {
            return false;
        }
        return switch (relation.kind()) {
            case TABLE, MATERIALIZED_VIEW, PARTITIONED_TABLE -> descendants.of(relation.oid()).stream().allMatch(child -> child.kind() != RelationKind.FOREIGN_TABLE);
            case FOREIGN_TABLE, VIEW, SEQUENCE, COMPOSITE_TYPE, TOAST -> false;
        };
    }
}
