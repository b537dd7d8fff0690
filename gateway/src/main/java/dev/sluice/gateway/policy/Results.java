// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.statement.StatementFacts;
import java.util.List;
import java.util.Map;

/** Which answers are kept, and how much of them. Of all entries that match, together they decide: what one of them asks for is kept. */
record Results(List<Entry> entries) {
    static final Results NONE = new Results(List.of());

    /** Keeps as much of the answers to the statements that its condition holds for. */
    record Entry(Condition when, ResultLimit limit) {}

    Results {
        entries = List.copyOf(entries);
    }

    ResultLimit of(List<StatementFacts> statements, Subject subject, Particulars particulars) {
        ResultLimit limit = ResultLimit.NONE;
        if (entries.isEmpty() || statements.size() > RulePolicy.MAX_STATEMENTS) {
            return limit;
        }
        for (StatementFacts facts : statements) {
            Map<String, Object> variables = Variables.of(facts, subject, particulars);
            for (Entry entry : entries) {
                // Where a condition has no answer, the evidence is kept.
                if (!new Answer.Known(false).equals(entry.when.ask(variables))) {
                    limit = limit.and(entry.limit);
                }
            }
        }
        return limit;
    }
}
