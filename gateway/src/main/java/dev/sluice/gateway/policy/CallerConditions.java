// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which callers an entry of a policy is for. A condition that fails leaves the entry on.
 *
 * @param unless it is not for callers for whom this holds; null where nobody is left out so
 * @param only it is not for callers for whom this does not hold; null where nobody is left out so
 */
record CallerConditions(@Nullable Condition unless, @Nullable Condition only) {
    boolean includeEverybody() {
        return unless == null && only == null;
    }

    boolean dependOnNow() {
        return unless != null && unless.dependsOnNow() || only != null && only.dependsOnNow();
    }

    /** {@code variables} as {@link Variables#of(Subject)} gives them. */
    boolean include(Map<String, Object> variables) {
        return !holds(unless, variables, false) && holds(only, variables, true);
    }

    private static boolean holds(@Nullable Condition condition, Map<String, Object> variables, boolean otherwise) {
        if (condition == null) {
            return otherwise;
        }
        return condition.ask(variables) instanceof Answer.Known(boolean holds) ? holds : otherwise;
    }
}
