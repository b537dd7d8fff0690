// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The masks of one caller on the columns of one catalog. */
public final class BoundMasks {
    private final Catalog catalog;
    private final Map<ColumnId, BoundMask> masks;
    private final Set<Integer> relations = new HashSet<>();
    private final Set<Integer> harmlessFunctions;
    private final Reach reach;
    private final List<String> warnings;
    private final RowTests tests;
    private final @Nullable MaskRules everyones;
    private volatile @Nullable BoundMasks everyonesBound;

    /**
     * The result of a {@link Binding}.
     *
     * @param everyones the rules of a caller to whom every rule applies; null if these are they
     */
    BoundMasks(
            Catalog catalog, Map<ColumnId, BoundMask> masks, Set<Integer> harmlessFunctions, Reach reach, List<String> warnings, @Nullable MaskRules everyones) {
        this.catalog = catalog;
        this.masks = Map.copyOf(masks);
        masks.keySet().forEach(column -> relations.add(column.relation()));
        this.harmlessFunctions = Set.copyOf(harmlessFunctions);
        this.reach = reach;
        this.warnings = List.copyOf(warnings);
        this.tests = new RowTests(catalog, relations);
        this.everyones = everyones;
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

    /** The masks of one table, in the order of their names. */
    List<BoundMask> masksOf(int relation) {
        return !relations.contains(relation)
                ? List.of()
                : masks.values().stream().filter(mask -> mask.column().relation() == relation).sorted(Comparator.comparing(BoundMask::name)).toList();
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

    /** Which statements can touch a masked column at all. */
    public Reach reach() {
        return reach;
    }

    /** What the policy's author should know: masks that match nothing, and what is masked beyond what the policy names. */
    public List<String> warnings() {
        return warnings;
    }
}
