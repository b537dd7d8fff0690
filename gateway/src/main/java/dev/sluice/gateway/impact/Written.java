// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which columns a statement sets in which relation, wherever in it: in WITH, after ON CONFLICT, in each WHEN of a MERGE. */
final class Written {
    private record Place(@Nullable String schema, String name, String access) {}

    private final Map<Place, Set<String>> columns = new HashMap<>();
    private final Map<Place, Boolean> alone = new HashMap<>();
    private int commands;

    private Written() {}

    static Written of(JsonNode statement) {
        var written = new Written();
        written.read(statement);
        return written;
    }

    private void read(JsonNode tree) {
        tree.properties().forEach(field -> command(field.getKey(), field.getValue()));
        for (JsonNode child : tree) {
            if (child.isContainerNode()) {
                read(child);
            }
        }
    }

    private void command(String node, JsonNode fields) {
        JsonNode relation = fields.path("relation");
        switch (node) {
            case "UpdateStmt" -> sets(relation, "update", fields.path("targetList"));
            case "DeleteStmt" -> sets(relation, "delete", fields.path("targetList"));
            case "InsertStmt" -> {
                sets(relation, "insert", fields.path("cols"));
                if (fields.path("onConflictClause").path("action").asText().equals("ONCONFLICT_UPDATE")) {
                    sets(relation, "update", fields.path("onConflictClause").path("targetList"));
                }
            }
            case "MergeStmt" -> {
                for (JsonNode when : fields.path("mergeWhenClauses")) {
                    JsonNode clause = when.path("MergeWhenClause");
                    switch (clause.path("commandType").asText()) {
                        case "CMD_INSERT" -> sets(relation, "insert", clause.path("targetList"));
                        case "CMD_UPDATE" -> sets(relation, "update", clause.path("targetList"));
                        case "CMD_DELETE" -> sets(relation, "delete", clause.path("targetList"));
                        default -> {}
                    }
                }
            }
            case "TruncateStmt" -> fields.path("relations").forEach(each -> sets(each.path("RangeVar"), "truncate", fields.path("targetList")));
            case "AlterTableStmt", "IndexStmt", "RenameStmt" -> sets(relation, "alter", fields.path("targetList"));
            default -> {
                return;
            }
        }
        commands++;
    }

    private void sets(JsonNode relation, String access, JsonNode targets) {
        var place = new Place(relation.path("schemaname").textValue(), relation.path("relname").asText(), access);
        Set<String> names = columns.computeIfAbsent(place, key -> new LinkedHashSet<>());
        for (JsonNode target : targets) {
            String name = target.path("ResTarget").path("name").asText();
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        alone.merge(place, !relation.path("inh").asBoolean(), Boolean::logicalAnd);
    }

    /** By name; none where the statement names none. {@code access} is {@code insert}, {@code update}, … */
    Set<String> columns(@Nullable String schema, String name, String access) {
        return columns.getOrDefault(new Place(schema, name, access), Set.of());
    }

    /** Whether it says ONLY, everywhere: nothing that inherits is changed. */
    boolean only(@Nullable String schema, String name, String access) {
        return alone.getOrDefault(new Place(schema, name, access), false);
    }

    /** How many commands that change rows or tables there are, those in WITH included. */
    int commands() {
        return commands;
    }
}
