// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A common table expression: followed once, a recursive one until what it depends on grows no more. For one thread. */
final class CommonTable {
    /** More rounds than any statement takes: each adds at least one column to at least one dependence. */
    private static final int MOST_ROUNDS = 1_000;

    private final Node.Struct definition;
    private final QueryScope scope;
    private final TreeFacts facts;
    private @Nullable Followed rows;
    private @Nullable QueryResult assumed;

    CommonTable(Node.Struct definition, QueryScope scope, TreeFacts facts) {
        this.definition = definition;
        this.scope = scope;
        this.facts = facts;
    }

    /** Follows it even if nothing reads it: one that writes is executed all the same, for the rows that its conditions choose. */
    void execute(Conditions conditions) {
        boolean writes = QueryScope.struct(definition.field("ctequery")).number("commandType") != QueryScope.SELECT;
        QueryResult result = rows();
        if (writes) {
            conditions.addAll(result.conditions());
        }
    }

    /** Its rows; within itself, what is known of them so far. */
    QueryResult rows() {
        if (rows != null) {
            return rows.read();
        }
        if (assumed != null) {
            return assumed;
        }
        int columns = definition.list("ctecolnames").size();
        QueryResult before = new QueryResult(Collections.nCopies(columns, Dependence.NONE), List.of(), List.of(), new Conditions());
        for (int round = 0; round < MOST_ROUNDS; round++) {
            assumed = before;
            Followed followed = Followed.of(facts, this::follow);
            QueryResult after = followed.result();
            if (!definition.flag("cterecursive") || after.sameAs(before)) {
                rows = followed;
                return followed.read();
            }
            before = after;
        }
        throw new UnreadableTree("common table expression " + definition.text("ctename"), "its recursion does not come to an end");
    }

    /** The server computes all columns of one that it keeps. */
    private QueryResult follow() {
        QueryResult result = new QueryScope(QueryScope.struct(definition.field("ctequery")), scope, facts).walk();
        result.computed();
        return result;
    }
}
