// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Function;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What in a statement may raise an error for some values and not for others: that there is an error tells one bit of them. And what decides
 * whether a part of an expression is computed at all, since then even a failure of constants tells that bit. For one thread.
 */
final class Failures {
    /** Types whose input functions take every text: text, "char", name, varchar, bpchar, cstring and unknown. */
    private static final Set<Integer> TAKE_EVERY_TEXT = Set.of(25, 18, 19, 1043, 1042, 2275, 705);

    /** bigint, smallint and integer. */
    private static final Set<Integer> INTEGER_TYPES = Set.of(20, 21, 23);

    /** Nodes whose value may fail to be, by what they are called in SQL. */
    private static final Map<String, String> NODES = Map.ofEntries(
            Map.entry("FIELDSTORE", "an assignment to a field"),
            Map.entry("JSONCOERCION", "a JSON expression"),
            Map.entry("JSONCONSTRUCTOREXPR", "a JSON constructor"),
            Map.entry("JSONEXPR", "a JSON expression"),
            Map.entry("JSONISPREDICATE", "IS JSON"),
            Map.entry("JSONVALUEEXPR", "a JSON expression"),
            Map.entry("TABLEFUNC", "XMLTABLE or JSON_TABLE"),
            Map.entry("XMLEXPR", "an XML expression"));

    private final TreeFacts facts;
    private final Map<String, Lineage.Failure> failures = new TreeMap<>();
    private final Set<ColumnId> choosing = new HashSet<>();
    private boolean callsVolatile;

    Failures(TreeFacts facts) {
        this.facts = facts;
    }

    /** A part that may fail, by what its operands depend on. */
    void add(String expression, Dependence operands) {
        add(expression, 0, operands);
    }

    private void add(String expression, int function, Dependence operands) {
        add(new Lineage.Failure(expression, function, operands.columns()));
    }

    private void add(Lineage.Failure failure) {
        failures.merge(failure.expression(), failure, (one, other) -> {
            Set<ColumnId> both = new HashSet<>(one.columns());
            both.addAll(other.columns());
            return new Lineage.Failure(one.expression(), one.function(), both);
        });
    }

    /** All of this may happen in whatever is being followed now. */
    void arise() {
        Failures now = facts.failures();
        if (now != this) {
            failures.values().forEach(now::add);
            now.choosing.addAll(choosing);
            now.callsVolatile |= callsVolatile;
        }
    }

    /** Whether a call may give another value each time: the server computes it even if nobody asks for it. */
    boolean callsVolatile() {
        return callsVolatile;
    }

    /**
     * A call.
     *
     * @param arguments what each depends on, as far as they are in order
     * @param all what they depend on together
     * @param withInteger whether one of two operands is an integer constant
     */
    void call(int oid, List<Dependence> arguments, Dependence all, boolean withInteger) {
        Function function = facts.catalog().function(oid);
        callsVolatile |= function == null || function.volatility() == Function.Volatility.VOLATILE;
        Set<Integer> constants = TotalFunctions.constantsOf(function);
        String name = "function " + (function == null ? "with OID " + Integer.toUnsignedString(oid) : function.schema() + "." + function.name());
        if (withInteger && TotalFunctions.isTotalWithInteger(function)) {
            return;
        }
        if (constants == null) {
            add(name, oid, all);
        } else if (!constants.isEmpty()) {
            // The right constants never fail, wrong ones always: it is not known which they are.
            boolean constant = constants.stream().allMatch(place -> place <= arguments.size() && arguments.get(place - 1).constant());
            add(name, oid, constant ? Dependence.NONE : all);
        }
    }

    /** Whether an operand of numeric's arithmetic is an integer constant: at most 19 digits. */
    boolean isInteger(Node operand) {
        if (!(operand instanceof Node.Struct cast) || !NodeShapes.nameOf(cast).equals("FUNCEXPR") || cast.list("args").size() != 1) {
            return false;
        }
        Function function = facts.catalog().function(cast.number("funcid"));
        return function != null
                && function.builtIn()
                && function.name().equals("numeric")
                && INTEGER_TYPES.contains(function.argumentTypes().getFirst())
                && cast.list("args").getFirst() instanceof Node.Struct constant
                && NodeShapes.nameOf(constant).equals("CONST");
    }

    /** A cast by way of the text that the value has. */
    void castThroughText(int type, Dependence value) {
        if (!TAKE_EVERY_TEXT.contains(type)) {
            cast(type, value);
        }
    }

    /** A cast that may refuse values. */
    void cast(int type, Dependence value) {
        DataType known = facts.catalog().type(type);
        add("the cast to " + (known == null ? "type " + Integer.toUnsignedString(type) : known.schema() + "." + known.name()), value);
    }

    /** A node that is no call. */
    void node(Node.Struct node, Dependence parts) {
        String name = NodeShapes.nameOf(node);
        String expression = NODES.get(name);
        if (expression != null) {
            add(expression, parts);
        } else if (name.equals("ARRAYEXPR") && node.flag("multidims")) {
            add("an array of arrays", parts);
        } else if (name.equals("SUBSCRIPTINGREF") && !(node.field("refassgnexpr") instanceof Node.Nothing)) {
            add("an assignment to an element", parts);
        }
    }

    /** A value that decides which parts of an expression are computed. That a column is null or not is no secret. */
    void choosing(Dependence value) {
        if (value.origin() == null) {
            choosing.addAll(value.columns());
        }
    }

    /** The same for a condition: even of a bare column the value counts. */
    void deciding(Dependence condition) {
        choosing.addAll(condition.columns());
    }

    List<Lineage.Failure> all() {
        return List.copyOf(failures.values());
    }

    Set<ColumnId> choosing() {
        return choosing;
    }
}
