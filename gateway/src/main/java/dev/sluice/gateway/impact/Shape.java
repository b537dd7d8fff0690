// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.statement.ParseTree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a text to tell what it does: its one statement.
 *
 * @param node the node's type as libpg_query names it: {@code UpdateStmt}
 * @param fields of that node
 * @param written the columns that it sets
 * @param named last parts of all column references, and of the names that ALTER TABLE gives
 * @param everyColumn whether it has a star somewhere
 */
record Shape(String node, JsonNode fields, Written written, Set<String> named, boolean everyColumn) {
    /** Null if the text has no statement, or several. */
    static @Nullable Shape of(JsonNode tree) {
        JsonNode statements = tree.path("stmts");
        if (statements.size() != 1) {
            return null;
        }
        JsonNode statement = statements.get(0).path("stmt");
        if (statement.size() != 1) {
            return null;
        }
        String node = statement.fieldNames().next();
        JsonNode fields = statement.get(node);
        Set<String> named = new LinkedHashSet<>();
        boolean star = references(fields, named);
        for (JsonNode command : fields.path("cmds")) {
            String name = command.path("AlterTableCmd").path("name").asText("");
            if (!name.isEmpty()) {
                named.add(name);
            }
        }
        return new Shape(node, fields, Written.of(statement), named, star);
    }

    /** Gathers the last names of column references below, which are columns, or relations whose whole rows are meant; true if there is a star among them. */
    static boolean references(JsonNode tree, Set<String> names) {
        boolean star = false;
        if (tree.isObject() && tree.has("ColumnRef")) {
            JsonNode parts = tree.get("ColumnRef").path("fields");
            star = parts.toString().contains("A_Star");
            List<String> path = ParseTree.names(parts);
            if (!path.isEmpty()) {
                names.add(path.getLast());
            }
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode()) {
                star |= references(child, names);
            }
        }
        return star;
    }

    boolean changesRows() {
        return switch (node) {
            case "UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt" -> true;
            default -> false;
        };
    }

    /** COPY FROM, whose rows the client sends. */
    boolean takesRows() {
        return node.equals("CopyStmt") && fields.path("is_from").asBoolean();
    }

    /** Whether the planner can say how many rows it touches. */
    boolean isPlanned() {
        return changesRows() || node.equals("SelectStmt");
    }

    boolean cascades() {
        return fields.path("behavior").asText().equals("DROP_CASCADE");
    }
}
