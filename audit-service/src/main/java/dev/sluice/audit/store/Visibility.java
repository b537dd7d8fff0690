// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which targets a caller may see anything of.
 *
 * @param targets null for all, also for what belongs to no target
 */
public record Visibility(@Nullable Set<String> targets) {
    /** Sees everything. */
    public static final Visibility ALL = new Visibility(null);

    public Visibility {
        targets = targets == null ? null : Set.copyOf(targets);
    }

    /** Whether something of {@code target} may be seen; null stands for what belongs to no target. */
    public boolean sees(@Nullable String target) {
        return targets == null || (target != null && targets.contains(target));
    }

    /** As the parameter of a condition; null where it does not restrict. */
    String @Nullable [] parameter() {
        return targets == null ? null : targets.toArray(String[]::new);
    }
}
