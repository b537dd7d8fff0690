// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.DetectorKind;
import dev.sluice.gateway.detection.TextPattern;
import dev.sluice.gateway.masking.ColumnPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code detectors}. */
final class DetectorReader {
    static final List<String> KEYS = List.of("search", "exempt");
    static final List<String> SEARCH_KEYS = List.of("find", "name", "regex", "context", "action", "unless", "only", "targets");

    private static final int MAX_ENTRIES = 100;
    private static final int MAX_EXPRESSION = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String ALL = "all";

    private final PolicySource source;
    private final Conditions conditions = new Conditions(Conditions.MASK_VARIABLES);
    /** Names of the operator's own expressions with the expression: a name means one thing. */
    private final Map<String, String> expressions = new HashMap<>();

    DetectorReader(PolicySource source) {
        this.source = source;
    }

    Detections read(@Nullable JsonNode node, JsonPointer at) {
        if (node == null || !source.isMapping(node, at, "detectors")) {
            return Detections.NONE;
        }
        source.refuseUnknown((ObjectNode) node, at, KEYS);
        List<Detections.Entry> entries = new ArrayList<>();
        JsonNode search = node.get("search");
        JsonPointer place = at.appendProperty("search");
        if (search == null) {
            source.problem(at, "detectors need 'search'; write a list such as [{find: [card, ssn]}]");
        } else if (source.isList(search, place, "search", MAX_ENTRIES)) {
            for (int i = 0; i < search.size(); i++) {
                JsonPointer entry = place.appendIndex(i);
                if (source.isMapping(search.get(i), entry, "a search")) {
                    entries.add(entry((ObjectNode) search.get(i), entry));
                }
            }
        }
        return new Detections(entries, list(node.get("exempt"), at.appendProperty("exempt"), "exempt", DetectorReader::column));
    }

    private Detections.Entry entry(ObjectNode node, JsonPointer at) {
        source.refuseUnknown(node, at, SEARCH_KEYS);
        Detector.Action action = source.choice(node.get("action"), at.appendProperty("action"), "action", Detector.Action.class, Detector.Action.MASK);
        List<Detector> detectors = new ArrayList<>();
        boolean own = node.has("regex");
        if (own == node.has("find")) {
            source.problem(at, "a search has either 'find' or 'regex'");
        } else if (own) {
            own(node, at, action, detectors);
        } else {
            refuse(node, at, "name");
            refuse(node, at, "context");
            found(node.get("find"), at.appendProperty("find"), action, detectors);
        }
        return new Detections.Entry(
                detectors, source.callers(conditions, node, at), list(node.get("targets"), at.appendProperty("targets"), "targets", Function.identity()));
    }

    private void refuse(ObjectNode node, JsonPointer at, String key) {
        if (node.has(key)) {
            source.problem(at.appendProperty(key), key + " belongs to a regex");
        }
    }

    private void found(JsonNode node, JsonPointer at, Detector.Action action, List<Detector> detectors) {
        if (node.isTextual() && node.asText().equals(ALL)) {
            DetectorKind.builtIn().forEach(kind -> detectors.add(Detector.builtIn(kind, action)));
            return;
        }
        List<String> words = DetectorKind.builtIn().stream().map(DetectorKind::word).toList();
        for (String word : list(node, at, "find", Function.identity())) {
            DetectorKind.named(word).ifPresentOrElse(
                    kind -> detectors.add(Detector.builtIn(kind, action)),
                    () -> source.problem(at, "'" + word + "' is no detector" + Suggestion.among(words, word)));
        }
        if (detectors.isEmpty()) {
            source.problem(at, "find must name at least one detector, or be 'all'");
        }
    }

    private void own(ObjectNode node, JsonPointer at, Detector.Action action, List<Detector> detectors) {
        String name = node.path("name").asText();
        String expression = node.path("regex").asText();
        if (!NAME.matcher(name).matches() || DetectorKind.named(name).isPresent()) {
            source.problem(at.appendProperty("name"), "a regex needs a name of its own of letters, digits, '.', '_' and '-', at most 100, but has '" + name + "'");
        } else if (!expression.equals(expressions.computeIfAbsent(name, absent -> expression))) {
            source.problem(at.appendProperty("name"), "the name '" + name + "' is taken by another regex");
        }
        List<String> context = list(node.get("context"), at.appendProperty("context"), "context", Function.identity());
        try {
            if (expression.length() > MAX_EXPRESSION) {
                throw new IllegalArgumentException("the regular expression is longer than " + MAX_EXPRESSION + " characters");
            }
            detectors.add(new Detector(name, DetectorKind.REGEX, action, TextPattern.of(expression, context)));
        } catch (IllegalArgumentException wrong) {
            source.problem(at.appendProperty("regex"), wrong.getMessage());
        }
    }

    private <T> List<T> list(@Nullable JsonNode node, JsonPointer at, String what, Function<String, T> reader) {
        List<T> list = new ArrayList<>();
        if (source.isList(node, at, what, MAX_ENTRIES)) {
            for (int i = 0; i < node.size(); i++) {
                try {
                    if (!node.get(i).isTextual() || node.get(i).asText().isBlank()) {
                        throw new IllegalArgumentException(what + " must be a list of texts");
                    }
                    list.add(reader.apply(node.get(i).asText()));
                } catch (IllegalArgumentException wrong) {
                    source.problem(at.appendIndex(i), wrong.getMessage());
                }
            }
        }
        return list;
    }

    private static ColumnPattern column(String text) {
        ColumnPattern pattern = ColumnPattern.parse(text);
        if (pattern.path() != null) {
            throw new IllegalArgumentException("columns are exempt as a whole; leave out the path in '" + text + "'");
        }
        return pattern;
    }
}
