// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.sluice.gateway.config.InvalidConfiguration;
import dev.sluice.gateway.config.SourcePosition;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.config.YamlDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A policy's text while it is read: the tree, and the problems found so far. For one thread. */
final class PolicySource {
    private final YamlDocument document;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    PolicySource(YamlDocument document) {
        this.document = document;
    }

    ObjectNode root() {
        return document.root();
    }

    void problem(JsonPointer at, String problem) {
        problems.add(document.positionOf(at) + ": " + problem);
    }

    void warn(JsonPointer at, String warning) {
        warnings.add(document.positionOf(at) + ": warning: " + warning);
    }

    /** What loads and may not do what was meant, one line each with its place. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    void refuseIfWrong() {
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(problems);
        }
    }

    void refuseUnknown(ObjectNode mapping, JsonPointer at, List<String> known) {
        mapping.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problems.add(document.positionOfKey(at, key) + ": '" + key + "' is no known key here" + Suggestion.among(known, key));
            }
        });
    }

    boolean isMapping(JsonNode node, JsonPointer at, String what) {
        if (!node.isObject()) {
            problem(at, what + " must be a mapping of keys to values");
        }
        return node.isObject();
    }

    boolean isList(JsonNode node, JsonPointer at, String what) {
        if (!node.isArray()) {
            problem(at, what + " must be a list");
        }
        return node.isArray();
    }

    /** As {@link #isList(JsonNode, JsonPointer, String)}, with at most so many entries; false also where there is no node. */
    boolean isList(@Nullable JsonNode node, JsonPointer at, String what, int most) {
        if (node == null || !isList(node, at, what)) {
            return false;
        }
        if (node.size() > most) {
            problem(at, what + " has " + node.size() + " entries; the limit is " + most);
        }
        return node.size() <= most;
    }

    /** The constant that a word names, or the one for no word. */
    <E extends Enum<E>> E choice(@Nullable JsonNode node, JsonPointer at, String what, Class<E> type, E absent) {
        if (node == null) {
            return absent;
        }
        Optional<E> chosen = Arrays.stream(type.getEnumConstants())
                .filter(constant -> node.isTextual() && Variables.word(constant).equals(node.asText()))
                .findFirst();
        if (chosen.isEmpty()) {
            problem(at, what + " must not be '" + node.asText() + "'"
                    + Suggestion.among(Arrays.stream(type.getEnumConstants()).map(Variables::word).toList(), node.asText()));
        }
        return chosen.orElse(absent);
    }

    /** The condition, or empty after its problems have been noted, each at its own place in the file. */
    Optional<Condition> condition(Conditions conditions, String expression, JsonPointer at) {
        try {
            Condition condition = conditions.compile(expression);
            for (ConditionWarnings.Warning warning : condition.warnings()) {
                warnings.add(document.positionInside(at, 1, 1 + warning.offset()) + ": warning: in the condition: " + warning.text());
            }
            return Optional.of(condition);
        } catch (CelValidationException invalid) {
            for (CelIssue issue : invalid.getErrors()) {
                SourcePosition place =
                        document.positionInside(at, Math.max(1, issue.getSourceLocation().getLine()), issue.getSourceLocation().getColumn() + 1);
                problems.add(place + ": in the condition: " + issue.getMessage() + known(issue));
            }
            return Optional.empty();
        }
    }

    /** {@code unless} and {@code only} of an entry; one that is wrong is left out after its problems have been noted. */
    CallerConditions callers(Conditions conditions, ObjectNode entry, JsonPointer at) {
        return new CallerConditions(callers(conditions, entry, at, "unless"), callers(conditions, entry, at, "only"));
    }

    private @Nullable Condition callers(Conditions conditions, ObjectNode entry, JsonPointer at, String key) {
        JsonNode given = entry.get(key);
        if (given == null) {
            return null;
        }
        JsonPointer place = at.appendProperty(key);
        if (!given.isValueNode() || given.isNull()) {
            problem(place, key + " must be a CEL condition");
            return null;
        }
        return condition(conditions, given.asText(), place).orElse(null);
    }

    /** CEL's message names the missing field; the fields that exist are the way out. */
    private static String known(CelIssue issue) {
        String message = issue.getMessage();
        String prefix = "undefined field '";
        if (!message.startsWith(prefix)) {
            return "";
        }
        String name = message.substring(prefix.length(), message.length() - 1);
        return Suggestion.near(
                Conditions.STRUCTURES.values().stream().flatMap(fields -> fields.keySet().stream()).distinct().toList(), name);
    }
}
