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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows foreign keys, partitions and heirs from the tables that a statement changes to those that change with them. */
final class Reached {
    private static final int MOST = 200;
    private static final int MOST_STEPS = 5_000;

    /** What happens to the rows of a table. */
    enum Change {
        INSERT(4, 8),
        UPDATE(16, 4),
        DELETE(8, 16),
        TRUNCATE(32, 0);

        private final int triggerBit;
        private final int updatableBit;

        Change(int triggerBit, int updatableBit) {
            this.triggerBit = triggerBit;
            this.updatableBit = updatableBit;
        }

        /** TRIGGER_TYPE_* of pg_trigger.h. */
        int triggerBit() {
            return triggerBit;
        }

        /** Of what pg_relation_is_updatable answers: 1 shifted by CmdType of nodes.h. */
        int updatableBit() {
            return updatableBit;
        }
    }

    /** {@code deleting} and {@code updating} are the letters of pg_constraint; {@code inherited} if it repeats one of the table that {@code referenced} is part of. */
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
            @Nullable Long rows,
            boolean inherited) {}

    /** Which tables a step takes along: the partitions, the heirs too, or none because it is one of them itself. */
    private enum Along { PARTITIONS, ALL, NONE }

    private record Step(long table, Change change, Set<Integer> columns, Along along) {
        Step(long table, Change change, Set<Integer> columns) {
            this(table, change, columns, Along.PARTITIONS);
        }
    }

    private final Map<Long, List<ForeignKey>> byReferenced = new HashMap<>();
    private final Map<Long, Set<Change>> changes = new LinkedHashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Set<Integer>> updated = new HashMap<>();
    private final Set<Impact.Cascade> cascades = new LinkedHashSet<>();
    private final Set<Long> wholes = new HashSet<>();
    private final boolean truncatesAlong;
    private final Family family;
    private boolean whole = true;
    private boolean everywhere = true;
    private int taken;

    Reached(List<ForeignKey> keys, boolean truncatesAlong, Family family) {
        this.family = family;
        keys.forEach(key -> byReferenced.computeIfAbsent(key.referenced(), table -> new ArrayList<>()).add(key));
        this.truncatesAlong = truncatesAlong;
    }

    /**
     * Notes what changes with a table.
     *
     * @param columns numbers of those that an update sets
     * @param only without its partitions and heirs
     */
    void from(long table, Change change, Set<Integer> columns, boolean only) {
        Along along = change == Change.INSERT ? Along.PARTITIONS : Along.ALL;
        Deque<Step> steps = new ArrayDeque<>(List.of(new Step(table, change, columns, only ? Along.NONE : along)));
        wholes.add(table);
        Set<Step> seen = new HashSet<>();
        while (!steps.isEmpty()) {
            Step step = steps.removeFirst();
            if (!seen.add(step)) {
                continue;
            }
            if (++taken > MOST_STEPS) {
                everywhere = false;
                return;
            }
            changes.computeIfAbsent(step.table, key -> new HashSet<>()).add(step.change);
            updated.computeIfAbsent(step.table, key -> new HashSet<>()).addAll(step.columns);
            if (step.along != Along.NONE) {
                for (Family.Part part : family.below(step.table, step.along == Along.ALL || step.change == Change.TRUNCATE, step.columns)) {
                    if (steps.size() > MOST_STEPS) {
                        everywhere = false;
                        break;
                    }
                    names.put(part.oid(), part.name());
                    steps.addLast(new Step(part.oid(), step.change, part.columns(), Along.NONE));
                }
            }
            for (ForeignKey key : byReferenced.getOrDefault(step.table, List.of())) {
                Step next = key.inherited() && !wholes.contains(step.table) ? null : next(step, key);
                if (next != null) {
                    names.put(key.table(), key.tableName());
                    wholes.add(key.table());
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
        if (cascades.size() < MOST) {
            cascades.add(cascade);
        } else if (!cascades.contains(cascade)) {
            whole = false;
        }
        return next;
    }

    List<Impact.Cascade> cascades() {
        return List.copyOf(cascades);
    }

    /** False where there are more than can be shown. */
    boolean whole() {
        return whole;
    }

    /** False where there are more tables, or ways to change them, than can be followed. */
    boolean everywhere() {
        return everywhere;
    }

    Map<Long, Set<Change>> changes() {
        return changes;
    }

    Set<Integer> updated(long table) {
        return updated.getOrDefault(table, Set.of());
    }

    /** Whether a change was meant for the table itself, and not only for one that it is part of. */
    boolean isWhole(long table) {
        return wholes.contains(table);
    }

    /** The tables that foreign keys lead to, partitions and heirs, by OID. */
    Map<Long, String> names() {
        return names;
    }
}
