// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The masks that apply to one caller, by name. Two callers with the same masks get the same object, so that bindings can be kept by
 * identity.
 */
public final class MaskRules {
    /** Nobody is masked. */
    public static final MaskRules NONE = new MaskRules(List.of(), Set.of());

    /** Nobody is masked, but what columns are called is asked for. */
    public static final MaskRules CATALOG_ALONE = new MaskRules(List.of(), Set.of());

    private final List<MaskRule> rules;
    private final Set<VouchedFunction> vouched;
    private final @Nullable MaskRules everyones;

    /** Every caller's masks. */
    public MaskRules(List<MaskRule> rules, Set<VouchedFunction> vouched) {
        this(rules, vouched, null);
    }

    /**
     * Some callers' masks.
     *
     * @param everyones what there would be if every rule applied; null for the same rules
     */
    public MaskRules(List<MaskRule> rules, Set<VouchedFunction> vouched, @Nullable MaskRules everyones) {
        this.rules = List.copyOf(rules);
        this.vouched = Set.copyOf(vouched);
        this.everyones = everyones;
    }

    /** The masks of a caller to whom every rule applies. */
    MaskRules everyones() {
        return everyones == null ? this : everyones;
    }

    public List<MaskRule> rules() {
        return rules;
    }

    public Set<VouchedFunction> vouched() {
        return vouched;
    }

    /** Whether there is nothing to mask: then no catalog and no lineage is needed. */
    public boolean isEmpty() {
        return rules.isEmpty() && this != CATALOG_ALONE;
    }

    /** Whether there is a mask at all. */
    public boolean maskAnything() {
        return !rules.isEmpty();
    }

    /** Finds the columns, looking into no function. Costs several passes over the catalog, so callers keep the result for as long as both stay the same. */
    public BoundMasks bind(Catalog catalog) {
        return bind(catalog, FunctionBodies.NONE);
    }

    /** Finds the columns. A function is seen through once all that its body calls is. */
    public BoundMasks bind(Catalog catalog, FunctionBodies bodies) {
        Set<Integer> seenThrough = new HashSet<>();
        BoundMasks bound = new Binding(this, catalog, Trust.of(vouched, seenThrough)).bind();
        while (!bound.isEmpty() && seenThrough.addAll(bodies.farFrom(bound.reach()))) {
            bound = new Binding(this, catalog, Trust.of(vouched, seenThrough)).bind();
        }
        return bound.isEmpty() || !bound.trusts() ? bound : bound.with(new Binding(this, catalog, Trust.NONE).bind());
    }
}
