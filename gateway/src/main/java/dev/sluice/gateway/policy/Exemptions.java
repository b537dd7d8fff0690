// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.masking.MaskRules;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Masks that do not hold for one caller.
 *
 * @param rules what would be masked; the same object for the same rules
 * @param reasons by the name of the rule, in the policy's own words
 */
public record Exemptions(MaskRules rules, Map<String, String> reasons) {
    /** Every mask holds. */
    public static final Exemptions NONE = new Exemptions(MaskRules.NONE, Map.of());

    public Exemptions {
        reasons = Map.copyOf(reasons);
    }

    /** Why a column is shown whose mask is of these rules, as {@code BoundMask} joins them. */
    public String reason(String rule) {
        String exact = reasons.get(rule);
        if (exact != null) {
            return exact;
        }
        Set<String> all = Arrays.stream(rule.split(", ")).map(name -> reasons.getOrDefault(name, name)).collect(Collectors.toCollection(java.util.TreeSet::new));
        return String.join("; ", all);
    }
}
