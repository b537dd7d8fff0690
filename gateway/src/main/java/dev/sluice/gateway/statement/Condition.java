// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the condition of an UPDATE, DELETE or MERGE holds some rows back. A condition that looks at no column of the row holds all of them
 * back or none; it counts as always true unless it is plainly false. Best effort on the side of "always": an IS NOT NULL alone holds nothing back.
 */
final class Condition {
    /** For which rows a condition is true. */
    enum Truth {
        ALWAYS,
        NEVER,
        /** For all rows or for none: it looks at no column. */
        EITHER,
        SOMETIMES;

        /** True if the condition may let every row through. */
        boolean holdsNothingBack() {
            return this == ALWAYS || this == EITHER;
        }

        private Truth not() {
            return switch (this) {
                case ALWAYS -> NEVER;
                case NEVER -> ALWAYS;
                case EITHER, SOMETIMES -> this;
            };
        }

        private Truth and(Truth other) {
            if (this == NEVER || other == NEVER) {
                return NEVER;
            }
            if (this == SOMETIMES || other == SOMETIMES) {
                return SOMETIMES;
            }
            return this == EITHER ? EITHER : other;
        }

        private Truth or(Truth other) {
            if (this == ALWAYS || other == ALWAYS) {
                return ALWAYS;
            }
            if (this == EITHER || other == EITHER) {
                return EITHER;
            }
            return this == SOMETIMES ? SOMETIMES : other;
        }
    }

    private static final Map<String, String> COMPLEMENTS = Map.of("=", "<>", "<>", "=", "<", ">=", ">=", "<", ">", "<=", "<=", ">");

    private boolean dependsOnConstants;

    /** True if another constant of the same kind might have given another answer. */
    boolean dependsOnConstants() {
        return dependsOnConstants;
    }

    /** For a wrapped node, or null where there is no condition. */
    Truth of(@Nullable JsonNode wrapped) {
        if (wrapped == null) {
            return Truth.ALWAYS;
        }
        String type = ParseTree.nameOf(wrapped);
        if (type == null) {
            return Truth.SOMETIMES;
        }
        JsonNode node = wrapped.get(type);
        Truth truth = switch (type) {
            case "A_Const", "TypeCast" -> constant(wrapped);
            case "ParamRef" -> Truth.EITHER;
            case "BoolExpr" -> combination(node);
            case "NullTest" -> nullTest(node);
            case "BooleanTest" -> booleanTest(node);
            case "A_Expr" -> expression(node);
            case "SubLink" -> subquery(node);
            case "CaseExpr" -> firstOf(node);
            case "CoalesceExpr" -> coalesce(node.path("args"));
            case "CollateClause" -> of(node.get("arg"));
            default -> Truth.SOMETIMES;
        };
        return truth == Truth.SOMETIMES && !Columns.looksAtARow(wrapped) ? Truth.EITHER : truth;
    }

    private Truth constant(JsonNode wrapped) {
        Object value = Constants.value(wrapped);
        if (value == null) {
            return Truth.SOMETIMES;
        }
        if (value == Constants.NULL) {
            return Truth.NEVER;
        }
        dependsOnConstants |= Constants.anyIn(wrapped);
        Boolean bool = Constants.bool(value);
        if (bool == null) {
            return Truth.EITHER;
        }
        return bool ? Truth.ALWAYS : Truth.NEVER;
    }

    private Truth combination(JsonNode node) {
        JsonNode arguments = node.path("args");
        return switch (node.path("boolop").asText("")) {
            case "NOT_EXPR" -> of(arguments.get(0)).not();
            case "AND_EXPR" -> and(arguments);
            default -> or(arguments);
        };
    }

    private Truth and(JsonNode arguments) {
        Truth all = Truth.ALWAYS;
        for (JsonNode argument : arguments) {
            all = all.and(of(argument));
        }
        return all;
    }

    private Truth or(JsonNode arguments) {
        Truth any = Truth.NEVER;
        for (JsonNode argument : arguments) {
            any = any.or(of(argument));
        }
        return complementary(arguments) ? Truth.ALWAYS : any;
    }

    /** {@code id = 5 OR id <> 5} */
    private boolean complementary(JsonNode arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            JsonNode left = arguments.get(i).path("A_Expr");
            for (int j = i + 1; j < arguments.size() && !left.isMissingNode(); j++) {
                JsonNode right = arguments.get(j).path("A_Expr");
                String complement = COMPLEMENTS.get(operator(left));
                if (complement != null && complement.equals(operator(right)) && ParseTree.same(left.get("lexpr"), right.get("lexpr"))) {
                    dependsOnConstants |= Constants.anyIn(left.get("rexpr")) || Constants.anyIn(left.get("lexpr"));
                    if (ParseTree.same(left.get("rexpr"), right.get("rexpr"))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Truth nullTest(JsonNode node) {
        JsonNode argument = node.path("arg");
        if (Constants.value(argument) == Constants.NULL) {
            return node.path("nulltesttype").asText("").equals("IS_NULL") ? Truth.ALWAYS : Truth.NEVER;
        }
        if (node.path("nulltesttype").asText("").equals("IS_NOT_NULL")) {
            return Truth.ALWAYS;
        }
        return Constants.value(argument) != null ? Truth.NEVER : Truth.SOMETIMES;
    }

    private Truth booleanTest(JsonNode node) {
        Truth argument = of(node.get("arg"));
        return switch (node.path("booltesttype").asText("")) {
            case "IS_TRUE", "IS_NOT_FALSE" -> argument;
            case "IS_FALSE", "IS_NOT_TRUE" -> argument.not();
            case "IS_NOT_UNKNOWN" -> Truth.ALWAYS;
            default -> Truth.SOMETIMES;
        };
    }

    private Truth expression(JsonNode node) {
        return switch (node.path("kind").asText("")) {
            case "AEXPR_OP" -> comparison(operator(node), node.get("lexpr"), node.get("rexpr"));
            case "AEXPR_NOT_DISTINCT" -> comparison("=", node.get("lexpr"), node.get("rexpr"));
            case "AEXPR_DISTINCT" -> distinct(node);
            case "AEXPR_IN", "AEXPR_OP_ANY" -> operator(node).equals("=") ? membership(node.get("lexpr"), node.get("rexpr")) : Truth.SOMETIMES;
            case "AEXPR_BETWEEN", "AEXPR_BETWEEN_SYM" -> between(node);
            case "AEXPR_LIKE", "AEXPR_ILIKE", "AEXPR_SIMILAR" -> pattern(node);
            default -> Truth.SOMETIMES;
        };
    }

    private static String operator(JsonNode node) {
        List<String> names = ParseTree.names(node.get("name"));
        String name = names.isEmpty() ? "" : names.getLast();
        return name.equals("!=") ? "<>" : name;
    }

    private Truth comparison(String operator, @Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == null || right == null) {
            return Truth.SOMETIMES;
        }
        Object leftValue = known(left);
        Object rightValue = known(right);
        if (leftValue != null && rightValue != null) {
            dependsOnConstants |= Constants.anyIn(left) || Constants.anyIn(right);
            return compare(operator, leftValue, rightValue);
        }
        boolean constants = Constants.anyIn(left) && Constants.anyIn(right);
        if (constants && Columns.looksAtARow(left) && Columns.looksAtARow(right)) {
            dependsOnConstants = true;
        }
        if (ParseTree.same(left, right)) {
            return switch (operator) {
                case "=", "<=", ">=" -> Truth.ALWAYS;
                case "<>", "<", ">" -> Truth.NEVER;
                default -> Truth.SOMETIMES;
            };
        }
        if (operator.startsWith("~")) {
            dependsOnConstants = true;
            return right.findValuesAsText("sval").stream().anyMatch(text -> text.isEmpty() || text.equals(".*")) ? Truth.ALWAYS : Truth.SOMETIMES;
        }
        return Truth.SOMETIMES;
    }

    /** The value of a constant expression or of a condition that is the same for all rows, or null. */
    private @Nullable Object known(JsonNode wrapped) {
        Object value = Constants.value(wrapped);
        if (value == null && (wrapped.has("BoolExpr") || wrapped.has("A_Expr") || wrapped.has("NullTest") || wrapped.has("SubLink"))) {
            Truth truth = of(wrapped);
            boolean sure = truth == Truth.ALWAYS || truth == Truth.NEVER;
            return sure && Constants.isClosed(wrapped) ? (Object) (truth == Truth.ALWAYS) : null;
        }
        return value;
    }

    private static Truth compare(String operator, Object left, Object right) {
        if (left == Constants.NULL || right == Constants.NULL) {
            return Truth.NEVER;
        }
        Integer order = Constants.order(left, right);
        if (order == null || (order != 0 && left instanceof String)) {
            return Truth.EITHER;
        }
        boolean holds = switch (operator) {
            case "=" -> order == 0;
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> true;
        };
        return holds ? Truth.ALWAYS : Truth.NEVER;
    }

    private static Truth distinct(JsonNode node) {
        boolean fromNull = Constants.value(node.path("lexpr")) == Constants.NULL || Constants.value(node.path("rexpr")) == Constants.NULL;
        return fromNull ? Truth.ALWAYS : Truth.SOMETIMES;
    }

    private Truth membership(@Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == null || right == null) {
            return Truth.SOMETIMES;
        }
        JsonNode array = right.path("A_ArrayExpr").path("elements");
        JsonNode list = right.path("List").path("items");
        JsonNode items = right.isArray() ? right : list.isMissingNode() ? array : list;
        Truth any = Truth.NEVER;
        for (JsonNode item : items) {
            any = any.or(comparison("=", left, item));
        }
        return items.isEmpty() ? Truth.SOMETIMES : any;
    }

    private Truth between(JsonNode node) {
        JsonNode bounds = node.path("rexpr").path("List").path("items");
        if (bounds.size() != 2) {
            return Truth.SOMETIMES;
        }
        Truth low = comparison(">=", node.get("lexpr"), bounds.get(0));
        Truth high = comparison("<=", node.get("lexpr"), bounds.get(1));
        return low.and(high);
    }

    private Truth pattern(JsonNode node) {
        JsonNode right = node.path("rexpr");
        dependsOnConstants |= Constants.anyIn(right);
        boolean negated = operator(node).startsWith("!");
        Object value = Constants.value(right);
        boolean matchesAll = value instanceof String text && !text.isEmpty() && text.chars().allMatch(c -> c == '%');
        boolean itself = ParseTree.same(node.get("lexpr"), node.get("rexpr"));
        return (matchesAll || itself) && !negated ? Truth.ALWAYS : Truth.SOMETIMES;
    }

    private Truth subquery(JsonNode node) {
        JsonNode select = node.path("subselect").path("SelectStmt");
        String kind = node.path("subLinkType").asText("");
        if (select.has("limitCount") || select.has("limitOffset")) {
            dependsOnConstants = true;
        }
        if (kind.equals("EXISTS_SUBLINK")) {
            boolean plain = !select.has("larg") && !select.has("havingClause") && !select.has("limitOffset");
            return plain && of(select.get("whereClause")).holdsNothingBack() ? Truth.EITHER : Truth.SOMETIMES;
        }
        JsonNode value = select.path("targetList").path(0).path("ResTarget").get("val");
        if (kind.equals("EXPR_SUBLINK")) {
            return select.has("fromClause") || value == null ? Truth.SOMETIMES : of(value);
        }
        if (kind.equals("ANY_SUBLINK") && (!node.has("operName") || ParseTree.names(node.get("operName")).contains("=")) && value != null && !select.has("limitCount")) {
            boolean same = Columns.sameColumn(node.path("testexpr"), value);
            return same && of(select.get("whereClause")).holdsNothingBack() ? Truth.ALWAYS : Truth.SOMETIMES;
        }
        return Truth.SOMETIMES;
    }

    private Truth firstOf(JsonNode node) {
        Truth result = of(node.get("defresult"));
        result = node.has("defresult") ? result : Truth.NEVER;
        for (int i = node.path("args").size() - 1; i >= 0; i--) {
            JsonNode when = node.path("args").get(i).path("CaseWhen");
            Truth applies = node.has("arg") ? Truth.SOMETIMES : of(when.get("expr"));
            Truth then = of(when.get("result"));
            result = switch (applies) {
                case ALWAYS -> then;
                case NEVER -> result;
                case EITHER -> then == result ? result : Truth.EITHER;
                case SOMETIMES -> then == result ? result : Truth.SOMETIMES;
            };
        }
        return result;
    }

    private Truth coalesce(JsonNode arguments) {
        for (JsonNode argument : arguments) {
            if (Constants.value(argument) != Constants.NULL) {
                return of(argument);
            }
        }
        return Truth.NEVER;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
