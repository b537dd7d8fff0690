// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which columns a statement's answer depends on, as the server itself resolved it. Immutable. */
public sealed interface Lineage {
    /**
     * The whole tree was understood.
     *
     * <p>A use of a column in a condition counts once for what it reveals: {@code equalityPredicates} and {@code joins} are uses of the bare
     * column in an equality, {@code predicates} is every other use. A column may be in several of the sets. The conditions of subqueries and
     * views that rows come from count as the statement's own; those of a subquery within an expression count there as long as the expression
     * is a condition, and as the value's dependencies where it is a value.
     *
     * @param outputs what the client receives, by position; empty for statements that return no rows
     * @param reads every column that the tree mentions at all, in views and row security too; at least what the server checks
     *     permissions on
     * @param predicates columns in WHERE, HAVING, JOIN ON, LIMIT, INTERSECT, EXCEPT, row security and set-returning functions, in
     *     comparisons other than plain equality; expressions that rows are sorted or grouped by count here too
     * @param equalityPredicates columns compared for equality with constants and parameters, tests for null included
     * @param joins columns compared for equality with other columns
     * @param ordering columns that rows are sorted by
     * @param grouping columns that rows are grouped or made distinct by
     * @param flows what is written from which columns; columns that are written from nothing but constants are listed too
     * @param relations OIDs of all relations, views included, that the tree names
     * @param functions OIDs of all functions that the tree calls, those behind operators included
     * @param calls the calls of functions whose class is not {@link FunctionClass#PURE}, with the columns that their arguments depend on
     * @param userTypes OIDs of the types and sort operators, not PostgreSQL's own, whose code runs without being named by a function:
     *     input and output of casts, domain checks, sorting and grouping
     * @param failures what may raise an error for some values and not for others; that there is an error tells of the columns that it depends on
     * @param choosing columns whose values decide which parts of expressions are computed, and so whether a failure comes to light that does not
     *     depend on them itself: those in CASE, AND, OR, FILTER, and before the last of COALESCE
     * @param commandType SELECT, INSERT, UPDATE, DELETE, MERGE, UTILITY or NOTHING (a rule made nothing of it)
     */
    record Resolved(
            List<Output> outputs,
            Set<ColumnId> reads,
            Set<ColumnId> predicates,
            Set<ColumnId> equalityPredicates,
            Set<ColumnId> joins,
            Set<ColumnId> ordering,
            Set<ColumnId> grouping,
            List<Flow> flows,
            Set<Integer> relations,
            Set<Integer> functions,
            List<Call> calls,
            Set<Integer> userTypes,
            List<Failure> failures,
            Set<ColumnId> choosing,
            String commandType)
            implements Lineage {
        public Resolved {
            outputs = List.copyOf(outputs);
            reads = Set.copyOf(reads);
            predicates = Set.copyOf(predicates);
            equalityPredicates = Set.copyOf(equalityPredicates);
            joins = Set.copyOf(joins);
            ordering = Set.copyOf(ordering);
            grouping = Set.copyOf(grouping);
            flows = List.copyOf(flows);
            relations = Set.copyOf(relations);
            functions = Set.copyOf(functions);
            calls = List.copyOf(calls);
            userTypes = Set.copyOf(userTypes);
            failures = List.copyOf(failures);
            choosing = Set.copyOf(choosing);
        }

        /** Every column that decides which rows there are, how many, and in which order. */
        public Set<ColumnId> conditions() {
            Set<ColumnId> all = new HashSet<>(predicates);
            all.addAll(equalityPredicates);
            all.addAll(joins);
            all.addAll(ordering);
            all.addAll(grouping);
            return Set.copyOf(all);
        }

        /** Every column that the statement makes any use of; {@link #reads} without columns of views that nothing asks for. */
        public Set<ColumnId> uses() {
            Set<ColumnId> all = new HashSet<>(conditions());
            outputs.forEach(output -> all.addAll(output.dependencies()));
            flows.forEach(flow -> all.addAll(flow.from()));
            calls.forEach(call -> all.addAll(call.arguments()));
            return Set.copyOf(all);
        }

        /** Functions of which it is not known what they read, anywhere in the statement. */
        public Set<Integer> opaque() {
            Set<Integer> all = new HashSet<>();
            calls.stream().filter(call -> call.functionClass().opaque()).forEach(call -> all.add(call.function()));
            return Set.copyOf(all);
        }
    }

    /**
     * The tree, or what the server sent instead, cannot be followed to its end: nothing is known of the statement.
     *
     * @param expression what it is about: a node, a function, a version
     * @param hint what the caller may do instead
     * @param disagreement of the server with what was resolved; null if the tree could not be followed so far
     */
    record Unresolved(String expression, String reason, String hint, @Nullable Disagreement disagreement) implements Lineage {
        public Unresolved(String expression, String reason, String hint) {
            this(expression, reason, hint, null);
        }
    }

    /**
     * One column of the result.
     *
     * @param name as the server names it; a space in it may have become a line's end
     * @param dependencies the columns that its value depends on, conditions within the expression included, those of the statement not
     * @param origin the column whose value it is, unchanged (or null, from the empty side of an outer join or a subquery without rows). A
     *     mask that shows a part of the value may be used when no other of the dependencies is masked, else the value says more
     * @param opaque functions that it passes through of which it is not known what they read
     */
    record Output(String name, Set<ColumnId> dependencies, @Nullable ColumnId origin, Set<Integer> opaque) {
        public Output {
            dependencies = Set.copyOf(dependencies);
            opaque = Set.copyOf(opaque);
        }
    }

    /**
     * One column of a table that the statement writes.
     *
     * @param relation the table's OID
     * @param number the column's attribute number
     * @param from the columns that the value written depends on
     * @param origin the column whose value is written unchanged; null if it is computed
     * @param opaque functions that it passes through of which it is not known what they read
     * @param row which flows make the same row: equal for the assignments of one INSERT, one SET, one action of MERGE
     * @param inserted whether that row is a new one; else it keeps what it had in the columns that nothing is written to
     */
    record Flow(int relation, int number, Set<ColumnId> from, @Nullable ColumnId origin, Set<Integer> opaque, int row, boolean inserted) {
        public Flow {
            from = Set.copyOf(from);
            opaque = Set.copyOf(opaque);
        }
    }

    /** A call of a function that does more than compute its result from its arguments. */
    record Call(int function, FunctionClass functionClass, Set<ColumnId> arguments) {
        public Call {
            arguments = Set.copyOf(arguments);
        }
    }

    /**
     * A part of the statement that may raise an error.
     *
     * @param expression what it is, to be read by people
     * @param function the OID of the function that fails; 0 for what is no function
     * @param columns on which it depends whether it fails; empty if only on constants and settings, as far as is known
     */
    record Failure(String expression, int function, Set<ColumnId> columns) {
        public Failure {
            columns = Set.copyOf(columns);
        }
    }
}
