// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of constant expressions: what PostgreSQL would fold before it looks at a row, as far as comparisons need it. */
final class Constants {
    /** The value of NULL. */
    static final Object NULL = new Object();

    /** A constant whose value we do not know: what a type makes of a literal is the type's affair. */
    static final Object OPAQUE = new Object();

    private static final int MAXIMUM_DIGITS = 1000;

    private Constants() {}

    /** {@link #NULL}, {@link #OPAQUE}, a Boolean, a BigDecimal or a String; null if the expression is not constant or not simple enough. */
    static @Nullable Object value(JsonNode wrapped) {
        JsonNode constant = wrapped.get("A_Const");
        if (constant != null) {
            return literal(constant);
        }
        JsonNode cast = wrapped.get("TypeCast");
        if (cast != null) {
            Object value = value(cast.path("arg"));
            List<String> type = ParseTree.names(cast.path("typeName").get("names"));
            if (value == null || value == NULL) {
                return value;
            }
            boolean toBool = !type.isEmpty() && type.getLast().equals("bool");
            Boolean truth = toBool && value != OPAQUE ? bool(value) : null;
            return truth == null ? OPAQUE : truth;
        }
        JsonNode expression = wrapped.get("A_Expr");
        if (expression != null && expression.path("kind").asText("").equals("AEXPR_OP")) {
            return arithmetic(expression);
        }
        return null;
    }

    /** What PostgreSQL makes of the value as a boolean, or null if it would refuse it. */
    static @Nullable Boolean bool(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof BigDecimal number) {
            return number.signum() != 0;
        }
        if (value == OPAQUE) {
            return null;
        }
        return switch (Condition.lower(value.toString().strip())) {
            case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> true;
            case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> false;
            default -> null;
        };
    }

    /** How they compare, or null if their kinds do not compare. */
    static @Nullable Integer order(Object left, Object right) {
        BigDecimal leftNumber = number(left);
        BigDecimal rightNumber = number(right);
        if (leftNumber != null && rightNumber != null && !(left instanceof String && right instanceof String)) {
            return leftNumber.compareTo(rightNumber);
        }
        if (left instanceof Boolean || right instanceof Boolean) {
            Boolean leftBool = bool(left);
            Boolean rightBool = bool(right);
            return leftBool == null || rightBool == null ? null : Integer.valueOf(leftBool.compareTo(rightBool));
        }
        return left instanceof String && right instanceof String ? Integer.signum(left.toString().compareTo(right.toString())) : null;
    }

    /** True if the tree holds a constant that is written as a literal: TRUE, FALSE and NULL are keywords. */
    static boolean anyIn(@Nullable JsonNode tree) {
        if (tree == null) {
            return false;
        }
        JsonNode constant = tree.get("A_Const");
        if (constant != null && !constant.has("boolval") && !constant.has("isnull")) {
            return true;
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && anyIn(child)) {
                return true;
            }
        }
        return false;
    }

    /** True if nothing in the tree can differ between rows or executions. */
    static boolean isClosed(JsonNode tree) {
        if (tree.isObject() && (tree.has("ColumnRef") || tree.has("ParamRef") || tree.has("FuncCall"))) {
            return false;
        }
        for (JsonNode child : tree) {
            if (child.isContainerNode() && !isClosed(child)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object literal(JsonNode constant) {
        if (constant.path("isnull").booleanValue()) {
            return NULL;
        }
        if (constant.has("boolval")) {
            return constant.path("boolval").path("boolval").booleanValue();
        }
        if (constant.has("ival")) {
            return BigDecimal.valueOf(constant.path("ival").path("ival").longValue());
        }
        if (constant.has("fval")) {
            return number(constant.path("fval").path("fval").asText(""));
        }
        if (constant.has("sval")) {
            return constant.path("sval").path("sval").asText("");
        }
        return constant.has("bsval") ? constant.path("bsval").path("bsval").asText("") : null;
    }

    private static @Nullable BigDecimal number(Object value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof String text && text.length() <= MAXIMUM_DIGITS) {
            try {
                BigDecimal number = new BigDecimal(text.strip());
                return Math.abs((long) number.scale()) > MAXIMUM_DIGITS ? null : number;
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable Object arithmetic(JsonNode expression) {
        List<String> operator = ParseTree.names(expression.get("name"));
        JsonNode left = expression.get("lexpr");
        JsonNode right = expression.get("rexpr");
        Object rightValue = right == null ? null : value(right);
        if (operator.size() != 1 || rightValue == null) {
            return null;
        }
        Object leftValue = left == null ? BigDecimal.ZERO : value(left);
        if (leftValue == null || leftValue == NULL || rightValue == NULL) {
            return leftValue == null ? null : NULL;
        }
        if (leftValue == OPAQUE || rightValue == OPAQUE) {
            return OPAQUE;
        }
        if (operator.getFirst().equals("||")) {
            return leftValue.toString() + rightValue;
        }
        BigDecimal leftNumber = number(leftValue);
        BigDecimal rightNumber = number(rightValue);
        if (leftNumber == null || rightNumber == null) {
            return null;
        }
        return switch (operator.getFirst()) {
            case "+" -> leftNumber.add(rightNumber);
            case "-" -> leftNumber.subtract(rightNumber);
            case "*" -> leftNumber.precision() + rightNumber.precision() > MAXIMUM_DIGITS ? null : leftNumber.multiply(rightNumber);
            default -> null;
        };
    }
}
