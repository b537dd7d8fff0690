// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows the expressions of one query: values to what they depend on, conditions to what they tell of which column. For one thread. */
final class ExpressionWalk {
    private static final int PARAM_EXTERN = 0;
    private static final int PARAM_SUBLINK = 2;
    private static final int PARAM_MULTIEXPR = 3;
    private static final int EXISTS_SUBLINK = 0;
    private static final int ALL_SUBLINK = 1;
    private static final int ANY_SUBLINK = 2;
    private static final int ROWCOMPARE_SUBLINK = 3;
    private static final int EXPR_SUBLINK = 4;
    private static final int MULTIEXPR_SUBLINK = 5;
    private static final int SUBLINK_COLUMN_BITS = 0xFFFF;

    private final QueryScope scope;
    private final TreeFacts facts;
    private @Nullable QueryResult tested;
    /** What stands for the operand of the CASE or the array's element that is being followed. */
    private Dependence placeholder = Dependence.NONE;

    ExpressionWalk(QueryScope scope, TreeFacts facts) {
        this.scope = scope;
        this.facts = facts;
    }

    /**
     * What a value depends on.
     *
     * @param sink where the conditions of subqueries within it go; null to count them as dependencies of the value
     */
    Dependence value(Node node, @Nullable Conditions sink) {
        return switch (node) {
            case Node.Nothing nothing -> Dependence.NONE;
            case Node.Items items -> all(items.items(), sink);
            case Node.Struct struct -> structure(struct, sink);
            case Node.Token token when token.quoted() -> Dependence.NONE;
            case Node.Token token -> throw new UnreadableTree("expression", "a word stands where an expression should be");
            case Node.Numbers numbers -> throw new UnreadableTree("expression", "numbers stand where an expression should be");
            case Node.Datum datum -> throw new UnreadableTree("expression", "bytes stand where an expression should be");
        };
    }

    private Dependence all(List<Node> nodes, @Nullable Conditions sink) {
        Dependence all = Dependence.NONE;
        for (Node node : nodes) {
            all = all.and(value(node, sink));
        }
        return all;
    }

    private Dependence structure(Node.Struct node, @Nullable Conditions sink) {
        facts.step(node);
        List<Node> parts = NodeShapes.valuesOf(node);
        return switch (NodeShapes.nameOf(node)) {
            case "VAR" -> scope.variable(node);
            case "PARAM" -> {
                facts.runsCodeOf(node.number("paramtype"));
                yield parameter(node);
            }
            case "CONST" -> {
                facts.runsCodeOf(node.number("consttype"));
                yield Dependence.NONE;
            }
            case "SUBLINK" -> subquery(node, sink);
            case "TARGETENTRY", "RELABELTYPE", "COLLATEEXPR", "RETURNINGEXPR", "NAMEDARGEXPR" -> value(parts.getFirst(), sink);
            case "COERCETODOMAIN" -> {
                facts.runsCodeOf(node.number("resulttype"));
                Dependence of = value(parts.getFirst(), sink);
                facts.failures().cast(node.number("resulttype"), of);
                yield of;
            }
            case "COERCEVIAIO" -> {
                facts.runsCodeOf(node.number("resulttype"));
                Dependence of = all(parts, sink).derived();
                facts.failures().castThroughText(node.number("resulttype"), of);
                yield of;
            }
            case "CASETESTEXPR" -> placeholder;
            case "ARRAYCOERCEEXPR" -> {
                Dependence array = value(node.field("arg"), sink).derived();
                yield array.and(standingFor(array, () -> value(node.field("elemexpr"), sink)));
            }
            case "CASEEXPR" -> choice(node, sink);
            case "COALESCEEXPR" -> {
                List<Dependence> each = each(node, sink);
                each.subList(0, Math.max(0, each.size() - 1)).forEach(facts.failures()::choosing);
                yield together(each).derived();
            }
            case "BOOLEXPR" -> {
                List<Dependence> each = each(node, sink);
                if (each.size() > 1) {
                    each.forEach(facts.failures()::deciding);
                }
                yield together(each).derived();
            }
            case "FIELDSELECT" -> field(node, sink);
            case "GROUPINGFUNC" -> {
                all(node.list("args"), sink);
                yield Dependence.NONE;
            }
            case "AGGREF" -> {
                scope.aggregate(node);
                yield aggregated(node, "aggfnoid", all(parts, sink), sink);
            }
            case "WINDOWFUNC" -> aggregated(node, "winfnoid", all(parts, sink).and(scope.window(node.number("winref"))), sink);
            case "FUNCEXPR" -> called(node, "funcid", "funcretset", sink);
            case "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR" -> called(node, "opfuncid", "opretset", sink);
            case "SCALARARRAYOPEXPR" -> operated(node, "opfuncid", sink);
            case "ROWCOMPAREEXPR" -> {
                if (node.field("opnos") instanceof Node.Numbers operators) {
                    operators.values().forEach(operator -> facts.runsCodeOf(operator.intValue()));
                }
                yield all(parts, sink);
            }
            case "QUERY", "RANGETBLENTRY", "FROMEXPR", "JOINEXPR", "RANGETBLREF", "SETOPERATIONSTMT", "COMMONTABLEEXPR" ->
                throw new UnreadableTree(node.name(), "it stands where an expression should be");
            default -> {
                Dependence of = all(parts, sink).derived();
                facts.failures().node(node, of);
                yield of;
            }
        };
    }

    /** A FILTER decides which arguments are computed. */
    private Dependence aggregated(Node.Struct node, String function, Dependence operands, @Nullable Conditions sink) {
        facts.failures().deciding(value(node.field("aggfilter"), sink));
        facts.failures().call(node.number(function), each(node, sink), operands, false);
        return facts.call(node.number(function), operands);
    }

    /** A CASE: what its conditions depend on decides which of its results is computed, and which of its further conditions. */
    private Dependence choice(Node.Struct node, @Nullable Conditions sink) {
        Dependence operand = value(node.field("arg"), sink).derived();
        return operand.and(value(node.field("defresult"), sink)).and(standingFor(operand, () -> {
            Dependence all = Dependence.NONE;
            for (Node part : node.list("args")) {
                Node.Struct when = QueryScope.struct(part);
                NodeShapes.check(when);
                Dependence condition = value(when.field("expr"), sink);
                facts.failures().deciding(condition);
                all = all.and(condition).and(value(when.field("result"), sink));
            }
            facts.failures().deciding(operand);
            return all;
        }));
    }

    private Dependence standingFor(Dependence value, Supplier<Dependence> walk) {
        Dependence before = placeholder;
        placeholder = value;
        try {
            return walk.get();
        } finally {
            placeholder = before;
        }
    }

    private List<Dependence> each(Node.Struct node, @Nullable Conditions sink) {
        return node.list("args").stream().map(argument -> value(argument, sink)).toList();
    }

    private static Dependence together(List<Dependence> each) {
        Dependence all = Dependence.NONE;
        for (Dependence one : each) {
            all = all.and(one);
        }
        return all;
    }

    private Dependence called(Node.Struct node, String function, String returnsSet, @Nullable Conditions sink) {
        Dependence result = operated(node, function, sink);
        if (node.flag(returnsSet)) {
            scope.conditions().predicate(result);
        }
        return result;
    }

    /** The rewriter names only the operator, not yet its function, in what it makes of SEARCH and CYCLE. */
    private Dependence operated(Node.Struct node, String function, @Nullable Conditions sink) {
        int oid = node.number(function);
        List<Dependence> each = each(node, sink);
        Dependence arguments = together(each);
        if (oid == 0 && node.fields().containsKey("opno") && facts.isBuiltIn(node.number("opno"))) {
            return arguments.derived();
        }
        facts.failures().call(oid, each, arguments, node.list("args").stream().anyMatch(facts.failures()::isInteger));
        return facts.call(oid, arguments);
    }

    private Dependence parameter(Node.Struct node) {
        int number = node.number("paramid");
        int kind = node.number("paramkind");
        if (kind == PARAM_EXTERN) {
            return Dependence.NONE;
        }
        if (kind == PARAM_SUBLINK && tested != null) {
            return tested.column(number);
        }
        if (kind == PARAM_MULTIEXPR) {
            return scope.multipleAssignment(number >>> Short.SIZE, number & SUBLINK_COLUMN_BITS);
        }
        throw new UnreadableTree(node.name(), "a parameter of kind " + kind + " has no meaning here");
    }

    private Dependence subquery(Node.Struct node, @Nullable Conditions sink) {
        QueryResult result = scope.subquery(node);
        int type = node.number("subLinkType");
        Dependence existence = Dependence.NONE;
        if (sink == null) {
            existence = Dependence.on(result.conditions());
        } else {
            sink.addAll(result.conditions());
        }
        facts.failures().add("a subquery within an expression", countsOnOneRow(node) ? existence : Dependence.NONE);
        if (type == EXISTS_SUBLINK) {
            return existence;
        }
        if (type == EXPR_SUBLINK && result.columns().size() == 1) {
            return result.column(1).under(existence);
        }
        return whileTested(result, () -> value(node.field("testexpr"), sink)).and(result.whole()).and(existence);
    }

    /** Whether it is an error if there are several rows, and there may be: an aggregate over all rows makes one. */
    private static boolean countsOnOneRow(Node.Struct sublink) {
        int type = sublink.number("subLinkType");
        Node.Struct query = sublink.struct("subselect");
        boolean one = query != null && query.flag("hasAggs") && query.list("groupClause").isEmpty() && query.list("groupingSets").isEmpty() && !query.flag("hasTargetSRFs");
        return (type == ROWCOMPARE_SUBLINK || type == EXPR_SUBLINK || type == MULTIEXPR_SUBLINK) && !one;
    }

    private <T> T whileTested(QueryResult result, Supplier<T> walk) {
        QueryResult before = tested;
        tested = result;
        try {
            return walk.get();
        } finally {
            tested = before;
        }
    }

    private Dependence field(Node.Struct node, @Nullable Conditions sink) {
        if (node.field("arg") instanceof Node.Struct of) {
            int number = node.number("fieldnum");
            if (NodeShapes.nameOf(of).equals("VAR") && of.number("varattno") == 0) {
                return scope.field(of, number);
            }
            List<Node> made = NodeShapes.nameOf(of).equals("ROWEXPR") ? of.list("args") : List.of();
            if (number >= 1 && number <= made.size()) {
                all(made, sink);
                return value(made.get(number - 1), sink);
            }
        }
        return value(node.field("arg"), sink).derived();
    }

    /** What a condition tells of the columns in it. */
    void condition(Node node, Conditions conditions) {
        switch (node) {
            case Node.Items items -> items.items().forEach(item -> condition(item, conditions));
            case Node.Struct struct -> conditionStructure(struct, conditions);
            case Node.Nothing nothing -> {}
            case Node.Token token -> value(token, conditions);
            case Node.Numbers numbers -> value(numbers, conditions);
            case Node.Datum datum -> value(datum, conditions);
        }
    }

    private void conditionStructure(Node.Struct node, Conditions conditions) {
        facts.step(node);
        List<Node> parts = NodeShapes.valuesOf(node);
        switch (NodeShapes.nameOf(node)) {
            case "BOOLEXPR" -> node.list("args").forEach(part -> condition(part, conditions));
            case "OPEXPR", "DISTINCTEXPR" -> {
                List<Node> arguments = node.list("args");
                if (arguments.size() == 2 && !node.flag("opretset") && facts.isEquality(node.number("opfuncid"))) {
                    facts.call(node.number("opfuncid"), Dependence.NONE);
                    conditions.equality(value(arguments.getFirst(), conditions), value(arguments.getLast(), conditions));
                } else {
                    conditions.predicate(structure(node, conditions));
                }
            }
            case "SCALARARRAYOPEXPR" -> amongMany(node, conditions);
            case "NULLTEST", "BOOLEANTEST" -> conditions.equality(value(parts.getFirst(), conditions), Dependence.NONE);
            case "VAR" -> conditions.equality(value(node, conditions), Dependence.NONE);
            case "SUBLINK" -> conditionSubquery(node, conditions);
            default -> conditions.predicate(value(node, conditions));
        }
    }

    private void amongMany(Node.Struct node, Conditions conditions) {
        List<Node> arguments = node.list("args");
        if (arguments.size() != 2 || !facts.isEquality(node.number("opfuncid"))) {
            conditions.predicate(structure(node, conditions));
            return;
        }
        facts.call(node.number("opfuncid"), Dependence.NONE);
        Dependence one = value(arguments.getFirst(), conditions);
        if (arguments.getLast() instanceof Node.Struct array && NodeShapes.nameOf(array).equals("ARRAYEXPR")) {
            NodeShapes.check(array);
            array.list("elements").forEach(element -> conditions.equality(one, value(element, conditions)));
        } else {
            conditions.equality(one, value(arguments.getLast(), conditions).derived());
        }
    }

    private void conditionSubquery(Node.Struct node, Conditions conditions) {
        int type = node.number("subLinkType");
        if (type == EXISTS_SUBLINK || type == ANY_SUBLINK || type == ALL_SUBLINK) {
            QueryResult result = scope.subquery(node);
            conditions.addAll(result.conditions());
            if (type != EXISTS_SUBLINK) {
                whileTested(result, () -> {
                    condition(node.field("testexpr"), conditions);
                    return result;
                });
            }
        } else {
            conditions.equality(value(node, conditions), Dependence.NONE);
        }
    }
}
