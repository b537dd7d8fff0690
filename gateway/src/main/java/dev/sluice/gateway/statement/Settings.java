// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What SET, RESET, set_config and the transaction commands do to run-time parameters. */
final class Settings {
    private static final Set<String> ROLES = Set.of("role", "session_authorization", StatementFacts.ALL);
    private static final Set<String> READING = Set.of("client_encoding", "standard_conforming_strings", StatementFacts.ALL);

    private Settings() {}

    static void set(StatementFactsBuilder facts, String name, @Nullable String value) {
        facts.effect(Effect.SESSION).setting(name, value);
        if (ROLES.contains(name)) {
            facts.setsRole();
        }
        if (READING.contains(name)) {
            facts.mayChangeReading();
        }
    }

    /** SET and RESET in all their forms. */
    static void read(StatementFactsBuilder facts, JsonNode node) {
        String name = Condition.lower(node.path("name").asText(StatementFacts.ALL));
        switch (node.path("kind").asText("")) {
            case "VAR_SET_VALUE" -> set(facts, name, values(node.path("args")));
            case "VAR_SET_MULTI" -> {
                if (name.equals("transaction snapshot")) {
                    set(facts, "transaction_snapshot", values(node.path("args")));
                } else {
                    facts.effect(Effect.SESSION);
                    modes(facts, node.path("args"), name.equals("session characteristics") ? "default_" : "");
                }
            }
            case "VAR_RESET_ALL" -> set(facts, StatementFacts.ALL, null);
            default -> set(facts, name, null);
        }
    }

    /** Transaction modes, as settings: isolation level, read only, deferrable. */
    static void modes(StatementFactsBuilder facts, JsonNode options, String prefix) {
        for (JsonNode option : options) {
            JsonNode element = option.path("DefElem");
            Object value = Constants.value(element.path("arg"));
            String text = value instanceof BigDecimal number ? number.signum() != 0 ? "on" : "off" : value instanceof String word ? word : null;
            facts.setting(prefix + element.path("defname").asText(StatementFacts.ALL), text);
        }
    }

    private static @Nullable String values(JsonNode arguments) {
        List<String> values = new ArrayList<>();
        for (JsonNode argument : arguments) {
            Object value = Constants.value(argument);
            if (value == null || value == Constants.NULL || value == Constants.OPAQUE) {
                return null;
            }
            values.add(value instanceof BigDecimal number ? number.toPlainString() : value.toString());
        }
        return String.join(", ", values);
    }
}
