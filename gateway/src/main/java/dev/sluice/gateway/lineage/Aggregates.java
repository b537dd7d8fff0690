// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The aggregates of one query. The server sorts their input as one of them asks for, and what another one puts together comes in that order too:
 * {@code string_agg(name, ','), count(DISTINCT ssn)} lists the names by ssn. For one thread.
 */
final class Aggregates {
    /** Those of PostgreSQL whose result is the same in any order. */
    private static final Set<String> SAME_IN_ANY_ORDER = Set.of(
            "count", "min", "max", "sum", "avg", "bool_and", "bool_or", "every", "bit_and", "bit_or", "bit_xor", "stddev", "stddev_pop", "stddev_samp",
            "variance", "var_pop", "var_samp", "any_value");

    private static final String ORDINARY = "n";

    private record Aggregate(boolean tellsOrder, Dependence sortedBy) {}

    /** An aggregate that is visited twice is one. */
    private final Set<Node.Struct> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private final List<Aggregate> aggregates = new ArrayList<>();

    void add(Node.Struct aggregate, Function<Node, Dependence> walk, TreeFacts facts) {
        if (!seen.add(aggregate)) {
            return;
        }
        Set<Integer> sorted = new HashSet<>();
        if (ORDINARY.equals(aggregate.text("aggkind"))) {
            for (String field : List.of("aggorder", "aggdistinct")) {
                aggregate.list(field).forEach(clause -> sorted.add(QueryScope.struct(clause).number("tleSortGroupRef")));
            }
        }
        Dependence sortedBy = Dependence.NONE;
        for (Node node : aggregate.list("args")) {
            if (sorted.contains(QueryScope.struct(node).number("ressortgroupref"))) {
                Dependence argument = walk.apply(node);
                sortedBy = sortedBy.constant() ? argument : sortedBy.and(argument);
            }
        }
        aggregates.add(new Aggregate(!facts.isNamed(aggregate.number("aggfnoid"), SAME_IN_ANY_ORDER), sortedBy));
    }

    /** Counts as ordering what some aggregate tells of the order that another one asks for. */
    void order(Conditions conditions) {
        for (Aggregate sorting : aggregates) {
            if (aggregates.stream().anyMatch(other -> other != sorting && other.tellsOrder())) {
                conditions.ordered(sorting.sortedBy());
            }
        }
    }
}
