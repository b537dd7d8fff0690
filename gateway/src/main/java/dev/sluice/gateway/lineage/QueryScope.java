// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One level of a statement: a query with its range table and its common table expressions. For one thread. */
final class QueryScope {
    static final int SELECT = 1;
    private static final int UNION = 1;
    private static final int EXCEPT = 3;
    private static final int OLD_ROW = 1;

    private final Node.Struct query;
    private final @Nullable QueryScope outer;
    private final TreeFacts facts;
    private final ExpressionWalk walk;
    private final Conditions conditions = new Conditions();
    private final List<RangeEntry> range = new ArrayList<>();
    private final Map<String, CommonTable> commonTables = new HashMap<>();
    private final Map<Node.Struct, Followed> subqueries = new IdentityHashMap<>();
    private final Map<Integer, QueryResult> multipleAssignments = new HashMap<>();
    private final Map<Integer, Dependence> sortGroups = new HashMap<>();
    private final Aggregates aggregates = new Aggregates();
    private final WrittenRow written;

    QueryScope(Node.Struct query, @Nullable QueryScope outer, TreeFacts facts) {
        if (!query.name().equals("QUERY")) {
            throw new UnreadableTree(query.name(), "it stands where a query should be");
        }
        NodeShapes.check(query);
        facts.step(query);
        this.query = query;
        this.outer = outer;
        this.facts = facts;
        this.walk = new ExpressionWalk(this, facts);
        this.written = new WrittenRow(query, this, walk, facts);
    }

    Conditions conditions() {
        return conditions;
    }

    /** Follows the whole query. Once. */
    QueryResult walk() {
        if (!(query.field("utilityStmt") instanceof Node.Nothing)) {
            throw new UnreadableTree(
                    "utility statement", "its own tree does not tell what it reads", "Have the query within it resolved instead.");
        }
        facts.permissions().of(query);
        for (Node node : query.list("cteList")) {
            Node.Struct commonTable = struct(node);
            NodeShapes.check(commonTable);
            commonTables.put(String.valueOf(commonTable.text("ctename")), new CommonTable(commonTable, this, facts));
        }
        for (Node entry : query.list("rtable")) {
            range.add(new RangeEntry(struct(entry), this, walk, facts));
        }
        from(query.field("jointree"));
        commonTables.values().forEach(table -> table.execute(conditions));
        range.forEach(entry -> entry.visit(conditions));
        List<Dependence> united = setOperation();
        QueryResult selected = query.number("commandType") == SELECT ? selected(united) : written.walk();
        query.list("windowClause").forEach(window -> windowDependence(struct(window)));
        group();
        aggregates.order(conditions);
        return selected;
    }

    /** Remembers an aggregate of this query. */
    void aggregate(Node.Struct aggregate) {
        aggregates.add(aggregate, argument -> walk.value(argument, null), facts);
    }

    private QueryResult selected(@Nullable List<Dependence> united) {
        List<Dependence> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Failures> failures = new ArrayList<>();
        // A column that nobody asks for is computed all the same if it decides which rows there are.
        boolean allComputed = united != null || query.flag("hasTargetSRFs") || !query.list("distinctClause").isEmpty();
        for (Node node : query.list("targetList")) {
            Node.Struct target = struct(node);
            Dependence[] followed = new Dependence[1];
            Failures failing = facts.failuresApart(() -> followed[0] = target(target));
            Dependence value = followed[0];
            if (outer == null || allComputed || failing.callsVolatile() || target.number("ressortgroupref") != 0) {
                failing.arise();
            }
            if (united != null) {
                if (columns.size() >= united.size()) {
                    throw new UnreadableTree(query.name(), "it has more columns than its set operation");
                }
                value = value.and(united.get(columns.size()));
                sortGroups.put(target.number("ressortgroupref"), value);
            }
            if (!target.flag("resjunk")) {
                columns.add(value);
                failures.add(failing);
                names.add(target.text("resname") == null ? "" : String.valueOf(target.text("resname")));
            }
        }
        return new QueryResult(columns, names, failures, conditions);
    }

    /** What an entry of a target list depends on. */
    Dependence target(Node.Struct target) {
        Dependence value = walk.value(target, null);
        sortGroups.put(target.number("ressortgroupref"), value);
        return value;
    }

    private void group() {
        sortClauses("groupClause", false);
        sortClauses("distinctClause", false);
        sortClauses("sortClause", true);
        query.list("groupingSets").forEach(this::groupingSet);
        walk.condition(query.field("havingQual"), conditions);
        for (String limit : List.of("limitOffset", "limitCount")) {
            Dependence rows = walk.value(query.field(limit), conditions);
            if (!rows.constant()) {
                facts.failures().add("LIMIT or OFFSET", rows);
            }
            conditions.predicate(rows);
        }
    }

    private void groupingSet(Node node) {
        if (!(node instanceof Node.Struct set) || !set.name().equals("GROUPINGSET")) {
            throw new UnreadableTree(query.name(), "its grouping sets hold something else");
        }
        if (set.field("content") instanceof Node.Items nested) {
            nested.items().forEach(this::groupingSet);
        }
    }

    private void sortClauses(String field, boolean orders) {
        for (Node node : query.list(field)) {
            Dependence value = sortGroup(struct(node));
            if (orders) {
                conditions.ordered(value);
            } else {
                conditions.grouped(value);
            }
        }
    }

    private Dependence sortGroup(Node.Struct clause) {
        NodeShapes.check(clause);
        facts.runsCodeOf(clause.number("eqop"));
        facts.runsCodeOf(clause.number("sortop"));
        int reference = clause.number("tleSortGroupRef");
        Dependence known = sortGroups.get(reference);
        if (known != null) {
            return known;
        }
        for (Node node : query.list("targetList")) {
            Node.Struct target = struct(node);
            if (target.number("ressortgroupref") == reference) {
                return target(target);
            }
        }
        throw new UnreadableTree(clause.name(), "it names an entry that the target list does not have");
    }

    /** What decides the frame and the place of each row in a window: the rows come out in its order too, if no other is asked for. */
    Dependence window(int number) {
        for (Node node : query.list("windowClause")) {
            Node.Struct window = struct(node);
            if (window.number("winref") == number) {
                return windowDependence(window);
            }
        }
        throw new UnreadableTree("window " + number, "the query has no such window");
    }

    private Dependence windowDependence(Node.Struct window) {
        NodeShapes.check(window);
        Dependence all = walk.value(window.field("startOffset"), null).and(walk.value(window.field("endOffset"), null));
        if (!all.constant()) {
            facts.failures().add("the frame of a window", all);
        }
        for (String field : List.of("partitionClause", "orderClause")) {
            for (Node clause : window.list(field)) {
                Dependence value = sortGroup(struct(clause));
                conditions.ordered(value);
                all = all.and(value);
            }
        }
        return all;
    }

    private void from(Node node) {
        switch (node instanceof Node.Struct struct ? NodeShapes.nameOf(struct) : "") {
            case "FROMEXPR" -> {
                Node.Struct from = struct(node);
                NodeShapes.check(from);
                from.list("fromlist").forEach(this::from);
                walk.condition(from.field("quals"), conditions);
            }
            case "JOINEXPR" -> {
                Node.Struct join = struct(node);
                NodeShapes.check(join);
                from(join.field("larg"));
                from(join.field("rarg"));
                walk.condition(join.field("quals"), conditions);
            }
            case "RANGETBLREF" -> entry(struct(node).number("rtindex")).existence(conditions);
            default -> {
                if (!(node instanceof Node.Nothing)) {
                    throw new UnreadableTree(query.name(), "its FROM list holds something that is not known");
                }
            }
        }
    }

    private @Nullable List<Dependence> setOperation() {
        Node.Struct operation = query.struct("setOperations");
        return operation == null ? null : united(operation);
    }

    /** The columns of a set operation by position, with what its comparison of rows tells. */
    private List<Dependence> united(Node.Struct node) {
        if (NodeShapes.nameOf(node).equals("RANGETBLREF")) {
            RangeEntry leaf = entry(node.number("rtindex"));
            leaf.existence(conditions);
            return leaf.rows().computed();
        }
        NodeShapes.check(node);
        facts.step(node);
        if (!NodeShapes.nameOf(node).equals("SETOPERATIONSTMT")) {
            throw new UnreadableTree(node.name(), "it stands where a set operation should be");
        }
        List<Dependence> left = united(struct(node.field("larg")));
        List<Dependence> right = united(struct(node.field("rarg")));
        if (left.size() != right.size()) {
            throw new UnreadableTree(node.name(), "its sides have " + left.size() + " and " + right.size() + " columns");
        }
        int kind = node.number("op");
        List<Dependence> columns = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            compared(kind, node.flag("all"), left.get(i), right.get(i));
            columns.add(kind == EXCEPT ? left.get(i).derived() : left.get(i).and(right.get(i)));
        }
        return columns;
    }

    private void compared(int kind, boolean all, Dependence left, Dependence right) {
        if (kind != UNION) {
            conditions.equality(left, right);
        } else if (!all) {
            conditions.grouped(left);
            conditions.grouped(right);
            conditions.equality(left, right);
        }
    }

    RangeEntry entry(int number) {
        if (number < 1 || number > range.size()) {
            throw new UnreadableTree("range table entry " + Integer.toUnsignedString(number), "the query has " + range.size() + " of them");
        }
        return range.get(number - 1);
    }

    private QueryScope outward(int levels) {
        QueryScope scope = this;
        for (int i = 0; i < levels; i++) {
            scope = scope.outer;
            if (scope == null) {
                throw new UnreadableTree("reference", "it points out of the statement");
            }
        }
        return scope;
    }

    /** What a reference to a column depends on, or to a row as a whole. */
    Dependence variable(Node.Struct variable) {
        return outward(variable.number("varlevelsup")).own(variable, variable.number("varattno"));
    }

    /** The field of this number of a row that is referred to as a whole. */
    Dependence field(Node.Struct variable, int number) {
        return outward(variable.number("varlevelsup")).own(variable, number);
    }

    private Dependence own(Node.Struct variable, int column) {
        int entry = variable.number("varno");
        boolean old = variable.fields().containsKey("varreturningtype") && variable.number("varreturningtype") == OLD_ROW;
        // EXCLUDED is looked up as well: the server checks the right to read the table's own column.
        Dependence read = column == 0 ? entry(entry).whole() : entry(entry).column(column);
        Dependence proposed = written.proposed(entry, column);
        if (proposed != null) {
            return proposed;
        }
        return old ? read : written.returned(entry, column, read);
    }

    QueryResult commonTableExpression(String name, int levels) {
        CommonTable table = outward(levels).commonTables.get(name);
        if (table == null) {
            throw new UnreadableTree("common table expression " + name, "the query has none of this name");
        }
        return table.rows();
    }

    /** The rows of a subquery in an expression; each is followed once. */
    QueryResult subquery(Node.Struct sublink) {
        Followed known = subqueries.get(sublink);
        if (known == null) {
            Node.Struct select = sublink.struct("subselect");
            if (select == null) {
                throw new UnreadableTree(sublink.name(), "it has no query");
            }
            known = Followed.of(facts, () -> new QueryScope(select, this, facts).walk());
            subqueries.put(sublink, known);
            multipleAssignments.put(sublink.number("subLinkId"), known.result());
        }
        return known.read();
    }

    /** The row that an assignment to several columns takes its values from. */
    Dependence multipleAssignment(int sublink, int column) {
        QueryResult result = multipleAssignments.get(sublink);
        if (result == null) {
            throw new UnreadableTree("assignment to several columns", "the query has no subquery " + sublink);
        }
        return result.column(column).under(Dependence.on(result.conditions()));
    }

    static Node.Struct struct(Node node) {
        if (node instanceof Node.Struct struct) {
            return struct;
        }
        throw new UnreadableTree("tree", "a value stands where a node should be");
    }
}
