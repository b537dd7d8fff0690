// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.Suggestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code results}. */
final class ResultsReader {
    static final List<String> ENTRY_KEYS = List.of("when", "record");
    static final List<String> RECORD_WORDS = List.of("none", "all", "rows", "bytes");

    private static final int MAX_ENTRIES = 100;

    private final PolicySource source;
    private final Conditions conditions;

    ResultsReader(PolicySource source, Conditions conditions) {
        this.source = source;
        this.conditions = conditions;
    }

    Results read(@Nullable JsonNode node, JsonPointer at) {
        if (!source.isList(node, at, "results", MAX_ENTRIES)) {
            return Results.NONE;
        }
        List<Results.Entry> entries = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            JsonPointer entry = at.appendIndex(i);
            if (source.isMapping(node.get(i), entry, "an entry of results")) {
                entry((ObjectNode) node.get(i), entry, entries);
            }
        }
        return new Results(entries);
    }

    private void entry(ObjectNode node, JsonPointer at, List<Results.Entry> entries) {
        source.refuseUnknown(node, at, ENTRY_KEYS);
        JsonNode record = node.get("record");
        if (record == null) {
            source.problem(at, "an entry of results has no 'record'; say none, all, {rows: N} or {bytes: N}");
            return;
        }
        ResultLimit limit = limit(record, at.appendProperty("record"));
        JsonNode when = node.get("when");
        String condition = when == null ? "true" : when.asText();
        source.condition(conditions, condition, at.appendProperty("when")).ifPresent(compiled -> entries.add(new Results.Entry(compiled, limit)));
    }

    private ResultLimit limit(JsonNode node, JsonPointer at) {
        if (node.isTextual()) {
            return switch (node.asText()) {
                case "none" -> ResultLimit.NONE;
                case "all" -> ResultLimit.ALL;
                default -> wrong(node.asText(), at);
            };
        }
        if (!(node instanceof ObjectNode mapping) || mapping.size() != 1) {
            source.problem(at, "expected none, all, {rows: N} or {bytes: N}");
            return ResultLimit.NONE;
        }
        String word = mapping.fieldNames().next();
        long number = number(mapping.get(word), at.appendProperty(word), word);
        return switch (word) {
            case "rows" -> new ResultLimit(number, 0);
            case "bytes" -> new ResultLimit(0, number);
            default -> wrong(word, at);
        };
    }

    private long number(JsonNode node, JsonPointer at, String word) {
        boolean fits = node.isIntegralNumber() && node.canConvertToLong() && node.asLong() > 0;
        if (!fits) {
            source.problem(at, word + " must be a number above 0, but is '" + node.asText() + "'");
        }
        return fits ? node.asLong() : 0;
    }

    private ResultLimit wrong(String word, JsonPointer at) {
        source.problem(at, "'" + word + "' does not say how much to record" + Suggestion.among(RECORD_WORDS, word));
        return ResultLimit.NONE;
    }
}
