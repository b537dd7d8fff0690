// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cel.runtime.CelEvaluationException;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.policy.Rule.Outcome;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.schemas.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rules and defaults. For one statement every rule is evaluated; if any matches, the strictest of the matching ones answers, and only
 * if none does the strictest default among the statement's effects. A function that is not PostgreSQL's own counts as unknown
 * there: it may do anything. For a text of several statements the strictest answer holds for
 * all of it. Answers that do not depend on the time are remembered.
 */
final class RulePolicy implements Policy {
    /** Different statements in one text; each costs every rule, on the event loop. */
    static final int MAX_STATEMENTS = 1_000;

    private static final int REMEMBERED = 10_000;
    private static final Decision EMPTY = new Decision.Allow("default:empty");

    private final String version;
    private final Mode mode;
    private final Map<Effect, Outcome> defaults;
    private final List<Rule> rules;
    private final Masks masks;
    private final boolean dependsOnNow;
    private final Cache<Question, Decision> answers = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

    RulePolicy(String version, Mode mode, Map<Effect, Outcome> defaults, List<Rule> rules, Masks masks) {
        this.version = version;
        this.mode = mode;
        this.defaults = Map.copyOf(defaults);
        this.rules = List.copyOf(rules);
        this.masks = masks;
        this.dependsOnNow = rules.stream().anyMatch(rule -> rule.when().dependsOnNow());
        if (!this.defaults.keySet().containsAll(Set.of(Effect.values()))) {
            throw new IllegalArgumentException("a default is missing for an effect: " + defaults.keySet());
        }
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Mode mode() {
        return mode;
    }

    @Override
    public MaskRules masks(Subject subject) {
        return masks.of(subject);
    }

    @Override
    public Decision judge(Reading.Understood reading, Subject subject) {
        if (reading.statements().isEmpty()) {
            return EMPTY;
        }
        if (dependsOnNow) {
            return judgeAnew(reading.statements(), subject);
        }
        Question question = new Question(reading, subject);
        Decision remembered = answers.getIfPresent(question);
        if (remembered != null) {
            return remembered;
        }
        Decision decision = judgeAnew(reading.statements(), subject);
        answers.put(question, decision);
        return decision;
    }

    private Decision judgeAnew(List<StatementFacts> statements, Subject subject) {
        Set<StatementFacts> different = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Decision> decisions = new ArrayList<>();
        for (StatementFacts facts : statements) {
            if (different.add(facts)) {
                if (different.size() > MAX_STATEMENTS) {
                    return new Decision.Deny(
                            "limit:statements", "the text has more than " + MAX_STATEMENTS + " different statements", "Send them in several messages.");
                }
                decisions.add(judgeOne(facts, subject));
            }
        }
        return Strictest.of(decisions);
    }

    private Decision judgeOne(StatementFacts facts, Subject subject) {
        List<Decision> matching = new ArrayList<>();
        if (!rules.isEmpty()) {
            Map<String, Object> variables = Variables.of(facts, subject);
            for (Rule rule : rules) {
                Decision asked = ask(rule, variables);
                if (asked != null) {
                    matching.add(asked);
                }
            }
        }
        if (matching.isEmpty()) {
            for (Effect effect : Variables.effects(facts)) {
                matching.add(byDefault(effect, ""));
            }
            if (facts.callsUnknownFunction()) {
                String names = facts.unknownFunctions().stream().map(FunctionName::toString).collect(Collectors.joining(", "));
                matching.add(byDefault(Effect.UNKNOWN, ": it calls " + names + ", whose text it does not show"));
            }
        }
        return Strictest.of(matching);
    }

    private Decision byDefault(Effect effect, String because) {
        String word = Variables.word(effect);
        return decision("default:" + word, defaults.get(effect), "the policy's default for the effect '" + word + "' is deny" + because);
    }

    /** Null where the rule has nothing to say. A rule that fails denies: we cannot know that it would not have. */
    private static @Nullable Decision ask(Rule rule, Map<String, Object> variables) {
        try {
            return rule.when().holds(variables) ? decision(rule.name(), rule.then(), "denied by the policy's rule '" + rule.name() + "'") : null;
        } catch (CelEvaluationException | RuntimeException failed) {
            return new Decision.Deny(
                    rule.name(),
                    "the policy's rule '" + rule.name() + "' could not be evaluated: " + failed.getMessage(),
                    "The policy's owner must mend the rule.");
        }
    }

    private static Decision decision(String rule, @Nullable Outcome outcome, String standardReason) {
        return switch (outcome) {
            case Outcome.Allow() -> new Decision.Allow(rule);
            case Outcome.Deny(String reason, String hint) -> new Decision.Deny(rule, reason == null ? standardReason : reason, hint);
            case Outcome.Hold(String reason, List<String> approvers, int quorum, var expires, var all, Long autoApproveBelow) ->
                new Decision.Hold(rule, reason, approvers, quorum, expires, all, autoApproveBelow);
            case null -> new Decision.Deny(rule, "the policy has no default for the effect", null);
        };
    }

    /** Everything that an answer depends on. Readings that come from one cache are the same object, so comparing them is cheap. */
    private static final class Question {
        private final String fingerprint;
        private final List<StatementFacts> statements;
        private final Principal principal;
        private final String target;
        private final String database;
        private final String role;
        private final @Nullable String application;
        private final String clientAddress;
        private final boolean inTransaction;
        private final int hash;

        private Question(Reading.Understood reading, Subject subject) {
            fingerprint = reading.fingerprint();
            statements = reading.statements();
            principal = subject.principal();
            target = subject.target();
            database = subject.database();
            role = subject.role();
            application = subject.application();
            clientAddress = subject.clientAddress();
            inTransaction = subject.inTransaction();
            int sum = fingerprint.hashCode();
            sum = 31 * sum + principal.subject().hashCode();
            sum = 31 * sum + target.hashCode();
            sum = 31 * sum + database.hashCode();
            sum = 31 * sum + role.hashCode();
            sum = 31 * sum + clientAddress.hashCode();
            hash = 31 * sum + (inTransaction ? 1 : 0);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question question
                    && hash == question.hash
                    && inTransaction == question.inTransaction
                    && fingerprint.equals(question.fingerprint)
                    && (principal == question.principal || principal.equals(question.principal))
                    && target.equals(question.target)
                    && database.equals(question.database)
                    && role.equals(question.role)
                    && Objects.equals(application, question.application)
                    && clientAddress.equals(question.clientAddress)
                    && (statements == question.statements || statements.equals(question.statements));
        }
    }
}
