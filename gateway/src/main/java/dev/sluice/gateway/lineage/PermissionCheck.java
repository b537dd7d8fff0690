// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The second witness: the columns that the server checks SELECT permission on ({@code selectedCols}, on the range table entry before 16 and in
 * {@code rteperminfos} since) must all have been met by the walk.
 */
final class PermissionCheck {
    /** Members of the set are attribute numbers plus this (FirstLowInvalidHeapAttributeNumber in sysattr.h, since 12). */
    static final int OFFSET = 7;

    private record Checked(int relation, int number) {}

    private final Set<Checked> checked = new HashSet<>();
    private final Set<Checked> checkedForViews = new HashSet<>();

    /** Remembers what the server checks for one query, whose views' own columns do not count: the walk is about what they select from. */
    void of(Node.Struct query) {
        List<Node> entries = query.list("rtable");
        boolean hasView = entries.stream().anyMatch(entry -> entry instanceof Node.Struct rte && isView(rte));
        int target = query.number("resultRelation");
        List<Node> infos = query.list("rteperminfos");
        for (int i = 0; i < entries.size(); i++) {
            Node.Struct rte = QueryScope.struct(entries.get(i));
            if (!isView(rte) && rte.fields().containsKey("relid")) {
                boolean writtenThroughView = hasView && i + 1 == target;
                remember(rte.fields().containsKey("perminfoindex") ? info(infos, rte.number("perminfoindex")) : rte, writtenThroughView);
            }
        }
    }

    private static boolean isView(Node.Struct rte) {
        return "v".equals(rte.text("relkind"));
    }

    private static Node.@Nullable Struct info(List<Node> infos, int index) {
        return index >= 1 && index <= infos.size() ? QueryScope.struct(infos.get(index - 1)) : null;
    }

    /** Of a table that is written through a view, all columns of the view are checked, read or not (rewriteTargetView in rewriteHandler.c). */
    private void remember(Node.@Nullable Struct entry, boolean writtenThroughView) {
        if (entry == null) {
            return;
        }
        if (entry.field("selectedCols") instanceof Node.Numbers columns) {
            for (long member : columns.values()) {
                if (member >= OFFSET) {
                    (writtenThroughView ? checkedForViews : checked).add(new Checked(entry.number("relid"), (int) member - OFFSET));
                }
            }
        } else if (!(entry.field("selectedCols") instanceof Node.Nothing)) {
            throw new UnreadableTree(entry.name(), "its field selectedCols is not a set of columns");
        }
    }

    /**
     * Ends a walk that has overlooked something.
     *
     * @throws UnreadableTree naming the column
     */
    void require(TreeFacts facts) {
        checkedForViews.forEach(column -> facts.mention(new ColumnId(column.relation(), column.number())));
        for (Checked column : checked) {
            ColumnId required = new ColumnId(column.relation(), column.number());
            if (column.number() == 0) {
                wholeRow(column.relation(), facts);
            } else if (!facts.mentioned().contains(required)) {
                throw new UnreadableTree(
                        "column " + required,
                        "the server will read it, and the tree does not show for what",
                        "Write the statement in another way, and tell the gateway's developers of it.",
                        Disagreement.PERMISSIONS);
            }
        }
    }

    /** {@code (t).a} is checked as a whole row, and only a is read. */
    private static void wholeRow(int oid, TreeFacts facts) {
        Relation relation = facts.catalog().relation(oid);
        if (relation != null) {
            relation.columns().forEach(column -> facts.mention(new ColumnId(oid, column.number())));
        }
    }
}
