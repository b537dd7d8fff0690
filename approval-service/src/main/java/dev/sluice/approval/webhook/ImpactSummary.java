// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.Impact.Missing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement would do, in numbers and names. Rows stay where the approval is.
 *
 * @param cascades tables that foreign keys reach
 * @param notKnown which parts are not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImpactSummary(
        @Nullable Long exactRows,
        @Nullable Long estimatedRows,
        List<String> cascades,
        List<String> triggers,
        List<String> locks,
        List<String> dependents,
        @Nullable String rewrite,
        List<String> notKnown) {
    static ImpactSummary of(Impact impact) {
        return new ImpactSummary(
                impact.exactRows(),
                impact.estimatedRows(),
                impact.cascades().stream().map(cascade -> cascade.table() + ": " + cascade.action()).distinct().toList(),
                impact.triggers().stream().map(Impact.Trigger::name).distinct().toList(),
                impact.locks().stream().map(lock -> lock.mode() + " on " + lock.table()).toList(),
                impact.dependents().stream().map(Impact.Dependent::object).distinct().toList(),
                impact.rewrite(),
                impact.missing().stream().map(Missing::part).distinct().toList());
    }

    /** {@code 12 rows, locks: ROW EXCLUSIVE on public.orders}. */
    String inWords() {
        var words = new ArrayList<String>();
        if (exactRows != null) {
            words.add(exactRows + " rows");
        } else if (estimatedRows != null) {
            words.add("about " + estimatedRows + " rows, by the planner's estimate");
        }
        add(words, "foreign keys", cascades);
        add(words, "triggers", triggers);
        add(words, "locks", locks);
        add(words, "dependent objects", dependents);
        if (rewrite != null) {
            words.add(rewrite);
        }
        add(words, "not known", notKnown);
        return words.isEmpty() ? "nothing that is known" : String.join("; ", words);
    }

    private static void add(List<String> words, String label, List<String> names) {
        if (!names.isEmpty()) {
            words.add(label + ": " + String.join(", ", names));
        }
    }
}
