// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.policy.Rule.Outcome;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.schemas.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rules and defaults. For one statement every rule is evaluated; if any matches, the strictest of the matching ones answers, and only
 * if none does the strictest default among the statement's effects. A function that is not PostgreSQL's own counts as unknown
 * there: it may do anything. For a text of several statements the strictest answer holds for
 * all of it. What rules answer that do not depend on the time, the parameters or an estimate is remembered.
 */
final class RulePolicy implements Policy {
    /** Different statements in one text; each costs every rule, on the event loop. */
    static final int MAX_STATEMENTS = 1_000;

    private static final int REMEMBERED = 10_000;
    private static final Verdict EMPTY = new Verdict(new Decision.Allow("default:empty"), Set.of());
    private static final Verdict TOO_MANY = new Verdict(
            new Decision.Deny("limit:statements", "the text has more than " + MAX_STATEMENTS + " different statements", "Send them in several messages."), Set.of());

    private final String version;
    private final Mode mode;
    private final Map<Effect, Outcome> defaults;
    private final List<Rule> rules;
    private final Masks masks;
    private final Results results;
    private final Detections detections;
    /** Places of the rules that are asked anew each time. */
    private final Set<Integer> varying = new TreeSet<>();
    private final Cache<Question, Remembered> answers = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

    RulePolicy(String version, Mode mode, Map<Effect, Outcome> defaults, List<Rule> rules, Masks masks, Results results, Detections detections) {
        this.version = version;
        this.mode = mode;
        this.defaults = Map.copyOf(defaults);
        this.rules = List.copyOf(rules);
        this.masks = masks;
        this.results = results;
        this.detections = detections;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).when().varies()) {
                varying.add(i);
            }
        }
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
        MaskRules rules = masks.of(subject);
        return rules.isEmpty() && detections.needCatalog(subject) ? MaskRules.CATALOG_ALONE : rules;
    }

    @Override
    public DetectionRules detections(Subject subject) {
        return detections.of(subject);
    }

    @Override
    public MaskRules allMasks() {
        return masks.all();
    }

    @Override
    public boolean keepsResults() {
        return !results.entries().isEmpty();
    }

    @Override
    public ResultLimit results(Reading.Understood reading, Subject subject, Particulars particulars) {
        return results.of(reading.statements(), subject, particulars);
    }

    @Override
    public Exemptions exemptions(Subject subject) {
        return masks.exemptions(subject, mode);
    }

    @Override
    public Decision judge(Reading.Understood reading, Subject subject) {
        return judge(reading, subject, Particulars.ofText(reading.redactedSql())).decision();
    }

    @Override
    public Verdict judge(Reading.Understood reading, Subject subject, Particulars particulars) {
        if (reading.statements().isEmpty()) {
            return EMPTY;
        }
        List<StatementFacts> different = different(reading.statements());
        if (different.size() > MAX_STATEMENTS) {
            return TOO_MANY;
        }
        Remembered known = answers.get(new Question(reading, subject), question -> remember(different, subject, particulars));
        Verdict verdict = known.verdict;
        return verdict == null ? judgeAnew(different, known.matching, subject, particulars) : verdict;
    }

    @Override
    public Explanation explain(Reading.Understood reading, Subject subject, Particulars particulars) {
        List<Explanation.OfStatement> statements = new ArrayList<>();
        for (StatementFacts facts : different(reading.statements())) {
            Map<String, Object> variables = Variables.of(facts, subject, particulars);
            List<Explanation.OfRule> asked = new ArrayList<>();
            List<Decision> matching = new ArrayList<>();
            for (Rule rule : rules) {
                Answer answer = rule.when().ask(variables);
                Decision decision = decision(rule, answer);
                asked.add(new Explanation.OfRule(rule.name(), rule.when().text(), answer, decision, rule.when().parts(variables)));
                if (decision != null) {
                    matching.add(decision);
                }
            }
            List<Decision> byDefault = matching.isEmpty() ? byDefault(facts) : List.of();
            statements.add(new Explanation.OfStatement(facts, asked, byDefault, Strictest.of(matching.isEmpty() ? byDefault : matching)));
        }
        return new Explanation(statements, judge(reading, subject, particulars));
    }

    private static List<StatementFacts> different(List<StatementFacts> statements) {
        if (statements.size() == 1) {
            return statements;
        }
        Set<StatementFacts> different = Collections.newSetFromMap(new IdentityHashMap<>());
        return statements.stream().filter(different::add).toList();
    }

    /** What the rules say that need nothing but what the question holds. */
    private Remembered remember(List<StatementFacts> statements, Subject subject, Particulars particulars) {
        List<Map<Integer, Decision>> matching = new ArrayList<>();
        for (StatementFacts facts : statements) {
            Map<Integer, Decision> ofStatement = new HashMap<>();
            if (rules.size() > varying.size()) {
                Map<String, Object> variables = Variables.of(facts, subject, particulars);
                for (int i = 0; i < rules.size(); i++) {
                    Decision decision = varying.contains(i) ? null : decision(rules.get(i), rules.get(i).when().ask(variables));
                    if (decision != null) {
                        ofStatement.put(i, decision);
                    }
                }
            }
            matching.add(ofStatement);
        }
        Verdict verdict = varying.isEmpty() ? judgeAnew(statements, matching, subject, particulars) : null;
        return new Remembered(matching, verdict);
    }

    private Verdict judgeAnew(List<StatementFacts> statements, List<Map<Integer, Decision>> matching, Subject subject, Particulars particulars) {
        List<Decision> decisions = new ArrayList<>();
        Set<Particulars.Unknown> missing = EnumSet.noneOf(Particulars.Unknown.class);
        for (int place = 0; place < statements.size(); place++) {
            Map<Integer, Decision> inOrder = new TreeMap<>(matching.get(place));
            if (!varying.isEmpty()) {
                Map<String, Object> variables = Variables.of(statements.get(place), subject, particulars);
                for (int i : varying) {
                    Answer answer = rules.get(i).when().ask(variables);
                    Decision decision = decision(rules.get(i), answer);
                    if (decision != null) {
                        inOrder.put(i, decision);
                    }
                    if (answer instanceof Answer.Open(Set<Particulars.Unknown> what)) {
                        missing.addAll(what);
                    }
                }
            }
            decisions.add(Strictest.of(inOrder.isEmpty() ? byDefault(statements.get(place)) : inOrder.values()));
        }
        return new Verdict(Strictest.of(decisions), missing);
    }

    private List<Decision> byDefault(StatementFacts facts) {
        List<Decision> decisions = new ArrayList<>();
        for (Effect effect : Variables.effects(facts)) {
            decisions.add(byDefault(effect, ""));
        }
        if (facts.callsUnknownFunction()) {
            String names = facts.unknownFunctions().stream().map(FunctionName::toString).collect(Collectors.joining(", "));
            decisions.add(byDefault(Effect.UNKNOWN, ": it calls " + names + ", whose text it does not show"));
        }
        return decisions;
    }

    private Decision byDefault(Effect effect, String because) {
        String word = Variables.word(effect);
        return decision("default:" + word, defaults.get(effect), "the policy's default for the effect '" + word + "' is deny" + because);
    }

    /**
     * Null where the rule has nothing to say. A rule that fails denies: we cannot know that it would not have. One that depends on what is not
     * known does not allow, and otherwise does what it does when it holds.
     */
    private static @Nullable Decision decision(Rule rule, Answer answer) {
        return switch (answer) {
            case Answer.Known(boolean holds) -> holds ? decision(rule) : null;
            case Answer.Open open -> rule.then() instanceof Outcome.Allow ? null : decision(rule);
            case Answer.Failed(String message) -> new Decision.Deny(
                    rule.name(), "the policy's rule '" + rule.name() + "' could not be evaluated: " + message, "The policy's owner must mend the rule.");
        };
    }

    private static Decision decision(Rule rule) {
        return decision(rule.name(), rule.then(), "denied by the policy's rule '" + rule.name() + "'");
    }

    private static Decision decision(String rule, @Nullable Outcome outcome, String standardReason) {
        return switch (outcome) {
            case Outcome.Allow() -> new Decision.Allow(rule);
            case Outcome.Deny(String reason, String hint) -> new Decision.Deny(rule, reason == null ? standardReason : reason, hint);
            case Outcome.Hold(String reason, List<String> approvers, int quorum, var expires, var all, Long autoApproveBelow, var manner) ->
                new Decision.Hold(rule, reason, approvers, quorum, expires, all, autoApproveBelow, manner);
            case null -> new Decision.Deny(rule, "the policy has no default for the effect", null);
        };
    }

    /**
     * What the rules say that depend on the question alone: for each statement those that match, by their place.
     *
     * @param verdict the answer, where all of them do
     */
    private record Remembered(List<Map<Integer, Decision>> matching, @Nullable Verdict verdict) {}

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
        private final @Nullable String purpose;
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
            purpose = subject.purpose();
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
                    && Objects.equals(purpose, question.purpose)
                    && (statements == question.statements || statements.equals(question.statements));
        }
    }
}
