// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The masks of one caller on the columns of one catalog. */
public final class BoundMasks {
    private final Catalog catalog;
    private final Map<ColumnId, BoundMask> masks;
    private final Set<Integer> relations = new HashSet<>();
    private final Set<Integer> harmlessFunctions;
    private final Reach reach;
    private final List<String> warnings;
    private final Set<String> maskedNames = new HashSet<>();
    private final RowTests tests;
    private final Trust trust;
    private final @Nullable MaskRules everyones;
    private final @Nullable BoundMasks distrusting;
    private volatile @Nullable BoundMasks everyonesBound;

    /**
     * The result of a {@link Binding}.
     *
     * @param everyones the rules of a caller to whom every rule applies; null if these are they
     */
    BoundMasks(
            Catalog catalog,
            Map<ColumnId, BoundMask> masks,
            Set<Integer> harmlessFunctions,
            Reach reach,
            List<String> warnings,
            Trust trust,
            @Nullable MaskRules everyones) {
        this.catalog = catalog;
        this.masks = Map.copyOf(masks);
        masks.forEach((column, mask) -> {
            relations.add(column.relation());
            maskedNames.add(nameOf(catalog, column));
        });
        this.harmlessFunctions = Set.copyOf(harmlessFunctions);
        this.reach = reach;
        this.warnings = List.copyOf(warnings);
        this.tests = new RowTests(catalog, relations);
        this.trust = trust;
        this.everyones = everyones;
        this.distrusting = null;
    }

    private BoundMasks(BoundMasks trusting, BoundMasks distrusting) {
        this.catalog = trusting.catalog;
        this.masks = trusting.masks;
        this.relations.addAll(trusting.relations);
        this.maskedNames.addAll(trusting.maskedNames);
        this.harmlessFunctions = trusting.harmlessFunctions;
        this.reach = trusting.reach;
        this.warnings = trusting.warnings;
        this.tests = trusting.tests;
        this.trust = trusting.trust;
        this.everyones = trusting.everyones;
        this.distrusting = distrusting;
    }

    private static String nameOf(Catalog catalog, ColumnId id) {
        Relation relation = catalog.relation(id.relation());
        Column column = relation == null ? null : relation.column(id.number());
        return column == null ? "" : column.name();
    }

    /** These, which know what would be if no function of one's own were trusted. */
    BoundMasks with(BoundMasks others) {
        return new BoundMasks(this, others);
    }

    /** Whether any function of one's own counts as harmless. */
    boolean trusts() {
        return harmlessFunctions.stream().map(catalog::function).anyMatch(function -> function != null && !Harmless.isPostgres(function));
    }

    /** The same masks while functions may have other bodies than the catalog has: none of one's own counts as harmless. */
    public BoundMasks distrusting() {
        return distrusting == null ? this : distrusting;
    }

    /** Whether functions may have other bodies than the catalog has, and types and operators may be new. */
    boolean isUncertain() {
        return !trust.anything();
    }

    /**
     * Why values of these types must not be read, made or compared: checks of domains, and what sorts and compares values of other types than
     * PostgreSQL's own, run without being named. Null if they may.
     *
     * @param types OIDs of types, and of operators
     */
    public MaskPlan.@Nullable Refused unnamed(Collection<Integer> types) {
        for (int oid : types) {
            DataType type = catalog.type(oid);
            boolean runsCode = type == null || type.kind() != DataType.Kind.BASE && type.kind() != DataType.Kind.ENUM && type.kind() != DataType.Kind.PSEUDO;
            String harmful = runsCode ? reach.unnamed() : null;
            if (type == null && isUncertain()) {
                return new MaskPlan.Refused("it uses a type or an operator that is new", "Use it when the transaction that made it has ended.");
            }
            if (harmful != null) {
                return new MaskPlan.Refused(
                        "nobody vouched for function " + harmful + ", which a domain, an operator or a cast of the statement may call: it may read masked columns",
                        "Use PostgreSQL's own types and operators, or ask the policy's owner to vouch for the function.");
            }
        }
        return null;
    }

    /** Whether both mask the same, however much they trust functions. */
    public boolean masksAs(BoundMasks other) {
        return distrusting() == other.distrusting();
    }

    public Catalog catalog() {
        return catalog;
    }

    /** The mask of the column; null for a column that everybody of this caller's kind may see. */
    public @Nullable BoundMask mask(ColumnId column) {
        return masks.get(column);
    }

    public Collection<BoundMask> masks() {
        return masks.values();
    }

    /** Whether no column of this catalog is masked. */
    public boolean isEmpty() {
        return masks.isEmpty();
    }

    /** Whether the relation has a masked column. */
    public boolean coversPartOf(int relation) {
        return relations.contains(relation);
    }

    /** Whether any masked column has this name. */
    public boolean namesMasked(String column) {
        return maskedNames.contains(column);
    }

    /** Whether there is a materialized view of this name, and none of it has a masked column: what a query of it makes, everybody sees. */
    public boolean showsNothing(String view) {
        List<Relation> named = catalog.relations().stream().filter(relation -> relation.name().equals(view)).toList();
        return !named.isEmpty() && named.stream().allMatch(relation -> relation.kind() == RelationKind.MATERIALIZED_VIEW && !coversPartOf(relation.oid()));
    }

    /** The masks of one table, in the order of their names. */
    List<BoundMask> masksOf(int relation) {
        return !relations.contains(relation)
                ? List.of()
                : masks.values().stream().filter(mask -> mask.column().relation() == relation).sorted(Comparator.comparing(BoundMask::name)).toList();
    }

    /** The masks of every table of this name, whatever its schema. */
    List<BoundMask> masksOfNamed(String name) {
        return masks.values().stream()
                .filter(mask -> catalog.relation(mask.column().relation()) instanceof Relation relation && relation.name().equals(name))
                .toList();
    }

    /** Whether every relation of this name, in whatever schema, is known and a table with no such mask, so that what is written to it stays in it. */
    boolean isPlainWithout(String name, Predicate<Mask> kind) {
        List<Relation> named = catalog.relations().stream().filter(relation -> relation.name().equals(name)).toList();
        return !named.isEmpty()
                && named.stream().allMatch(relation -> isPlain(relation))
                && masksOfNamed(name).stream().noneMatch(mask -> kind.test(mask.mask()));
    }

    private boolean isPlain(Relation relation) {
        boolean rules = !relation.dependsOn().isEmpty() || !relation.dependsOnFunctions().isEmpty();
        return relation.kind() == RelationKind.TABLE && !rules && catalog.upkeep(relation.oid()).functions().stream().allMatch(function -> catalog.function(function) instanceof Function known && known.builtIn());
    }

    /** Whether any of the columns is masked; number 0 stands for a whole row. */
    boolean coversAny(Collection<ColumnId> columns) {
        return columns.stream().anyMatch(column -> masks.containsKey(column) || column.number() == 0 && coversPartOf(column.relation()));
    }

    /** By what a row that is written may fail. */
    RowTests tests() {
        return tests;
    }

    /**
     * Whether nobody sees more of what is in one column than of what is in the other: the same rules name both, those for other callers too. So a
     * value may be copied from one to the other.
     */
    boolean areAlike(ColumnId one, ColumnId other) {
        BoundMasks all = everyonesBound;
        if (all == null) {
            all = everyones == null ? this : everyones.bind(catalog);
            everyonesBound = all;
        }
        BoundMask some = all.mask(one);
        BoundMask others = all.mask(other);
        return some != null && others != null && some.mask().equals(others.mask()) && some.uses().equals(others.uses()) && some.rule().equals(others.rule());
    }

    /** Whether the function is known to show nothing but what its arguments say: vouched for, or of an extension that is known. */
    boolean isHarmless(int function) {
        return harmlessFunctions.contains(function);
    }

    /** Whether somebody vouches for it, and so for its errors. Functions of extensions are not looked at one by one. */
    boolean isVouched(int oid) {
        Function function = catalog.function(oid);
        return function != null && !function.builtIn() && function.extension() == null && isHarmless(oid) && !trust.seenThrough().contains(oid);
    }

    /** Which statements can touch a masked column at all. */
    public Reach reach() {
        return reach;
    }

    /** What the policy's author should know: masks that match nothing, and what is masked beyond what the policy names. */
    public List<String> warnings() {
        return warnings;
    }
}
