// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows the expressions of one query: values to what they depend on, conditions to what they tell of which column. For one thread. */
final class ExpressionWalk {
    private static final int PARAM_EXTERN = 0;
    private static final int PARAM_SUBLINK = 2;
    private static final int PARAM_MULTIEXPR = 3;
    private static final int EXISTS_SUBLINK = 0;
    private static final int ALL_SUBLINK = 1;
    private static final int ANY_SUBLINK = 2;
    private static final int EXPR_SUBLINK = 4;
    private static final int SUBLINK_COLUMN_BITS = 0xFFFF;

    private final QueryScope scope;
    private final TreeFacts facts;
    private @Nullable QueryResult tested;

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
            case "PARAM" -> parameter(node);
            case "SUBLINK" -> subquery(node, sink);
            case "TARGETENTRY", "RELABELTYPE", "COLLATEEXPR", "RETURNINGEXPR", "NAMEDARGEXPR" -> value(parts.getFirst(), sink);
            case "COERCETODOMAIN" -> {
                facts.runsCodeOf(node.number("resulttype"));
                yield value(parts.getFirst(), sink);
            }
            case "COERCEVIAIO" -> {
                facts.runsCodeOf(node.number("resulttype"));
                yield all(parts, sink).derived();
            }
            case "FIELDSELECT" -> field(node, sink);
            case "GROUPINGFUNC" -> {
                all(node.list("args"), sink);
                yield Dependence.NONE;
            }
            case "AGGREF" -> {
                scope.aggregate(node);
                yield facts.call(node.number("aggfnoid"), all(parts, sink));
            }
            case "WINDOWFUNC" -> facts.call(node.number("winfnoid"), all(parts, sink).and(scope.window(node.number("winref"))));
            case "FUNCEXPR" -> called(node, "funcid", "funcretset", all(parts, sink));
            case "OPEXPR", "DISTINCTEXPR", "NULLIFEXPR" -> called(node, "opfuncid", "opretset", all(parts, sink));
            case "SCALARARRAYOPEXPR" -> operated(node, "opfuncid", all(parts, sink));
            case "ROWCOMPAREEXPR" -> {
                if (node.field("opnos") instanceof Node.Numbers operators) {
                    operators.values().forEach(operator -> facts.runsCodeOf(operator.intValue()));
                }
                yield all(parts, sink);
            }
            case "QUERY", "RANGETBLENTRY", "FROMEXPR", "JOINEXPR", "RANGETBLREF", "SETOPERATIONSTMT", "COMMONTABLEEXPR" ->
                throw new UnreadableTree(node.name(), "it stands where an expression should be");
            default -> all(parts, sink).derived();
        };
    }

    private Dependence called(Node.Struct node, String function, String returnsSet, Dependence arguments) {
        Dependence result = operated(node, function, arguments);
        if (node.flag(returnsSet)) {
            scope.conditions().predicate(result);
        }
        return result;
    }

    /** The rewriter names only the operator, not yet its function, in what it makes of SEARCH and CYCLE. */
    private Dependence operated(Node.Struct node, String function, Dependence arguments) {
        int oid = node.number(function);
        if (oid == 0 && node.fields().containsKey("opno") && facts.isBuiltIn(node.number("opno"))) {
            return arguments.derived();
        }
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
        if (type == EXISTS_SUBLINK) {
            return existence;
        }
        if (type == EXPR_SUBLINK && result.columns().size() == 1) {
            return result.column(1).under(existence);
        }
        return whileTested(result, () -> value(node.field("testexpr"), sink)).and(result.whole()).and(existence);
    }

    private <T> T whileTested(QueryResult result, java.util.function.Supplier<T> walk) {
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
