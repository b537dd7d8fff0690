// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Approvals as text. The statement is always whole. */
final class ApprovalText {
    private ApprovalText() {}

    /** One line of a list. */
    static String line(JsonNode approval) {
        return "%s  %-9s  %s  %s  %s on %s  (%d of %d)"
                .formatted(
                        Plain.line(approval.path("id").asText()),
                        Plain.line(approval.path("status").asText()),
                        Plain.line(approval.path("requestedAt").asText()),
                        Plain.line(who(approval.path("requester"))),
                        Plain.line(joined(approval.path("kinds"))),
                        Plain.line(approval.path("target").asText()),
                        approval.path("approvals").asLong(),
                        approval.path("quorum").asLong());
    }

    /** Everything that somebody needs in order to answer. */
    static String whole(JsonNode approval) {
        var statement = approval.path("statement");
        var text = new StringJoiner("\n");
        text.add("approval   " + Plain.line(approval.path("id").asText()) + ", " + Plain.line(approval.path("status").asText()));
        text.add("requester  " + Plain.line(who(approval.path("requester"))) + ", from " + Plain.line(approval.path("clientAddress").asText())
                + (approval.hasNonNull("application") ? ", with " + Plain.line(approval.path("application").asText()) : ""));
        text.add("where      " + Plain.line(approval.path("target").asText() + " / " + approval.path("database").asText()));
        text.add("why        " + Plain.line(approval.path("why").asText()));
        text.add("needs      " + needs(approval.path("needed")) + ", until " + Plain.line(approval.path("expiresAt").asText()));
        approval.path("votes").forEach(vote -> text.add("vote       " + Plain.line(who(vote.path("voter"))) + ": " + Plain.line(vote.path("vote").asText())
                + (vote.hasNonNull("comment") ? ", " + Plain.line(vote.path("comment").asText()) : "")
                + (vote.path("counts").asBoolean() ? "" : " (counts no longer: the token has ended)")));
        if (approval.hasNonNull("outcome")) {
            text.add("outcome    " + Plain.line(approval.path("outcome").path("explanation").asText()));
        }
        session(approval.path("session"), text);
        ImpactText.add(approval, text);
        statement.path("visible").path("notices").forEach(notice -> text.add("WARNING    " + Plain.line(notice.asText())));
        text.add("");
        text.add(Plain.text((statement.hasNonNull("pretty") ? statement.path("pretty") : statement.path("visible").path("text")).asText()));
        parameters(statement, text);
        statement.path("standsFor").forEach(meaning -> meaning(meaning, text));
        text.add("");
        text.add("digest     " + Plain.line(statement.path("digest").asText()));
        return text.toString();
    }

    /** It is what runs. */
    private static void meaning(JsonNode meaning, StringJoiner text) {
        text.add("");
        text.add("\"" + Plain.line(meaning.path("name").asText()) + "\" stands for"
                + (meaning.path("types").isEmpty() ? "" : " (with parameters of type " + Plain.line(joined(meaning.path("types"))) + ")") + ":");
        meaning.path("visible").path("notices").forEach(notice -> text.add("WARNING    " + Plain.line(notice.asText())));
        text.add(Plain.text((meaning.hasNonNull("pretty") ? meaning.path("pretty") : meaning.path("visible").path("text")).asText()));
        parameters(meaning, text);
    }

    private static void parameters(JsonNode of, StringJoiner text) {
        of.path("parameters").forEach(parameter -> text.add("  $" + parameter.path("position").asInt() + " (" + Plain.line(parameter.path("type").asText()) + ") = "
                + (parameter.hasNonNull("shown") ? Plain.text(parameter.path("shown").asText()) : "NULL")));
    }

    private static void session(JsonNode session, StringJoiner text) {
        if (!session.isObject()) {
            text.add("session    nothing is known of what it did before");
            return;
        }
        text.add("session    " + session.path("statements").asLong() + " statements before this one, " + session.path("denied").asLong() + " denied, "
                + session.path("held").asLong() + " held" + (session.path("complete").asBoolean() ? "" : " (not seen from its beginning)"));
        session.path("latest").forEach(earlier -> text.add(
                "           " + Plain.line(earlier.path("outcome").asText()) + ": " + Plain.line(earlier.path("query").asText()) + (earlier.path("whole").asBoolean() ? "" : " ...")));
    }

    private static String needs(JsonNode parts) {
        return StreamSupport.stream(parts.spliterator(), false)
                .map(part -> part.path("count").asInt() + " of " + Plain.line(joined(part.path("groups"))) + " (" + part.path("approved").asInt() + " so far)")
                .collect(Collectors.joining(" and "));
    }

    private static String who(JsonNode person) {
        return person.path("subject").asText() + (person.hasNonNull("onBehalfOf") ? " on behalf of " + person.path("onBehalfOf").asText() : "");
    }

    private static String joined(JsonNode words) {
        return StreamSupport.stream(words.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(", "));
    }
}
