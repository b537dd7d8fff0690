// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.gateway.config.Durations;
import dev.sluice.gateway.policy.Answer;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Explanation;
import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An explanation, for people and for programs. */
record Report(String file, Policy policy, Subject subject, Particulars particulars, Explanation explanation, Findings findings) {
    private static final String UNKNOWN = "unknown: no server was asked, say --url";

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(lines, "policy", file + ", version " + policy.version() + ", mode " + word(policy.mode()));
        add(lines, "caller", subject.principal().subject() + groups() + ", role " + subject.role());
        add(lines, "target", subject.target() + ", database " + subject.database());
        add(lines, "at", subject.now().toString());
        int number = 0;
        for (Explanation.OfStatement statement : explanation.statements()) {
            lines.add("");
            lines.add("statement" + (explanation.statements().size() > 1 ? " " + (number + 1) : ""));
            facts(lines, statement.facts());
            lineage(lines, number);
            rules(lines, statement);
            number++;
        }
        lines.add("");
        add(lines, "masks", masks());
        Searches searches = Searches.of(policy, subject);
        searches.lines().forEach(line -> add(lines, "detectors", line));
        searches.exempt().forEach(column -> add(lines, "not searched", column));
        findings.warnings().forEach(warning -> add(lines, "warning", warning));
        add(lines, "decision", decision(explanation.verdict().decision()));
        explanation.verdict().missing().forEach(unknown ->
                add(lines, "unknown", "statement." + unknown.field() + ": the decision may be milder once it is known"));
        return lines.stream().map(Plain::text).toList();
    }

    private String groups() {
        return subject.principal().groups().isEmpty() ? "" : ", groups " + String.join(", ", subject.principal().groups().stream().sorted().toList());
    }

    private void facts(List<String> lines, StatementFacts facts) {
        add(lines, "kind", facts.kind());
        add(lines, "effects", facts.effects().isEmpty() ? "none: judged as session" : words(facts.effects()));
        add(lines, "reads", yes(facts.effects().contains(dev.sluice.gateway.statement.Effect.READ)) + ", writes " + yes(facts.writes()) + ", bounded " + yes(facts.bounded()));
        facts.relations().forEach(relation -> add(lines, "table", table(facts, relation)));
        if (!facts.functions().isEmpty()) {
            add(lines, "functions", names(facts.functions()));
        }
        if (facts.callsUnknownFunction()) {
            add(lines, "not its own", names(facts.unknownFunctions()));
        }
        if (!facts.settings().isEmpty()) {
            add(lines, "settings", String.join(", ", facts.settings().keySet()) + (facts.setsRole() ? ", which sets the role" : ""));
        } else if (facts.setsRole()) {
            add(lines, "settings", "it sets the role");
        }
        if (!facts.inner().isEmpty()) {
            add(lines, "inside", String.join(", ", facts.inner().stream().map(StatementFacts::kind).toList()));
        }
        add(lines, "length", particulars.textLength() + " characters, " + Plain.count(particulars.parameters().size(), "parameter"));
        add(lines, "rows", particulars.estimatedRows() == null ? "not estimated" : particulars.estimatedRows() + " estimated");
    }

    private static String table(StatementFacts facts, RelationAccess relation) {
        Set<String> columns = facts.columns().getOrDefault(relation, Set.of());
        return (relation.schema() == null ? "" : relation.schema() + ".") + relation.name() + " " + word(relation.access())
                + (columns.isEmpty() ? "" : ": " + String.join(", ", columns));
    }

    private void lineage(List<String> lines, int number) {
        if (number >= findings.statements().size()) {
            add(lines, "lineage", UNKNOWN);
            return;
        }
        Findings.OfStatement found = findings.statements().get(number);
        if (!found.reads().isEmpty()) {
            add(lines, "mentions", String.join(", ", found.reads()));
        }
        if (!found.conditions().isEmpty()) {
            add(lines, "conditions", String.join(", ", found.conditions()));
        }
        for (Findings.Output output : found.dependencies()) {
            add(lines, "output", output.name() + (output.dependsOn().isEmpty() ? "" : " from " + String.join(", ", output.dependsOn()))
                    + (output.mask() == null ? "" : ", masked: " + output.mask()));
        }
        if (found.refusal() != null) {
            add(lines, "refused", found.refusal());
        }
    }

    private String masks() {
        if (findings.rules().isEmpty()) {
            return "none for this caller";
        }
        String depends = findings.dependsOnMasked() == null ? UNKNOWN : yes(findings.dependsOnMasked());
        return String.join(", ", findings.rules()) + "; the statement depends on a masked column: " + depends;
    }

    private static void rules(List<String> lines, Explanation.OfStatement statement) {
        for (Explanation.OfRule rule : statement.rules()) {
            add(lines, "rule", rule.name() + ": " + answer(rule.answer()) + (rule.decision() == null ? "" : ", so " + word(rule.decision())));
            lines.add("    " + rule.condition().strip().replaceAll("\\s+", " "));
            rule.parts().forEach(part -> lines.add(String.format("      %-7s %s", answer(part.answer()), part.text())));
        }
        statement.defaults().forEach(decision -> add(lines, "no rule", decision.rule() + ": " + word(decision)));
    }

    private static String decision(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow -> "allow, by " + allow.rule();
            case Decision.Deny deny -> "deny, by " + deny.rule() + ": " + deny.reason() + (deny.hint() == null ? "" : ". " + deny.hint());
            case Decision.Hold hold -> "hold, by " + hold.rule() + (hold.reason() == null ? "" : ": " + hold.reason()) + ". " + Plain.count(hold.quorum(), "approval")
                    + " of " + String.join(", ", hold.approvers()) + " within " + Durations.format(hold.expires());
        };
    }

    private static String answer(Answer answer) {
        return switch (answer) {
            case Answer.Known(boolean holds) -> holds ? "true" : "false";
            case Answer.Open open -> "unknown";
            case Answer.Failed(String message) -> "fails: " + message;
        };
    }

    private static void add(List<String> lines, String name, String value) {
        lines.add(String.format("  %-12s %s", name, value));
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow -> "allow";
            case Decision.Deny deny -> "deny";
            case Decision.Hold hold -> "hold";
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String words(Collection<? extends Enum<?>> constants) {
        return String.join(", ", constants.stream().map(Report::word).toList());
    }

    private static String names(Collection<FunctionName> functions) {
        return String.join(", ", functions.stream().map(FunctionName::toString).toList());
    }

    /** The same as one object. What is not known is null. */
    String json() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("policy", Map.of("file", file, "version", policy.version(), "mode", word(policy.mode())));
        report.put("statements", explanation.statements().stream().map(this::statement).toList());
        report.put("masks", findings.rules());
        Searches searches = Searches.of(policy, subject);
        report.put("detectors", searches.detectors());
        report.put("notSearched", searches.exempt());
        report.put("dependsOnMasked", findings.dependsOnMasked());
        report.put("lineage", findings.statements().isEmpty() ? null : findings.statements());
        report.put("warnings", findings.warnings());
        report.put("decision", ofDecision(explanation.verdict().decision()));
        report.put("unknown", explanation.verdict().missing().stream().map(Particulars.Unknown::field).sorted().toList());
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("strings and lists have no form as JSON", impossible);
        }
    }

    private Map<String, Object> statement(Explanation.OfStatement statement) {
        StatementFacts facts = statement.facts();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", facts.kind());
        fields.put("effects", facts.effects().stream().map(Report::word).toList());
        fields.put("reads", facts.effects().contains(dev.sluice.gateway.statement.Effect.READ));
        fields.put("writes", facts.writes());
        fields.put("bounded", facts.bounded());
        fields.put("tables", facts.relations().stream().map(relation -> table(relation, facts)).toList());
        fields.put("functions", facts.functions().stream().map(FunctionName::toString).toList());
        fields.put("unknownFunctions", facts.unknownFunctions().stream().map(FunctionName::toString).toList());
        fields.put("settings", facts.settings());
        fields.put("setsRole", facts.setsRole());
        fields.put("estimatedRows", particulars.estimatedRows());
        fields.put("rules", statement.rules().stream().map(Report::rule).toList());
        fields.put("defaults", statement.defaults().stream().map(Report::ofDecision).toList());
        fields.put("decision", ofDecision(statement.decision()));
        return fields;
    }

    private static Map<String, Object> table(RelationAccess relation, StatementFacts facts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schema", relation.schema());
        fields.put("name", relation.name());
        fields.put("columns", List.copyOf(facts.columns().getOrDefault(relation, Set.of())));
        fields.put("access", word(relation.access()));
        return fields;
    }

    private static Map<String, Object> rule(Explanation.OfRule rule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", rule.name());
        fields.put("when", rule.condition());
        fields.put("answer", answer(rule.answer()));
        fields.put("decision", rule.decision() == null ? null : word(rule.decision()));
        fields.put("parts", rule.parts().stream().map(part -> Map.of("text", part.text(), "answer", answer(part.answer()))).toList());
        return fields;
    }

    private static Map<String, Object> ofDecision(Decision decision) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", word(decision));
        fields.put("rule", decision.rule());
        switch (decision) {
            case Decision.Allow allow -> {}
            case Decision.Deny deny -> {
                fields.put("reason", deny.reason());
                fields.put("hint", deny.hint());
            }
            case Decision.Hold hold -> {
                fields.put("reason", hold.reason());
                fields.put("approvers", hold.approvers());
                fields.put("quorum", hold.quorum());
                fields.put("expires", Durations.format(hold.expires()));
            }
        }
        return fields;
    }
}
