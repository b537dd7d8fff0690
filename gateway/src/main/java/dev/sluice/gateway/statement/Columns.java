// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Which columns an expression looks at. */
final class Columns {
    private Columns() {}

    /** True if the expression holds a column reference, or a cursor's position, anywhere, subqueries included. */
    static boolean looksAtARow(JsonNode tree) {
        if (tree.isObject() && (tree.has("ColumnRef") || tree.has("CurrentOfExpr"))) {
            return true;
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && looksAtARow(child)) {
                return true;
            }
        }
        return false;
    }

    /** True if both are references to a column of the same name, however qualified. */
    static boolean sameColumn(JsonNode left, JsonNode right) {
        List<String> leftNames = ParseTree.names(left.path("ColumnRef").get("fields"));
        List<String> rightNames = ParseTree.names(right.path("ColumnRef").get("fields"));
        return !leftNames.isEmpty() && !rightNames.isEmpty() && leftNames.getLast().equals(rightNames.getLast());
    }
}
