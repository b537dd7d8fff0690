// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The row that INSERT, UPDATE, DELETE or MERGE makes: which column gets its value from what, and what RETURNING tells of it. For one thread. */
final class WrittenRow {
    private static final int INSERT = 3;
    private static final int DELETE = 4;

    private final Node.Struct query;
    private final QueryScope scope;
    private final ExpressionWalk walk;
    private final TreeFacts facts;
    private final Map<Integer, Dependence> proposed = new HashMap<>();
    private final Map<Integer, Dependence> assigned = new HashMap<>();
    private boolean returning;

    WrittenRow(Node.Struct query, QueryScope scope, ExpressionWalk walk, TreeFacts facts) {
        this.query = query;
        this.scope = scope;
        this.walk = walk;
        this.facts = facts;
    }

    /** Follows all assignments, then RETURNING. */
    QueryResult walk() {
        if (query.number("commandType") != DELETE) {
            proposed.putAll(assignments(query.list("targetList"), query.number("commandType") == INSERT));
        } else {
            query.list("targetList").forEach(target -> scope.target(QueryScope.struct(target)));
        }
        Node.Struct conflict = query.struct("onConflict");
        if (conflict != null) {
            NodeShapes.check(conflict);
            walk.condition(conflict.field("arbiterWhere"), scope.conditions());
            arbitrate(conflict.list("arbiterElems"));
            walk.condition(conflict.field("onConflictWhere"), scope.conditions());
            assignments(conflict.list("onConflictSet"), false);
        }
        walk.condition(query.field("mergeJoinCondition"), scope.conditions());
        for (Node node : query.list("mergeActionList")) {
            Node.Struct action = QueryScope.struct(node);
            NodeShapes.check(action);
            walk.condition(action.field("qual"), scope.conditions());
            assignments(action.list("targetList"), action.number("commandType") == INSERT);
        }
        for (Node node : query.list("withCheckOptions")) {
            NodeShapes.check(QueryScope.struct(node));
            returning = true;
            scope.conditions().predicate(walk.value(QueryScope.struct(node).field("qual"), scope.conditions()));
            returning = false;
        }
        return returned();
    }

    /** A row conflicts if what would be inserted equals what is there, in the columns of the unique index: all may be, if it is not told which. */
    private void arbitrate(List<Node> arbiters) {
        int target = query.number("resultRelation");
        Set<Integer> columns = new HashSet<>();
        for (Node node : arbiters) {
            Node.Struct arbiter = QueryScope.struct(node);
            NodeShapes.check(arbiter);
            Node.Struct expression = arbiter.struct("expr");
            if (expression != null && NodeShapes.nameOf(expression).equals("VAR")) {
                columns.add(expression.number("varattno"));
            } else {
                scope.conditions().predicate(walk.value(arbiter, scope.conditions()));
                columns.addAll(proposed.keySet());
            }
        }
        for (int column : arbiters.isEmpty() ? proposed.keySet() : columns) {
            scope.conditions().equality(proposed.getOrDefault(column, Dependence.NONE), scope.entry(target).column(column));
        }
    }

    private Map<Integer, Dependence> assignments(List<Node> targets, boolean inserted) {
        int row = facts.nextRow();
        for (Node node : targets) {
            Node.Struct target = QueryScope.struct(node);
            if (target.flag("resjunk")) {
                scope.target(target);
            }
        }
        Map<Integer, Dependence> values = new HashMap<>();
        int result = query.number("resultRelation");
        for (Node node : targets) {
            Node.Struct target = QueryScope.struct(node);
            if (target.flag("resjunk")) {
                continue;
            }
            Dependence value = scope.target(target);
            int column = target.number("resno");
            values.merge(column, value, Dependence::and);
            assigned.merge(column, value, Dependence::and);
            Integer relation = scope.entry(result).relation();
            if (relation != null) {
                facts.flows().add(new Lineage.Flow(relation, column, value.columns(), value.origin(), value.opaque(), row, inserted));
            }
        }
        return values;
    }

    private QueryResult returned() {
        List<Dependence> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        returning = true;
        for (Node node : query.list("returningList")) {
            Node.Struct target = QueryScope.struct(node);
            columns.add(walk.value(target, null));
            names.add(target.text("resname") == null ? "" : String.valueOf(target.text("resname")));
        }
        returning = false;
        return new QueryResult(columns, names, List.of(), scope.conditions());
    }

    /** What EXCLUDED's column depends on: the row that could not be inserted; null for any other entry. */
    @Nullable Dependence proposed(int entry, int column) {
        Node.Struct conflict = query.struct("onConflict");
        if (conflict == null || conflict.number("exclRelIndex") != entry || entry == 0) {
            return null;
        }
        return column == 0 ? together(proposed) : proposed.getOrDefault(column, Dependence.NONE).derived();
    }

    /** A column of the row as it is after the statement: what it was, and what it was assigned from. */
    Dependence returned(int entry, int column, Dependence read) {
        if (!returning || entry != query.number("resultRelation")) {
            return read;
        }
        return read.under(column == 0 ? together(assigned) : assigned.getOrDefault(column, Dependence.NONE));
    }

    private static Dependence together(Map<Integer, Dependence> values) {
        return values.values().stream().reduce(Dependence.NONE, Dependence::and);
    }
}
