// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts and subject as the values that conditions see. What is absent is the empty string, so that no condition fails for want of it. */
final class Variables {
    private Variables() {}

    static Map<String, Object> of(StatementFacts facts, Subject subject, Particulars particulars) {
        Map<String, Object> variables = of(subject);
        variables.put("statement", statement(facts, subject.inTransaction(), particulars));
        return variables;
    }

    /** What is known without a statement. */
    static Map<String, Object> of(Subject subject) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("user", Map.of(
                "subject", subject.principal().subject(),
                "issuer", subject.principal().issuer(),
                "groups", List.copyOf(subject.principal().groups()),
                "method", word(subject.principal().method()),
                "onBehalfOf", orEmpty(subject.principal().onBehalfOf())));
        variables.put("target", Map.of("name", subject.target(), "database", subject.database()));
        variables.put("session", Map.of(
                "application", orEmpty(subject.application()), "clientAddress", subject.clientAddress(), "role", subject.role(), "purpose", orEmpty(subject.purpose())));
        variables.put(Conditions.NOW, subject.now());
        return variables;
    }

    /** The effects that defaults and conditions speak of. A statement without any, such as BEGIN, steers its own session. */
    static Set<Effect> effects(StatementFacts facts) {
        return facts.effects().isEmpty() ? Set.of(Effect.SESSION) : facts.effects();
    }

    /** An enum constant as policies spell it: lower case, with hyphens. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is not known is left out: asking for it is an error, which tells it from every value. */
    private static Map<String, Object> statement(StatementFacts facts, boolean inTransaction, Particulars particulars) {
        Map<String, Object> statement = new HashMap<>();
        Set<String> kinds = new LinkedHashSet<>();
        collectKinds(facts, kinds);
        statement.put("kind", facts.kind());
        statement.put("kinds", List.copyOf(kinds));
        statement.put("effects", effects(facts).stream().map(Variables::word).toList());
        statement.put("reads", facts.effects().contains(Effect.READ));
        statement.put("writes", facts.writes());
        statement.put("bounded", facts.bounded());
        statement.put("textLength", particulars.textLength());
        statement.put("parameters", particulars.parameters());
        if (particulars.dependsOnMasked() != null) {
            statement.put("dependsOnMasked", particulars.dependsOnMasked());
        }
        if (particulars.estimatedRows() != null) {
            statement.put("estimatedRows", particulars.estimatedRows());
        }
        statement.put("tables", facts.relations().stream().map(relation -> table(relation, facts)).toList());
        statement.put("functions", facts.functions().stream().map(FunctionName::toString).toList());
        statement.put("unknownFunctions", facts.unknownFunctions().stream().map(FunctionName::toString).toList());
        statement.put("callsUnknownFunction", facts.callsUnknownFunction());
        statement.put("settings", settings(facts));
        statement.put("setsRole", facts.setsRole());
        statement.put("transactionControl", word(facts.transactionControl()));
        statement.put("copy", word(facts.copy()));
        statement.put("inTransaction", inTransaction);
        List<Map<String, Object>> inner = new ArrayList<>();
        // The planner is asked about the statement that runs.
        facts.inner().forEach(statementInside -> inner.add(statement(statementInside, inTransaction, particulars.estimated(null))));
        statement.put("inner", inner);
        return statement;
    }

    private static void collectKinds(StatementFacts facts, Set<String> kinds) {
        kinds.add(facts.kind());
        facts.inner().forEach(inner -> collectKinds(inner, kinds));
    }

    private static Map<String, Object> table(RelationAccess relation, StatementFacts facts) {
        return Map.of(
                "schema", orEmpty(relation.schema()),
                "name", relation.name(),
                "columns", List.copyOf(facts.columns().getOrDefault(relation, Set.of())),
                "access", word(relation.access()));
    }

    private static Map<String, String> settings(StatementFacts facts) {
        Map<String, String> settings = new HashMap<>();
        facts.settings().forEach((name, value) -> settings.put(name, orEmpty(value)));
        return settings;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
