// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the server does by itself when rows of a table are written.
 *
 * @param functions OIDs of what it calls: triggers, and the functions in defaults, checks and indexes
 * @param keys numbers of the columns whose values must be unique, or must be or are referred to: an error tells whether a value is there
 * @param madeFrom by number of a generated column the columns that it is computed from
 * @param refersTo by number of a column of a foreign key the column that has the same values
 * @param cascades OIDs of tables whose changes are carried on to this one
 * @param tests what a new or changed row may fail by
 */
public record Upkeep(
        Set<Integer> functions, Set<Integer> keys, Map<Integer, Set<Integer>> madeFrom, Map<Integer, Set<ColumnId>> refersTo, Set<Integer> cascades, List<Test> tests) {
    /** Nothing. */
    public static final Upkeep NONE = new Upkeep(Set.of(), Set.of(), Map.of(), Map.of(), Set.of(), List.of());

    /**
     * Something that fails for some rows: a check, a key, an index, the choice of a partition, or a generated column, whose expression may.
     *
     * @param columns numbers of all columns that decide it; 0 stands for every column
     * @param computed those of them that an expression computes with, or a condition
     * @param compares whether rows are compared with others: a key, an exclusion constraint or a foreign key
     */
    public record Test(Set<Integer> columns, Set<Integer> computed, boolean compares) {
        public Test {
            columns = Set.copyOf(columns);
            computed = Set.copyOf(computed);
        }
    }

    public Upkeep {
        functions = Set.copyOf(functions);
        keys = Set.copyOf(keys);
        madeFrom = Map.copyOf(madeFrom);
        refersTo = Map.copyOf(refersTo);
        cascades = Set.copyOf(cascades);
        tests = List.copyOf(tests);
    }

    /** Gathers what the rows of {@link CatalogQueries#UPKEEP} say of one table. */
    static final class Builder {
        private final Set<Integer> functions = new HashSet<>();
        private final Set<Integer> keys = new HashSet<>();
        private final Map<Integer, Set<Integer>> madeFrom = new HashMap<>();
        private final Map<Integer, Set<ColumnId>> refersTo = new HashMap<>();
        private final Set<Integer> cascades = new HashSet<>();
        private final Map<Integer, Set<Integer>> tested = new HashMap<>();
        private final Map<Integer, Set<Integer>> compared = new HashMap<>();

        void add(String kind, int subject, int object, int number) {
            switch (kind) {
                case "function" -> functions.add(subject);
                case "key" -> keys.add(subject);
                case "made" -> madeFrom.computeIfAbsent(subject, column -> new HashSet<>()).add(object);
                case "refers" -> refersTo.computeIfAbsent(subject, column -> new HashSet<>()).add(new ColumnId(object, number));
                case "cascade" -> cascades.add(object);
                case "test" -> tested.computeIfAbsent(subject, test -> new HashSet<>()).add(object);
                case "compare" -> compared.computeIfAbsent(subject, test -> new HashSet<>()).add(object);
                default -> throw new IllegalArgumentException("no kind of upkeep: '" + kind + "'");
            }
        }

        Upkeep build() {
            List<Test> tests = new ArrayList<>();
            tested.forEach((test, computed) -> {
                Set<Integer> columns = new HashSet<>(computed);
                columns.addAll(compared.getOrDefault(test, Set.of()));
                tests.add(new Test(columns, computed, compared.containsKey(test)));
            });
            compared.forEach((test, columns) -> {
                if (!tested.containsKey(test)) {
                    tests.add(new Test(columns, Set.of(), true));
                }
            });
            return new Upkeep(functions, keys, madeFrom, refersTo, cascades, tests);
        }
    }
}
