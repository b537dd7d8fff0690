// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees that servers of two versions sent, with the part of their catalog that they name: lines of the catalog, then for each statement a line
 * with its text, the tree, and an empty line.
 */
record RecordedTrees(Catalog catalog, Map<String, String> trees) {
    static RecordedTrees of(int major) {
        List<String> catalog = new ArrayList<>();
        Map<String, String> trees = new LinkedHashMap<>();
        StringBuilder tree = new StringBuilder();
        String sql = "";
        for (String line : Statements.lines("trees-" + major + ".txt")) {
            if (line.startsWith("relation ") || line.startsWith("function ")) {
                catalog.add(line);
            } else if (sql.isEmpty()) {
                sql = line;
            } else if (line.isEmpty()) {
                trees.put(sql, tree.toString());
                sql = "";
                tree.setLength(0);
            } else {
                tree.append(line).append('\n');
            }
        }
        return new RecordedTrees(TestCatalog.of(major, catalog), trees);
    }
}
