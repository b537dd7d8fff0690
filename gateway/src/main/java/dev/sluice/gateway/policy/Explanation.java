// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.statement.StatementFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a policy came to its answer.
 *
 * @param statements each different statement of the text
 */
public record Explanation(List<OfStatement> statements, Verdict verdict) {
    public Explanation {
        statements = List.copyOf(statements);
    }

    /**
     * One statement.
     *
     * @param rules all of them, in the order of the file
     * @param defaults those that were asked because no rule matched
     */
    public record OfStatement(StatementFacts facts, List<OfRule> rules, List<Decision> defaults, Decision decision) {
        public OfStatement {
            rules = List.copyOf(rules);
            defaults = List.copyOf(defaults);
        }
    }

    /**
     * One rule.
     *
     * @param answer of its condition as a whole
     * @param decision what it asks for; null where it has nothing to say
     * @param parts what {@code &&}, {@code ||} and {@code !} put together, each for itself
     */
    public record OfRule(String name, String condition, Answer answer, @Nullable Decision decision, List<Part> parts) {
        public OfRule {
            parts = List.copyOf(parts);
        }
    }

    /** One part of a condition. */
    public record Part(String text, Answer answer) {}
}
