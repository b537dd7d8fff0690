// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.schemas.event.Impact;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows foreign keys from the tables that a statement changes to those that change with them. */
final class Reached {
    private static final int MOST = 200;

    /** What happens to the rows of a table. */
    enum Change { INSERT, UPDATE, DELETE, TRUNCATE }

    /** {@code deleting} and {@code updating} are the letters of pg_constraint. */
    record ForeignKey(
            String name,
            long table,
            String tableName,
            long referenced,
            String referencedName,
            String deleting,
            String updating,
            Set<Integer> columns,
            Set<Integer> keys,
            @Nullable Long rows) {}

    private record Step(long table, Change change, Set<Integer> columns) {}

    private final Map<Long, List<ForeignKey>> byReferenced = new HashMap<>();
    private final Map<Long, Set<Change>> changes = new LinkedHashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Set<Integer>> updated = new HashMap<>();
    private final List<Impact.Cascade> cascades = new ArrayList<>();
    private final boolean truncatesAlong;
    private boolean whole = true;

    Reached(List<ForeignKey> keys, boolean truncatesAlong) {
        keys.forEach(key -> byReferenced.computeIfAbsent(key.referenced(), table -> new ArrayList<>()).add(key));
        this.truncatesAlong = truncatesAlong;
    }

    /** {@code columns} are the numbers of those that an update sets. */
    void from(long table, Change change, Set<Integer> columns) {
        Deque<Step> steps = new ArrayDeque<>(List.of(new Step(table, change, columns)));
        Set<Step> seen = new HashSet<>();
        while (!steps.isEmpty()) {
            Step step = steps.removeFirst();
            if (!seen.add(step)) {
                continue;
            }
            changes.computeIfAbsent(step.table, key -> new HashSet<>()).add(step.change);
            updated.computeIfAbsent(step.table, key -> new HashSet<>()).addAll(step.columns);
            for (ForeignKey key : byReferenced.getOrDefault(step.table, List.of())) {
                Step next = next(step, key);
                if (next != null) {
                    names.put(key.table(), key.tableName());
                    steps.addLast(next);
                }
            }
        }
    }

    private @Nullable Step next(Step step, ForeignKey key) {
        return switch (step.change) {
            case INSERT -> null;
            case DELETE -> switch (key.deleting()) {
                case "c" -> tell(key, "deletes the rows that refer to it", new Step(key.table(), Change.DELETE, Set.of()));
                case "n" -> tell(key, "sets the columns that refer to it to NULL", new Step(key.table(), Change.UPDATE, key.columns()));
                case "d" -> tell(key, "sets the columns that refer to it to their defaults", new Step(key.table(), Change.UPDATE, key.columns()));
                default -> tell(key, "refuses the statement while rows refer to it", null);
            };
            case UPDATE -> {
                if (Collections.disjoint(step.columns, key.keys())) {
                    yield null;
                }
                yield switch (key.updating()) {
                    case "c" -> tell(key, "changes the rows that refer to it along", new Step(key.table(), Change.UPDATE, key.columns()));
                    case "n" -> tell(key, "sets the columns that refer to it to NULL", new Step(key.table(), Change.UPDATE, key.columns()));
                    case "d" -> tell(key, "sets the columns that refer to it to their defaults", new Step(key.table(), Change.UPDATE, key.columns()));
                    default -> tell(key, "refuses the statement while rows refer to a key that changes", null);
                };
            }
            case TRUNCATE -> truncatesAlong
                    ? tell(key, "empties the table too", new Step(key.table(), Change.TRUNCATE, Set.of()))
                    : tell(key, "refuses the statement, unless both are truncated", null);
        };
    }

    private @Nullable Step tell(ForeignKey key, String action, @Nullable Step next) {
        var cascade = new Impact.Cascade(key.tableName(), key.referencedName(), key.name(), action, key.rows());
        if (cascades.size() >= MOST) {
            whole = false;
        } else if (!cascades.contains(cascade)) {
            cascades.add(cascade);
        }
        return next;
    }

    List<Impact.Cascade> cascades() {
        return cascades;
    }

    /** False where there are more than can be shown. */
    boolean whole() {
        return whole;
    }

    Map<Long, Set<Change>> changes() {
        return changes;
    }

    Set<Integer> updated(long table) {
        return updated.getOrDefault(table, Set.of());
    }

    /** The tables that foreign keys lead to, by OID. */
    Map<Long, String> names() {
        return names;
    }
}
