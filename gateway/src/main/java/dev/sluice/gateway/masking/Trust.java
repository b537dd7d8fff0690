// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import java.util.Set;

/**
 * Which functions of one's own are known to show no masked value.
 *
 * @param vouched somebody says so
 * @param seenThrough OIDs of those whose bodies say so
 * @param anything whether any is: not while the bodies may be others than the catalog has
 */
record Trust(Set<VouchedFunction> vouched, Set<Integer> seenThrough, boolean anything) {
    static final Trust NONE = new Trust(Set.of(), Set.of(), false);

    Trust {
        vouched = Set.copyOf(vouched);
        seenThrough = Set.copyOf(seenThrough);
    }

    static Trust of(Set<VouchedFunction> vouched, Set<Integer> seenThrough) {
        return new Trust(vouched, seenThrough, true);
    }

    /** Whether it can be called without a masked value coming out that did not go in. */
    boolean isHarmless(Function function, Catalog catalog) {
        return Harmless.isPostgres(function) || anything && (Harmless.isVouched(function, vouched, catalog) || seenThrough.contains(function.oid()));
    }
}
