// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import java.util.Collection;
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

    BoundMasks(Catalog catalog, Map<ColumnId, BoundMask> masks, Set<Integer> harmlessFunctions, Reach reach, List<String> warnings) {
        this.catalog = catalog;
        this.masks = Map.copyOf(masks);
        masks.keySet().forEach(column -> relations.add(column.relation()));
        this.harmlessFunctions = Set.copyOf(harmlessFunctions);
        this.reach = reach;
        this.warnings = List.copyOf(warnings);
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
