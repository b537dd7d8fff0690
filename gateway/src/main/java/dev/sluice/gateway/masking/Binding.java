// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.catalog.Upkeep;
import dev.sluice.gateway.statement.FunctionName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One search for the columns that rules name, and for everything that leads to them. */
final class Binding {
    private static final Uses NONE = new Uses(Uses.Predicates.DENY, false, false, false);
    private static final String STATISTICS = "masks:statistics";

    /** What in pg_catalog holds values of other tables' columns; null stands for every column. */
    private static final Map<String, @Nullable Set<String>> VALUES_ELSEWHERE = valuesElsewhere();

    /** Pseudo-types that a whole row may be passed as. */
    private static final Set<String> FOR_ANY_ROW = Set.of("record", "any", "anyelement", "anynonarray", "anycompatible", "anycompatiblenonarray");

    private static final Set<String> TELLING_TRIGGERS = Set.of("suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column");

    private final MaskRules rules;
    private final Catalog catalog;
    private final Trust trust;
    private final Map<ColumnId, BoundMask> masks = new HashMap<>();
    private final Map<Integer, List<Relation>> children = new HashMap<>();
    private final Set<Integer> harmless = new HashSet<>();
    private final Set<Integer> harmful = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    Binding(MaskRules rules, Catalog catalog, Trust trust) {
        this.rules = rules;
        this.catalog = catalog;
        this.trust = trust;
    }

    BoundMasks bind() {
        Collection<Relation> relations = catalog.relations();
        for (Relation relation : relations) {
            relation.parents().forEach(parent -> children.computeIfAbsent(parent, oid -> new ArrayList<>()).add(relation));
        }
        for (Function function : catalog.functions()) {
            (trust.isHarmless(function, catalog) ? harmless : harmful).add(function.oid());
        }
        rules.rules().forEach(rule -> rule.columns().forEach(pattern -> bind(rule, pattern, relations)));
        if (masks.isEmpty()) {
            return new BoundMasks(catalog, Map.of(), harmless, new Reach(catalog, null, false, Set.of(), Set.of(), Map.of(), Set.of()), warnings, trust, null);
        }
        List<BoundMask> found = List.copyOf(masks.values());
        while (!found.isEmpty()) {
            followInheritance(found);
            Set<ColumnId> before = Set.copyOf(masks.keySet());
            relations.forEach(this::followValues);
            found = masks.values().stream().filter(mask -> !before.contains(mask.column())).toList();
        }
        ForeignTables.warning(relations, masks.keySet()).ifPresent(warnings::add);
        Set<Integer> reaching = reaching(relations);
        denyStatistics(reaching);
        MaskRules everyones = rules.everyones();
        return new BoundMasks(catalog, masks, harmless, reach(reaching), warnings, trust, everyones == rules ? null : everyones);
    }

    private void bind(MaskRule rule, ColumnPattern pattern, Collection<Relation> relations) {
        boolean found = false;
        boolean view = false;
        for (Relation relation : relations) {
            if (!pattern.matchesTable(relation.schema(), relation.name()) || isSystem(relation) && !pattern.namesItsSchema()) {
                continue;
            }
            for (Column column : relation.columns()) {
                if (!pattern.matchesColumn(column.name())) {
                    continue;
                }
                if (holdsRows(relation)) {
                    found |= pattern.path() == null || isJson(column);
                    bind(rule, pattern, relation, column);
                } else {
                    view |= relation.kind() == RelationKind.VIEW;
                }
            }
        }
        if (!found) {
            warnings.add("mask '" + rule.name() + "': '" + pattern + "' matches no column of database '" + catalog.database() + "'"
                    + (view ? " but a view's; name the column of the table: views are followed to it" : pattern.path() == null ? "" : " of type json or jsonb"));
        }
    }

    private void bind(MaskRule rule, ColumnPattern pattern, Relation relation, Column column) {
        JsonPath path = pattern.path();
        if (path == null) {
            add(relation, column, rule.mask(), rule.uses(), rule.name());
        } else if (isJson(column)) {
            add(relation, column, new Mask.WithinJson(List.of(new Mask.PathMask(path, rule.mask()))), rule.uses(), rule.name());
        }
    }

    private void add(Relation relation, Column column, Mask mask, Uses uses, String rule) {
        ColumnId id = new ColumnId(relation.oid(), column.number());
        String name = relation.schema() + "." + relation.name() + "." + column.name();
        masks.merge(id, new BoundMask(id, name, mask, uses, rule), (one, other) -> new BoundMask(
                id, name, Mask.stricter(one.mask(), other.mask()), one.uses().and(other.uses()), joined(one.rule(), other.rule())));
    }

    private static String joined(String one, String other) {
        return one.equals(other) ? one : one + ", " + other;
    }

    /** A parent shows its children's rows, and a child holds rows of its parent: both are masked as the table that the rule names. */
    private void followInheritance(List<BoundMask> named) {
        for (BoundMask mask : named) {
            Relation relation = catalog.relation(mask.column().relation());
            Column column = relation == null ? null : relation.column(mask.column().number());
            if (relation != null && column != null) {
                Set<Integer> seen = new HashSet<>(Set.of(relation.oid()));
                descend(relation, column.name(), mask, seen);
                ascend(relation, column.name(), mask, seen);
            }
        }
    }

    /** A column generated from a masked one says as much as that, and a foreign key has the values that it refers to. */
    private void followValues(Relation relation) {
        Upkeep upkeep = catalog.upkeep(relation.oid());
        upkeep.madeFrom().forEach((number, from) -> from.forEach(each -> followValue(relation, number, new ColumnId(relation.oid(), each), false)));
        upkeep.refersTo().forEach((number, to) -> to.forEach(each -> followValue(relation, number, each, true)));
    }

    private void followValue(Relation relation, int number, ColumnId origin, boolean unchanged) {
        BoundMask mask = masks.get(origin);
        Column column = relation.column(number);
        if (mask != null && column != null && !masks.containsKey(new ColumnId(relation.oid(), number))) {
            add(relation, column, unchanged ? mask.mask() : new Mask.Redact(), unchanged ? mask.uses() : NONE, mask.rule());
        }
    }

    private void descend(Relation from, String column, BoundMask mask, Set<Integer> seen) {
        for (Relation child : children.getOrDefault(from.oid(), List.of())) {
            if (seen.add(child.oid())) {
                inherit(child, column, mask);
                descend(child, column, mask, seen);
            }
        }
    }

    private void ascend(Relation from, String column, BoundMask mask, Set<Integer> seen) {
        for (int oid : from.parents()) {
            Relation parent = catalog.relation(oid);
            if (parent != null && seen.add(oid)) {
                inherit(parent, column, mask);
                ascend(parent, column, mask, seen);
            }
        }
    }

    private void inherit(Relation relation, String name, BoundMask mask) {
        Column column = relation.column(name);
        if (column != null) {
            add(relation, column, mask.mask(), mask.uses(), mask.rule());
        }
    }

    /** Relations that show masked columns: tables that have one, and whatever has rules that read them or call what nobody vouched for. */
    private Set<Integer> reaching(Collection<Relation> relations) {
        Set<Integer> reaching = new HashSet<>();
        masks.keySet().forEach(column -> reaching.add(column.relation()));
        VALUES_ELSEWHERE.keySet().stream().map(name -> catalog.relation("pg_catalog", name)).filter(Objects::nonNull).forEach(relation -> reaching.add(relation.oid()));
        relations.stream().filter(relation -> relation.kind() == RelationKind.TOAST).forEach(toast -> reaching.add(toast.oid()));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Relation relation : relations) {
                if (!reaching.contains(relation.oid()) && reaches(relation, reaching)) {
                    reaching.add(relation.oid());
                    grew = true;
                }
                if (relation.kind() == RelationKind.MATERIALIZED_VIEW && reaching.contains(relation.oid())) {
                    grew |= maskCopies(relation, reaching);
                }
            }
        }
        return reaching;
    }

    private boolean reaches(Relation relation, Set<Integer> reaching) {
        return relation.dependsOn().stream().anyMatch(reaching::contains)
                || relation.dependsOnFunctions().stream().anyMatch(harmful::contains)
                || relation.parents().stream().anyMatch(reaching::contains);
    }

    /**
     * A materialized view holds a copy under its own OID. Which of its columns come from masked ones its tree alone would tell, so if its
     * query uses one of them, all of its columns are hidden; columns that a rule names keep their mask.
     */
    private boolean maskCopies(Relation view, Set<Integer> reaching) {
        Set<ColumnId> read = catalog.columnsRead(view.oid());
        boolean copies = read == null
                || read.stream().anyMatch(column -> masks.containsKey(column) || reaching.contains(column.relation()) && !holdsRows(column.relation()))
                || view.dependsOnFunctions().stream().anyMatch(harmful::contains);
        boolean grew = false;
        if (copies) {
            for (Column column : view.columns()) {
                if (!masks.containsKey(new ColumnId(view.oid(), column.number()))) {
                    add(view, column, new Mask.Redact(), NONE, "masks:materialized-view");
                    grew = true;
                }
            }
        }
        if (grew) {
            warnings.add("materialized view " + view.schema() + "." + view.name()
                    + " is made from masked columns: every column of it that no mask names is redacted");
        }
        return grew;
    }

    private void denyStatistics(Set<Integer> reaching) {
        for (var entry : VALUES_ELSEWHERE.entrySet()) {
            Relation relation = catalog.relation("pg_catalog", entry.getKey());
            if (relation != null && reaching.contains(relation.oid())) {
                for (Column column : relation.columns()) {
                    if (entry.getValue() == null || entry.getValue().contains(column.name())) {
                        add(relation, column, relation.kind() == RelationKind.VIEW ? new Mask.Redact() : new Mask.Deny(), NONE, STATISTICS);
                    }
                }
            }
        }
    }

    private Reach reach(Set<Integer> reaching) {
        Set<String> relationNames = new HashSet<>();
        Set<FunctionName> functionNames = new HashSet<>();
        Set<String> causes = new TreeSet<>();
        catalog.unnamedFunctions().stream().filter(harmful::contains).map(catalog::function).forEach(function -> causes.add(String.valueOf(name(function))));
        String unnamed = causes.isEmpty() ? null : causes.iterator().next();
        boolean everything = unnamed != null;
        for (int oid : harmful) {
            Function function = catalog.function(oid);
            if (function == null) {
                continue;
            }
            functionNames.add(new FunctionName(function.schema(), function.name()));
            if (!function.builtIn() && !function.argumentTypes().isEmpty() && function.kind() == Function.Kind.FUNCTION) {
                everything |= callableAsColumn(function, relationNames, causes);
            }
        }
        if (everything) {
            warnings.add("no statement is exempt from being resolved, because it may call without naming them: " + String.join(", ", causes)
                    + "; vouch for them if they show no masked value");
        }
        reaching.forEach(oid -> {
            Relation relation = catalog.relation(oid);
            if (relation != null) {
                relationNames.add(relation.name());
            }
        });
        return new Reach(catalog, unnamed, everything, relationNames, functionNames, firing(), guessed());
    }

    /** By the name of what must not be written to: the function that it calls, by itself or by way of another table, and that nobody vouched for. */
    private Map<String, Function> firing() {
        Map<Integer, Function> firing = new HashMap<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Relation relation : catalog.relations()) {
                Function called = firing.containsKey(relation.oid()) ? firing.get(relation.oid()) : fired(relation, firing);
                if (called != null) {
                    grew |= firing.putIfAbsent(relation.oid(), called) == null;
                    for (int other : relation.parents()) {
                        grew |= firing.putIfAbsent(other, called) == null;
                    }
                    for (int other : catalog.upkeep(relation.oid()).cascades()) {
                        grew |= firing.putIfAbsent(other, called) == null;
                    }
                }
            }
        }
        Map<String, Function> names = new HashMap<>();
        firing.forEach((oid, function) -> names(Set.of(oid)).forEach(name -> names.putIfAbsent(name, function)));
        return names;
    }

    private @Nullable Function fired(Relation relation, Map<Integer, Function> firing) {
        for (int oid : catalog.upkeep(relation.oid()).functions()) {
            if (harmful.contains(oid) || tells(oid) && isMasked(relation)) {
                return catalog.function(oid);
            }
        }
        return holdsRows(relation) ? null : relation.dependsOn().stream().filter(firing::containsKey).map(firing::get).findFirst().orElse(null);
    }

    /** Whether it is one of PostgreSQL's own triggers that puts values of a row elsewhere in it, or compares the row with what it was. */
    private boolean tells(int oid) {
        Function function = catalog.function(oid);
        return function != null && function.builtIn() && TELLING_TRIGGERS.contains(function.name());
    }

    private boolean isMasked(Relation relation) {
        return masks.keySet().stream().anyMatch(column -> column.relation() == relation.oid());
    }

    /** Names of tables where a new row fails, or not, by what a masked column holds that must not be compared. */
    private Set<String> guessed() {
        Set<Integer> guessed = new HashSet<>();
        masks.values().stream()
                .filter(mask -> mask.uses().predicates() == Uses.Predicates.DENY && catalog.upkeep(mask.column().relation()).keys().contains(mask.column().number()))
                .forEach(mask -> guessed.add(mask.column().relation()));
        return names(guessed);
    }

    private Set<String> names(Set<Integer> relations) {
        Set<String> names = new HashSet<>();
        for (int oid : relations) {
            Relation relation = catalog.relation(oid);
            if (relation != null) {
                names.add(relation.name());
            }
        }
        return names;
    }

    /** {@code t.f} may mean {@code f(t)}: then the statement names no function, only the table. */
    private boolean callableAsColumn(Function function, Set<String> relationNames, Set<String> causes) {
        DataType argument = catalog.type(function.argumentTypes().getFirst());
        if (argument == null || FOR_ANY_ROW.contains(argument.name())) {
            causes.add(String.valueOf(name(function)));
            return true;
        }
        if (argument.kind() == DataType.Kind.COMPOSITE) {
            Relation relation = catalog.relation(argument.of());
            if (relation != null) {
                relationNames.add(relation.name());
                addDescendants(relation, relationNames, new HashSet<>());
            }
        }
        return false;
    }

    private void addDescendants(Relation relation, Set<String> names, Set<Integer> seen) {
        for (Relation child : children.getOrDefault(relation.oid(), List.of())) {
            if (seen.add(child.oid())) {
                names.add(child.name());
                addDescendants(child, names, seen);
            }
        }
    }

    private static @Nullable String name(@Nullable Function function) {
        return function == null ? null : function.schema() + "." + function.name();
    }

    private boolean holdsRows(int oid) {
        Relation relation = catalog.relation(oid);
        return relation != null && holdsRows(relation);
    }

    private static boolean holdsRows(Relation relation) {
        return switch (relation.kind()) {
            case TABLE, PARTITIONED_TABLE, FOREIGN_TABLE, MATERIALIZED_VIEW -> true;
            case VIEW, SEQUENCE, COMPOSITE_TYPE, TOAST -> false;
        };
    }

    private static boolean isSystem(Relation relation) {
        return relation.schema().equals("pg_catalog") || relation.schema().equals("information_schema");
    }

    private boolean isJson(Column column) {
        DataType type = catalog.type(column.typeOid());
        while (type != null && type.kind() == DataType.Kind.DOMAIN) {
            type = catalog.type(type.of());
        }
        return type != null && (type.oid() == Oids.JSON || type.oid() == Oids.JSONB);
    }

    private static Map<String, @Nullable Set<String>> valuesElsewhere() {
        Map<String, @Nullable Set<String>> columns = new HashMap<>();
        columns.put("pg_statistic", Set.of("stavalues1", "stavalues2", "stavalues3", "stavalues4", "stavalues5"));
        columns.put("pg_statistic_ext_data", Set.of("stxdmcv", "stxdexpr"));
        columns.put("pg_largeobject", Set.of("data"));
        columns.put("pg_stat_activity", Set.of("query"));
        return columns;
    }
}
