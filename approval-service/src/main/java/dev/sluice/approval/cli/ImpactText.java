// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What a held statement would do, as text. */
final class ImpactText {
    private ImpactText() {}

    static void add(JsonNode approval, StringJoiner text) {
        var impact = approval.path("impact");
        if (!impact.isObject()) {
            text.add("impact     " + Plain.line(approval.path("impactNote").asText()));
            return;
        }
        text.add("impact     " + rows(impact));
        impact.path("tables").forEach(table -> text.add("  table    " + table(table)));
        impact.path("cascades").forEach(cascade -> text.add("  cascade  " + Plain.line(cascade.path("table").asText() + ": " + cascade.path("action").asText()
                + " in " + cascade.path("referenced").asText())));
        impact.path("triggers").forEach(trigger -> text.add("  trigger  " + Plain.line(trigger.path("name").asText() + " on " + trigger.path("table").asText() + ", "
                + trigger.path("when").asText() + ", calls " + trigger.path("function").asText())));
        impact.path("locks").forEach(lock -> text.add("  lock     " + Plain.line(lock.path("mode").asText() + " on " + lock.path("table").asText() + ": others wait with "
                + lock.path("blocks").asText())));
        impact.path("dependents").forEach(dependent ->
                text.add("  depends  " + Plain.line(dependent.path("object").asText() + " on " + dependent.path("on").asText())));
        if (impact.hasNonNull("rewrite")) {
            text.add("  rewrite  " + Plain.line(impact.path("rewrite").asText()));
        }
        if (impact.hasNonNull("sample")) {
            sample(impact.path("sample"), text);
        }
        impact.path("missing").forEach(missing ->
                text.add("  not known: " + Plain.line(missing.path("part").asText() + ", because " + missing.path("reason").asText())));
    }

    private static String rows(JsonNode impact) {
        var words = new ArrayList<String>();
        if (impact.hasNonNull("exactRows")) {
            words.add(impact.path("exactRows").asLong() + " rows when it was looked at");
        }
        if (impact.hasNonNull("estimatedRows")) {
            words.add("about " + impact.path("estimatedRows").asLong() + " by the planner's estimate");
        }
        return words.isEmpty() ? "the number of rows is not known" : String.join(", ", words);
    }

    private static String table(JsonNode table) {
        return Plain.line(table.path("access").asText() + " " + table.path("kind").asText() + " " + table.path("name").asText()
                + (table.hasNonNull("rows") ? ", about " + table.path("rows").asLong() + " rows" : "")
                + (table.hasNonNull("bytes") ? ", " + table.path("bytes").asLong() + " bytes" : "")
                + named(", writes ", table.path("writes"))
                + named(", reads ", table.path("reads")));
    }

    private static String named(String label, JsonNode names) {
        return names.isEmpty() ? "" : label + StreamSupport.stream(names.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private static void sample(JsonNode sample, StringJoiner text) {
        text.add("  rows     of " + Plain.line(sample.path("table").asText()) + (sample.path("whole").asBoolean() ? ":" : ", the first of them:"));
        text.add("           " + Plain.line(joined(sample.path("columns"))));
        sample.path("rows").forEach(row -> text.add("           " + Plain.line(StreamSupport.stream(row.path("cells").spliterator(), false)
                .map(cell -> (cell.hasNonNull("value") ? cell.path("value").asText() : cell.path("masked").asBoolean() ? "(masked)" : "NULL")
                        + (cell.path("whole").asBoolean() ? "" : "..."))
                .collect(Collectors.joining(" | ")))));
    }

    private static String joined(JsonNode names) {
        return StreamSupport.stream(names.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(" | "));
    }
}
