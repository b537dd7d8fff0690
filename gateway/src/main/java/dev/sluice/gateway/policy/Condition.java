// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A checked expression of type bool. Safe for use by many threads. */
final class Condition {
    /** Fields that another statement of the same template, or the same one later, may have otherwise. */
    private static final Set<String> PARTICULAR = Set.of("estimatedRows", "dependsOnMasked", "textLength", "parameters");

    private static final Set<String> JOINING = Set.of("_&&_", "_||_", "!_");

    private final CelAbstractSyntaxTree tree;
    private final CelRuntime runtime;
    private final CelRuntime.Program program;
    private final boolean dependsOnNow;
    private final boolean varies;

    Condition(CelAbstractSyntaxTree tree, CelRuntime runtime) {
        this.tree = tree;
        this.runtime = runtime;
        this.program = program(tree);
        this.dependsOnNow = tree.getReferenceMap().values().stream().map(CelReference::name).anyMatch(Conditions.NOW::equals);
        this.varies = dependsOnNow || fields(tree).anyMatch(PARTICULAR::contains);
    }

    private static Stream<String> fields(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.SELECT)
                .map(CelNavigableExpr::expr)
                .map(select -> select.select().field());
    }

    /** Whether the answer may change while everything but the time stays. */
    boolean dependsOnNow() {
        return dependsOnNow;
    }

    /** Whether the answer may change while the statement's template, the caller and the policy stay. */
    boolean varies() {
        return varies;
    }

    /** As it stands in the file. */
    String text() {
        return tree.getSource().getContent().toString();
    }

    List<ConditionWarnings.Warning> warnings() {
        return ConditionWarnings.of(tree);
    }

    /** Whether it holds for these variables. What is not known is not among them. */
    Answer ask(Map<String, ?> values) {
        return ask(tree, program, values);
    }

    /** What {@code &&}, {@code ||} and {@code !} put together, each asked for itself; nothing where there is only one. */
    List<Explanation.Part> parts(Map<String, ?> values) {
        List<CelExpr> leaves = new ArrayList<>();
        collect(tree.getExpr(), leaves);
        List<Explanation.Part> parts = new ArrayList<>();
        if (!leaves.equals(List.of(tree.getExpr()))) {
            for (CelExpr leaf : leaves) {
                CelAbstractSyntaxTree part = CelAbstractSyntaxTree.newCheckedAst(leaf, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
                parts.add(new Explanation.Part(CelUnparserFactory.newUnparser().unparse(part), ask(part, program(part), values)));
            }
        }
        return parts;
    }

    private static void collect(CelExpr expression, List<CelExpr> leaves) {
        if (expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL && JOINING.contains(expression.call().function())) {
            expression.call().args().forEach(argument -> collect(argument, leaves));
        } else {
            leaves.add(expression);
        }
    }

    private CelRuntime.Program program(CelAbstractSyntaxTree checked) {
        try {
            return runtime.createProgram(checked);
        } catch (CelEvaluationException impossible) {
            throw new IllegalStateException("a checked expression has no program", impossible);
        }
    }

    private static Answer ask(CelAbstractSyntaxTree tree, CelRuntime.Program program, Map<String, ?> values) {
        try {
            return new Answer.Known((Boolean) program.eval(values));
        } catch (CelEvaluationException failed) {
            String message = String.valueOf(failed.getMessage());
            if (failed.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
                // It names one of them, whichever it has come across first; any may turn the answer.
                Set<Particulars.Unknown> unknown = fields(tree).flatMap(field -> Particulars.Unknown.of(field).stream()).filter(each -> !isKnown(each, values)).collect(Collectors.toSet());
                if (unknown.stream().anyMatch(each -> message.contains("'" + each.field() + "'"))) {
                    return new Answer.Open(unknown);
                }
            }
            return new Answer.Failed(message);
        } catch (RuntimeException failed) {
            return new Answer.Failed(String.valueOf(failed.getMessage()));
        }
    }

    private static boolean isKnown(Particulars.Unknown unknown, Map<String, ?> values) {
        return values.get("statement") instanceof Map<?, ?> statement && statement.containsKey(unknown.field());
    }
}
