// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.catalog.Upkeep;
import dev.sluice.gateway.lineage.Lineage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * By what a new or changed row may fail, for tables with masked columns. What is written to a table may end in its partitions and children, so
 * their tests count as its own, with its own numbers for the columns.
 */
final class RowTests {
    private final Catalog catalog;
    private final Map<Integer, List<Upkeep.Test>> tests = new HashMap<>();
    private final Map<Integer, Set<Integer>> keys = new HashMap<>();
    private final Set<Integer> elsewhere = new HashSet<>();

    RowTests(Catalog catalog, Set<Integer> masked) {
        this.catalog = catalog;
        for (int oid : masked) {
            Relation relation = catalog.relation(oid);
            if (relation != null) {
                add(relation, relation, new HashSet<>());
            }
        }
    }

    /** Whether the values of this column must be unique, or must be or are referred to. */
    boolean isKey(int relation, int number) {
        return keys.getOrDefault(relation, Set.of()).contains(number);
    }

    /** Whether rows of this table may go to another server. */
    boolean leavesTheServer(int relation) {
        return elsewhere.contains(relation);
    }

    private void add(Relation tested, Relation written, Set<Integer> seen) {
        if (!seen.add(written.oid())) {
            return;
        }
        Upkeep upkeep = catalog.upkeep(tested.oid());
        for (Upkeep.Test test : upkeep.tests()) {
            tests.computeIfAbsent(written.oid(), oid -> new ArrayList<>())
                    .add(new Upkeep.Test(numbered(test.columns(), tested, written), numbered(test.computed(), tested, written), test.compares()));
        }
        keys.computeIfAbsent(written.oid(), oid -> new HashSet<>()).addAll(numbered(upkeep.keys(), tested, written));
        if (tested.kind() == RelationKind.FOREIGN_TABLE) {
            elsewhere.add(written.oid());
        }
        for (int oid : written.parents()) {
            Relation parent = catalog.relation(oid);
            if (parent != null) {
                add(tested, parent, seen);
            }
        }
    }

    private static Set<Integer> numbered(Set<Integer> numbers, Relation in, Relation as) {
        Set<Integer> others = new TreeSet<>();
        for (int number : numbers) {
            Column column = in.column(number);
            Column other = column == null ? null : as.column(column.name());
            if (column == null) {
                others.add(0);
            } else if (other != null) {
                others.add(other.number());
            }
        }
        return others;
    }

    /** The masked column of which an error, or none, would tell a value that is not in the statement. Null if there is none. */
    @Nullable BoundMask told(BoundMasks masks, List<Lineage.Flow> row) {
        for (Upkeep.Test test : tests.getOrDefault(row.getFirst().relation(), List.of())) {
            BoundMask told = told(masks, row, test);
            if (told != null) {
                return told;
            }
        }
        return null;
    }

    private static @Nullable BoundMask told(BoundMasks masks, List<Lineage.Flow> row, Upkeep.Test test) {
        Set<Integer> columns = test.columns();
        if (row.stream().noneMatch(flow -> columns.contains(0) || columns.contains(flow.number()))) {
            return null;
        }
        for (BoundMask mask : masks.masksOf(row.getFirst().relation())) {
            int number = mask.column().number();
            if (!columns.contains(0) && !columns.contains(number) || isAllowed(mask, test)) {
                continue;
            }
            List<Lineage.Flow> written = row.stream().filter(flow -> flow.number() == number).toList();
            boolean kept = written.isEmpty() && !row.getFirst().inserted();
            boolean copied = written.stream().anyMatch(flow -> !flow.from().isEmpty() && masks.coversAny(flow.from()));
            // Other rows' values count in a key; a row without a value is in none, unless an expression makes it one.
            boolean compared = test.compares() && (!written.isEmpty() || test.computed().contains(number) || test.computed().contains(0));
            if (kept || copied || compared) {
                return mask;
            }
        }
        return null;
    }

    private static boolean isAllowed(BoundMask mask, Upkeep.Test test) {
        Uses uses = mask.uses();
        boolean equality = test.compares() && !test.computed().contains(mask.column().number()) && uses.predicates() == Uses.Predicates.EQUALITY;
        return (uses.predicates() == Uses.Predicates.ALLOW || equality) && (!test.compares() || uses.joins() && uses.groupBy());
    }
}
