// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.Durations;
import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.policy.Rule.Outcome;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands after {@code then} and in {@code defaults}: a word, or a word with its terms. */
final class OutcomeReader {
    static final List<String> OUTCOMES = List.of("allow", "deny", "hold");
    static final List<String> DENY_KEYS = List.of("reason", "hint");
    static final List<String> HOLD_KEYS = List.of("approvers", "quorum", "expires", "autoApproveBelow", "reason", "mode", "patience", "inTransaction");
    static final List<String> STANDARD_HOLD_KEYS = List.of("approvers", "quorum", "expires", "autoApproveBelow", "mode", "patience", "inTransaction");

    static final Outcome.Hold STANDARD_HOLD = new Outcome.Hold(null, List.of("approvers"), 1, Duration.ofMinutes(30), List.of(), null, HoldManner.UNSAID);
    static final List<String> ALL_KEYS = List.of("all");
    static final List<String> PART_KEYS = List.of("group", "count");

    private static final int MAX_QUORUM = 20;
    private static final int MAX_TEXT = 500;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Outcome REFUSED = new Outcome.Deny(null, null);

    private final PolicySource source;
    private Outcome.Hold standardHold = STANDARD_HOLD;

    OutcomeReader(PolicySource source) {
        this.source = source;
    }

    /** The terms of every hold that does not give its own. */
    Outcome.Hold standardHold() {
        return standardHold;
    }

    void readStandardHold(@Nullable JsonNode node, JsonPointer at) {
        if (node != null && source.isMapping(node, at, "hold")) {
            source.refuseUnknown((ObjectNode) node, at, STANDARD_HOLD_KEYS);
            standardHold = terms((ObjectNode) node, at);
        }
    }

    /** The outcome; after a problem was noted, one that is never used. */
    Outcome read(JsonNode node, JsonPointer at) {
        if (node.isTextual()) {
            return word(node.asText(), at);
        }
        if (!(node instanceof ObjectNode mapping) || mapping.size() != 1) {
            source.problem(at, "expected one of allow, deny or hold");
            return REFUSED;
        }
        String word = mapping.fieldNames().next();
        JsonNode terms = mapping.get(word);
        JsonPointer inside = at.appendProperty(word);
        return switch (word) {
            case "deny" -> deny(terms, inside);
            case "hold" -> hold(terms, inside);
            case "allow" -> {
                source.problem(inside, "allow has no terms; write 'then: allow'");
                yield REFUSED;
            }
            default -> word(word, at);
        };
    }

    private Outcome word(String word, JsonPointer at) {
        return switch (word) {
            case "allow" -> new Outcome.Allow();
            case "deny" -> new Outcome.Deny(null, null);
            case "hold" -> standardHold;
            default -> {
                source.problem(at, "'" + word + "' is no outcome" + Suggestion.among(OUTCOMES, word));
                yield REFUSED;
            }
        };
    }

    private Outcome deny(JsonNode node, JsonPointer at) {
        if (node.isTextual()) {
            return new Outcome.Deny(text(node, at, "deny"), null);
        }
        if (!source.isMapping(node, at, "deny")) {
            return REFUSED;
        }
        source.refuseUnknown((ObjectNode) node, at, DENY_KEYS);
        return new Outcome.Deny(
                text(node.get("reason"), at.appendProperty("reason"), "reason"), text(node.get("hint"), at.appendProperty("hint"), "hint"));
    }

    private Outcome hold(JsonNode node, JsonPointer at) {
        if (node.isTextual()) {
            return new Outcome.Hold(
                    text(node, at, "hold"),
                    standardHold.approvers(),
                    standardHold.quorum(),
                    standardHold.expires(),
                    standardHold.all(),
                    standardHold.autoApproveBelow(),
                    standardHold.manner());
        }
        if (!source.isMapping(node, at, "hold")) {
            return REFUSED;
        }
        source.refuseUnknown((ObjectNode) node, at, HOLD_KEYS);
        return terms((ObjectNode) node, at);
    }

    private Outcome.Hold terms(ObjectNode node, JsonPointer at) {
        JsonNode quorum = node.get("quorum");
        JsonPointer atQuorum = at.appendProperty("quorum");
        boolean inherited = quorum == null && !node.has("approvers");
        List<GroupQuorum> all = quorum instanceof ObjectNode parts ? all(parts, atQuorum) : inherited ? standardHold.all() : List.of();
        if (quorum instanceof ObjectNode && node.has("approvers")) {
            source.problem(at.appendProperty("approvers"), "approvers are named by quorum.all already; leave one of the two out");
        }
        return new Outcome.Hold(
                text(node.get("reason"), at.appendProperty("reason"), "reason"),
                all.isEmpty() ? approvers(node.get("approvers"), at.appendProperty("approvers")) : JointQuorum.groups(all),
                all.isEmpty() && !(quorum instanceof ObjectNode) ? quorum(quorum, atQuorum) : JointQuorum.people(all),
                expires(node.get("expires"), at.appendProperty("expires")),
                all,
                autoApproveBelow(node.get("autoApproveBelow"), at.appendProperty("autoApproveBelow")),
                MannerReader.read(source, node, at).orElse(standardHold.manner()));
    }

    /** How many people of which groups: {@code {all: [{group: dba, count: 1}, …]}}. After a problem was noted, anything. */
    private List<GroupQuorum> all(ObjectNode node, JsonPointer at) {
        source.refuseUnknown(node, at, ALL_KEYS);
        JsonNode parts = node.get("all");
        JsonPointer list = at.appendProperty("all");
        if (parts == null || !source.isList(parts, list, "quorum.all") || parts.isEmpty()) {
            source.problem(at, "quorum must be a whole number, or {all: [{group: …, count: …}]} with at least one group");
            return List.of();
        }
        List<GroupQuorum> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            JsonPointer entry = list.appendIndex(i);
            if (source.isMapping(parts.get(i), entry, "a part of quorum.all")) {
                GroupQuorum part = part((ObjectNode) parts.get(i), entry);
                if (JointQuorum.groups(all).contains(part.group())) {
                    source.problem(entry, "the group '" + part.group() + "' is there twice; add up its counts");
                }
                all.add(part);
            }
        }
        if (JointQuorum.people(all) > MAX_QUORUM) {
            source.problem(list, "quorum.all asks for " + JointQuorum.people(all) + " people; the limit is " + MAX_QUORUM);
        }
        return all;
    }

    private GroupQuorum part(ObjectNode node, JsonPointer at) {
        source.refuseUnknown(node, at, PART_KEYS);
        JsonNode group = node.get("group");
        if (group == null || !group.isTextual() || group.asText().isBlank()) {
            source.problem(at, "a part of quorum.all needs a group");
        }
        JsonNode count = node.get("count");
        if (count != null && (!count.isIntegralNumber() || count.asLong() < 1 || count.asLong() > MAX_QUORUM)) {
            source.problem(at.appendProperty("count"), "count must be a whole number from 1 to " + MAX_QUORUM + ", but is '" + count.asText() + "'");
            return new GroupQuorum(node.path("group").asText(), 1);
        }
        return new GroupQuorum(node.path("group").asText(), count == null ? 1 : count.asInt());
    }

    private @Nullable Long autoApproveBelow(@Nullable JsonNode node, JsonPointer at) {
        if (node == null) {
            return standardHold.autoApproveBelow();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asLong() < 0) {
            source.problem(at, "autoApproveBelow must be a number of rows, 0 (never) or more, but is '" + node.asText() + "'");
        }
        return node.asLong() == 0 ? null : Long.valueOf(node.asLong());
    }

    private List<String> approvers(@Nullable JsonNode node, JsonPointer at) {
        if (node == null) {
            return standardHold.approvers();
        }
        List<String> groups = new ArrayList<>();
        if (!source.isList(node, at, "approvers")) {
            return standardHold.approvers();
        }
        for (JsonNode group : node) {
            if (!group.isTextual() || group.asText().isBlank() || groups.contains(group.asText())) {
                source.problem(at, "approvers must name groups, each once, but has '" + group.asText() + "'");
            } else {
                groups.add(group.asText());
            }
        }
        if (node.isEmpty()) {
            source.problem(at, "approvers must name at least one group: nobody could approve");
        }
        return groups;
    }

    private int quorum(@Nullable JsonNode node, JsonPointer at) {
        if (node == null) {
            return standardHold.quorum();
        }
        if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > MAX_QUORUM) {
            source.problem(at, "quorum must be a whole number from 1 to " + MAX_QUORUM + ", but is '" + node.asText() + "'");
        }
        return node.asInt();
    }

    private Duration expires(@Nullable JsonNode node, JsonPointer at) {
        if (node == null) {
            return standardHold.expires();
        }
        try {
            Duration expires = Durations.parse(node.asText());
            if (expires.compareTo(SHORTEST) < 0 || expires.compareTo(LONGEST) > 0) {
                source.problem(at, "expires must be from 1s to 7d, but is '" + node.asText() + "'");
            }
            return expires;
        } catch (IllegalArgumentException unreadable) {
            source.problem(at, "expires is wrong: " + unreadable.getMessage());
            return standardHold.expires();
        }
    }

    /** One line for an error message, or null where none is given. */
    private @Nullable String text(@Nullable JsonNode node, JsonPointer at, String key) {
        if (node == null) {
            return null;
        }
        String text = node.asText().strip();
        if (!node.isTextual() || text.isEmpty() || text.length() > MAX_TEXT) {
            source.problem(at, key + " must be a text of 1 to " + MAX_TEXT + " characters");
        }
        return text;
    }
}
