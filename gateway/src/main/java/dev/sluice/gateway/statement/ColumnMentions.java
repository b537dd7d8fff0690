// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a statement names, and of which of its relations they may be. The text alone does not say whose a bare name is, so it counts
 * for every relation that is read. For one statement, in one thread.
 */
final class ColumnMentions {
    private final Map<String, Set<RelationAccess>> qualifiers = new HashMap<>();
    private final Set<RelationAccess> readable = new LinkedHashSet<>();
    private final Map<RelationAccess, Set<String>> written = new HashMap<>();
    private final List<List<String>> references = new ArrayList<>();

    /** A relation of the statement, by the name that its columns go by. */
    void relation(JsonNode rangeVar, RelationAccess relation) {
        if (relation.access() == Access.INSERT) {
            return;
        }
        readable.add(relation);
        qualifiers.computeIfAbsent(rangeVar.path("alias").path("aliasname").asText(relation.name()), alias -> new LinkedHashSet<>()).add(relation);
    }

    /** The columns in a list of ResTarget or String nodes, which the statement writes. No list stands for all columns. */
    void written(JsonNode rangeVar, Access access, @Nullable JsonNode columns) {
        String name = ParseTree.text(rangeVar, "relname");
        if (name == null) {
            return;
        }
        Set<String> names = written.computeIfAbsent(new RelationAccess(ParseTree.text(rangeVar, "schemaname"), name, access), each -> new LinkedHashSet<>());
        if (columns == null) {
            names.add(StatementFacts.ALL);
            return;
        }
        for (JsonNode column : columns) {
            JsonNode target = column.get("ResTarget");
            String written = target == null ? column.path("String").path("sval").textValue() : ParseTree.text(target, "name");
            if (written != null) {
                names.add(written);
            }
        }
    }

    /** A ColumnRef node. */
    void reference(JsonNode node) {
        List<String> fields = new ArrayList<>(ParseTree.names(node.get("fields")));
        for (JsonNode field : node.path("fields")) {
            if (field.has("A_Star")) {
                fields.add(StatementFacts.ALL);
            }
        }
        references.add(fields);
    }

    /** A join that compares columns by their names alone. */
    void join(JsonNode node) {
        ParseTree.names(node.get("usingClause")).forEach(name -> references.add(List.of(name)));
        if (ParseTree.flag(node, "isNatural")) {
            references.add(List.of(StatementFacts.ALL));
        }
    }

    /** Adds what was found. */
    void addTo(StatementFactsBuilder facts) {
        written.forEach(facts::columns);
        for (List<String> reference : references) {
            String column = reference.getLast();
            Set<RelationAccess> qualified = reference.size() < 2 ? null : qualifiers.get(reference.get(reference.size() - 2));
            Set<RelationAccess> wholeRow = qualifiers.get(column);
            if (reference.size() < 2) {
                readable.forEach(relation -> facts.columns(relation, Set.of(column)));
            } else if (qualified != null) {
                qualified.forEach(relation -> facts.columns(relation, Set.of(column)));
            }
            if (wholeRow != null) {
                wholeRow.forEach(relation -> facts.columns(relation, Set.of(StatementFacts.ALL)));
            }
            // A column of a composite column, or a row of a composite type: the first name may be a column.
            if (reference.size() > 1 && qualified == null) {
                readable.forEach(relation -> facts.columns(relation, Set.of(reference.getFirst())));
            }
        }
    }
}
