// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.schemas.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds in a condition what is right by its types and can never be meant: a word that a field never has. */
final class ConditionWarnings {
    private static final Map<String, List<String>> WORDS = Map.of(
            "effects", words(Effect.values()),
            "access", words(Access.values()),
            "copy", words(CopyDirection.values()),
            "transactionControl", words(TransactionControl.values()),
            "method", words(Principal.Method.values()));

    /** @param offset of the place within the condition, in code points */
    record Warning(int offset, String text) {}

    private ConditionWarnings() {}

    static List<Warning> of(CelAbstractSyntaxTree tree) {
        List<Warning> warnings = new ArrayList<>();
        CelNavigableAst.fromAst(tree).getRoot().allNodes().filter(node -> node.getKind() == CelExpr.ExprKind.Kind.CALL).forEach(node -> {
            CelExpr.CelCall call = node.expr().call();
            if (call.args().size() == 2) {
                compared(tree, node, call.args().get(0), call.args().get(1), call.function(), warnings);
                compared(tree, node, call.args().get(1), call.args().get(0), call.function(), warnings);
            }
        });
        return warnings;
    }

    private static void compared(
            CelAbstractSyntaxTree tree, CelNavigableExpr at, CelExpr field, CelExpr constant, String operator, List<Warning> warnings) {
        String name = operator.equals("_==_") || operator.equals("_!=_") || operator.equals("@in") ? field(field, at) : null;
        if (name == null) {
            return;
        }
        List<CelExpr> constants = constant.getKind() == CelExpr.ExprKind.Kind.LIST ? constant.list().elements() : List.of(constant);
        for (CelExpr each : constants) {
            Optional<String> word = string(each);
            int offset = tree.getSource().getPositionsMap().getOrDefault(each.id(), 0);
            List<String> known = WORDS.get(name);
            if (word.isPresent() && known != null && !known.contains(word.get())) {
                warnings.add(new Warning(offset, "'" + word.get() + "' is none of the words of '" + name + "'" + Suggestion.among(known, word.get())));
            }
            if (word.isPresent() && name.equals("schema") && constants.size() == 1 && operator.equals("_==_") && !word.get().isEmpty()) {
                warnings.add(new Warning(offset, "a statement may leave the schema out, and this does not match then; say in ['" + word.get() + "', '']"));
            }
        }
    }

    private static Optional<String> string(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue())
                : Optional.empty();
    }

    /** The field that is looked at: directly, or through the variable of a loop over it. */
    private static @Nullable String field(CelExpr expression, CelNavigableExpr at) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            return expression.select().field();
        }
        if (expression.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return null;
        }
        Optional<CelNavigableExpr> around = at.parent();
        while (around.isPresent()) {
            CelExpr loop = around.get().expr();
            if (loop.getKind() == CelExpr.ExprKind.Kind.COMPREHENSION && loop.comprehension().iterVar().equals(expression.ident().name())) {
                CelExpr range = loop.comprehension().iterRange();
                return range.getKind() == CelExpr.ExprKind.Kind.SELECT ? range.select().field() : null;
            }
            around = around.get().parent();
        }
        return null;
    }

    private static List<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Variables::word).toList();
    }
}
