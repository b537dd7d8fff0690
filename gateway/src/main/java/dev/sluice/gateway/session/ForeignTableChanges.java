// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Which changes may have a foreign table stand for something else. What its options leave out goes by its own names: a foreign table, a column or a
 * schema that gets another name may stand for another table or column of the other server, and a column that is added shows the one of its name
 * there. PostgreSQL takes ALTER TABLE for foreign tables too, and ALTER INDEX to rename anything.
 */
final class ForeignTableChanges {
    private ForeignTableChanges() {}

    /** Whether the statement alters a foreign table, a table above one, which hands its columns down, or a schema that may have one. */
    static boolean mayRedirect(StatementFacts statement, Catalog catalog) {
        return statement.kind().equals("ALTER FOREIGN TABLE")
                || statement.kind().startsWith("ALTER ") && alters(statement, catalog)
                || statement.inner().stream().anyMatch(inner -> mayRedirect(inner, catalog));
    }

    private static boolean alters(StatementFacts statement, Catalog catalog) {
        boolean schema = statement.kind().equals("ALTER SCHEMA");
        if (!schema && statement.relations().stream().noneMatch(relation -> relation.access() == Access.ALTER)) {
            return false;
        }
        Set<String> names = foreign(catalog);
        return schema ? !names.isEmpty() : statement.relations().stream().anyMatch(relation -> relation.access() == Access.ALTER && names.contains(relation.name()));
    }

    /** Names of foreign tables and of all tables above them. */
    private static Set<String> foreign(Catalog catalog) {
        Set<String> names = new HashSet<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Relation> left = new ArrayDeque<>();
        catalog.relations().stream().filter(relation -> relation.kind() == RelationKind.FOREIGN_TABLE).forEach(left::add);
        while (!left.isEmpty()) {
            Relation relation = left.remove();
            names.add(relation.name());
            for (int parent : relation.parents()) {
                Relation above = catalog.relation(parent);
                if (above != null && seen.add(parent)) {
                    left.add(above);
                }
            }
        }
        return names;
    }
}
