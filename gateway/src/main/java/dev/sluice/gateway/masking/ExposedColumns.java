// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which masked columns a statement may show to somebody for whom the masks do not hold. Goes by the names in the text: such a caller's statements
 * are not resolved by the server first. A column that is named counts for each table that it may be of, a view counts with
 * all masked columns of the tables behind it.
 * What a function of the database's own reads unseen is not told.
 */
public final class ExposedColumns {
    private static final Cache<BoundMasks, ExposedColumns> KNOWN = Caffeine.newBuilder().weakKeys().maximumSize(1_000).executor(Runnable::run).build();

    /** @param column its name where the relation has it itself; null where the relation is a view, whose columns may be called otherwise */
    private record Leads(String schema, @Nullable String column, BoundMask mask) {}

    private final Map<String, List<Leads>> byName = new HashMap<>();

    private ExposedColumns(BoundMasks masks) {
        Catalog catalog = masks.catalog();
        Map<Integer, List<BoundMask>> byTable = new HashMap<>();
        masks.masks().forEach(mask -> byTable.computeIfAbsent(mask.column().relation(), oid -> new ArrayList<>()).add(mask));
        for (Relation relation : catalog.relations()) {
            Collection<BoundMask> leads = byTable.getOrDefault(relation.oid(), List.of());
            boolean view = relation.kind() == RelationKind.VIEW;
            if (view) {
                leads = behind(catalog, relation, byTable, new HashSet<>());
            }
            for (BoundMask mask : leads) {
                Column column = view ? null : relation.column(mask.column().number());
                byName.computeIfAbsent(relation.name(), name -> new ArrayList<>()).add(new Leads(relation.schema(), column == null ? null : column.name(), mask));
            }
        }
    }

    /** The masked columns that a view shows, through others too. One whose columns are not known shows all that the relations behind it have. */
    private static Set<BoundMask> behind(Catalog catalog, Relation view, Map<Integer, List<BoundMask>> byTable, Set<Integer> seen) {
        Set<BoundMask> found = new LinkedHashSet<>();
        if (!seen.add(view.oid())) {
            return found;
        }
        Set<ColumnId> read = catalog.columnsRead(view.oid());
        for (int oid : view.dependsOn()) {
            Relation relation = catalog.relation(oid);
            if (relation != null && relation.kind() == RelationKind.VIEW) {
                found.addAll(behind(catalog, relation, byTable, seen));
            }
            byTable.getOrDefault(oid, List.of()).stream().filter(mask -> read == null || read.contains(mask.column())).forEach(found::add);
        }
        return found;
    }

    /** Whether the statement reads a relation at all. */
    public static boolean readsAnything(StatementFacts statement) {
        return statement.relations().stream().anyMatch(ExposedColumns::mayShow) || statement.inner().stream().anyMatch(ExposedColumns::readsAnything);
    }

    /** The masks of the columns that the statements may show, by name. */
    public static List<BoundMask> of(BoundMasks masks, List<StatementFacts> statements) {
        if (masks.isEmpty()) {
            return List.of();
        }
        Set<BoundMask> shown = new LinkedHashSet<>();
        ExposedColumns known = KNOWN.get(masks, ExposedColumns::new);
        statements.forEach(statement -> known.add(statement, shown));
        return shown.stream().sorted(Comparator.comparing(BoundMask::name)).toList();
    }

    private void add(StatementFacts statement, Set<BoundMask> shown) {
        boolean copies = statement.copy() == CopyDirection.OUT;
        for (RelationAccess relation : statement.relations()) {
            if (mayShow(relation)) {
                Set<String> columns = copies ? Set.of(StatementFacts.ALL) : statement.columns().getOrDefault(relation, Set.of());
                byName.getOrDefault(relation.name(), List.of()).stream()
                        .filter(leads -> relation.schema() == null || relation.schema().equals(leads.schema()))
                        .filter(leads -> leads.column() == null || columns.contains(leads.column()) || columns.contains(StatementFacts.ALL))
                        .forEach(leads -> shown.add(leads.mask()));
            }
        }
        statement.inner().forEach(inner -> add(inner, shown));
    }

    /** RETURNING reads the relation too, and says so. */
    private static boolean mayShow(RelationAccess relation) {
        return relation.access() == Access.READ;
    }
}
