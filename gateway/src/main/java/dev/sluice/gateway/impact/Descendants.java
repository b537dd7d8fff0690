// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Partitions, and tables that inherit, of every table of a catalog. A table may inherit from several, and these from the same again, so that
 * the ways down are many more than the tables: each table is visited once.
 */
final class Descendants {
    private final Map<Integer, List<Relation>> children = new HashMap<>();

    private Descendants() {}

    static Descendants in(Catalog catalog) {
        var all = new Descendants();
        for (Relation relation : catalog.relations()) {
            for (int parent : relation.parents()) {
                all.children.computeIfAbsent(parent, key -> new ArrayList<>()).add(relation);
            }
        }
        return all;
    }

    /** Those of a table without itself, each once, nearer ones first. */
    List<Relation> of(int table) {
        List<Relation> found = new ArrayList<>();
        Set<Integer> seen = new HashSet<>(Set.of(table));
        Deque<Integer> parents = new ArrayDeque<>(Set.of(table));
        while (!parents.isEmpty()) {
            for (Relation child : children.getOrDefault(parents.removeFirst(), List.of())) {
                if (seen.add(child.oid())) {
                    found.add(child);
                    parents.addLast(child.oid());
                }
            }
        }
        return found;
    }
}
