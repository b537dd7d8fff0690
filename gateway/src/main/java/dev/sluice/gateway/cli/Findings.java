// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What masks make of a text.
 *
 * @param rules names of the masks that apply to the caller, whatever the statement
 * @param dependsOnMasked null where it is not known
 * @param statements one for each of the text; empty where no server was asked
 * @param warnings of binding the masks to the server's columns
 */
record Findings(List<String> rules, @Nullable Boolean dependsOnMasked, List<OfStatement> statements, List<String> warnings) {
    /**
     * One statement.
     *
     * @param dependencies per output column the columns that its value depends on; empty where it returns no rows
     * @param reads every column that the statement mentions, in views too
     * @param conditions columns that decide which rows there are, how many, and in which order
     * @param refusal why masks refuse it, or its lineage is not known; null where they do not
     */
    record OfStatement(List<Output> dependencies, List<String> reads, List<String> conditions, @Nullable String refusal) {}

    /** One column of the result. {@code mask} is null where it is shown as it is. */
    record Output(String name, List<String> dependsOn, @Nullable String mask) {}

    /** Where no server is asked. A caller without masks depends on none. */
    static Findings without(MaskRules rules) {
        return new Findings(names(rules), rules.isEmpty() ? Boolean.FALSE : null, List.of(), List.of());
    }

    static List<String> names(MaskRules rules) {
        return rules.rules().stream().map(MaskRule::name).toList();
    }
}
