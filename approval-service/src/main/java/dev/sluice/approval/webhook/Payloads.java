// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.Quorum;
import dev.sluice.approval.display.Misleading;
import dev.sluice.approval.display.VisibleText;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of messages. Neither carries the statement's text or its parameters, which are often confidential and would be read in part; the
 * link opens the approval, where the whole of it is. The same message has the same body at every attempt.
 */
final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Slack refuses a longer field of a section (Block Kit reference, section block). */
    private static final int LONGEST_FIELD = 1_900;

    private final @Nullable String approvalUrl;

    Payloads(@Nullable String approvalUrl) {
        this.approvalUrl = approvalUrl;
    }

    byte[] of(Message message, Format format) {
        try {
            return JSON.writeValueAsBytes(switch (format) {
                case GENERIC -> generic(message);
                case SLACK -> slack(message);
            });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and lists become JSON", e);
        }
    }

    private Map<String, Object> generic(Message message) {
        var held = message.approval().held();
        var quorum = Quorum.of(held);
        var data = new LinkedHashMap<String, Object>();
        data.put("approvalId", held.approvalId());
        data.put("status", status(message.approval()));
        putIfPresent(data, "explanation", explanation(message.approval()));
        data.put("target", held.target());
        data.put("database", held.database());
        data.put("requester", held.requester().subject());
        putIfPresent(data, "onBehalfOf", held.requester().onBehalfOf());
        putIfPresent(data, "application", held.application());
        data.put("rule", held.rule());
        putIfPresent(data, "reason", held.reason());
        data.put("kinds", held.facts().kinds());
        data.put("relations", held.facts().relations().stream().map(Payloads::name).distinct().toList());
        data.put("approverGroups", quorum.groups());
        data.put("quorum", quorum.needed());
        data.put("expiresAt", held.expiresAt().toString());
        var impact = message.approval().impact();
        putIfPresent(data, "misleading", Misleading.among(Misleading.namesOf(held)));
        putIfPresent(data, "impact", impact == null ? null : ImpactSummary.of(impact));
        putIfPresent(data, "link", link(held.approvalId()));
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type(message.kind()));
        body.put("timestamp", time(message));
        body.put("data", data);
        return body;
    }

    /** Plain text throughout: nothing that a requester can choose is read as Slack's markup. */
    private Map<String, Object> slack(Message message) {
        var held = message.approval().held();
        var headline = headline(message);
        var fields = new ArrayList<Object>();
        fields.add(field("Who", who(held.requester())));
        fields.add(field("Where", held.target() + " / " + held.database()));
        fields.add(field("What", String.join(", ", held.facts().kinds()) + " on " + relations(held.facts().relations())));
        fields.add(field("Why held", held.rule() + (held.reason() == null ? "" : ": " + held.reason())));
        fields.add(field("Who may approve", quorum(Quorum.of(held))));
        var explanation = explanation(message.approval());
        fields.add(explanation == null ? field("Until", held.expiresAt().toString()) : field("Outcome", explanation));
        var impact = message.approval().impact();
        if (impact != null) {
            fields.add(field("What it would do", ImpactSummary.of(impact).inWords()));
        }
        var blocks = new ArrayList<Object>();
        blocks.add(Map.of("type", "header", "text", plain(headline, 140)));
        blocks.add(Map.of("type", "section", "fields", fields));
        var link = link(held.approvalId());
        if (link != null) {
            var button = new LinkedHashMap<String, Object>();
            button.put("type", "button");
            button.put("text", plain("Open the approval", 75));
            button.put("url", link);
            blocks.add(Map.of("type", "actions", "elements", List.of(button)));
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("text", escaped(headline));
        body.put("blocks", blocks);
        return body;
    }

    private static String headline(Message message) {
        var held = message.approval().held();
        return switch (message.kind()) {
            case REQUESTED -> "Approval needed on " + held.target() + " for " + held.requester().subject();
            case ASSESSED -> "What it would do on " + held.target() + ", for " + held.requester().subject();
            case CLOSED -> "Approval " + status(message.approval()) + " on " + held.target() + " for " + held.requester().subject();
        };
    }

    private static String type(Message.Kind kind) {
        return switch (kind) {
            case REQUESTED -> "approval.requested";
            case ASSESSED -> "approval.assessed";
            case CLOSED -> "approval.closed";
        };
    }

    private static String time(Message message) {
        return switch (message.approval()) {
            case ApprovalState.Open open -> open.requestedAt().toString();
            case ApprovalState.Closed closed -> closed.closedAt().toString();
        };
    }

    private static String status(Asked approval) {
        return switch (approval) {
            case ApprovalState.Open _ -> "open";
            case ApprovalState.Closed closed -> switch (closed.outcome()) {
                case Outcome.Granted _, Outcome.GrantedByEstimate _ -> "granted";
                case Outcome.Refused _ -> "refused";
                case Outcome.Withdrawn _ -> "withdrawn";
                case Outcome.Expired _ -> "expired";
            };
        };
    }

    private static @Nullable String explanation(Asked approval) {
        return approval instanceof ApprovalState.Closed closed ? closed.outcome().inWords() : null;
    }

    private static String who(Principal requester) {
        return requester.subject() + (requester.onBehalfOf() == null ? "" : " on behalf of " + requester.onBehalfOf());
    }

    private static String quorum(Quorum quorum) {
        return quorum.parts().stream().map(part -> part.seats() + " of " + String.join(" or ", part.groups())).collect(Collectors.joining(", and "));
    }

    private static String relations(List<RelationAccess> relations) {
        return relations.isEmpty() ? "no table" : relations.stream().map(Payloads::name).distinct().collect(Collectors.joining(", "));
    }

    private static String name(RelationAccess relation) {
        return relation.schema() == null ? relation.name() : relation.schema() + "." + relation.name();
    }

    private @Nullable String link(String approvalId) {
        return approvalUrl == null ? null : approvalUrl.replace("{id}", URLEncoder.encode(approvalId, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static Map<String, Object> field(String label, String value) {
        return plain(label + ": " + value, LONGEST_FIELD);
    }

    private static Map<String, Object> plain(String text, int longest) {
        var visible = VisibleText.of(text).text();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("type", "plain_text");
        shown.put("text", visible.length() <= longest ? visible : visible.substring(0, longest) + "...");
        shown.put("emoji", false);
        return shown;
    }

    /** The three characters that Slack's own text format gives a meaning to. */
    private static String escaped(String text) {
        return VisibleText.of(text).text().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void putIfPresent(Map<String, Object> data, String key, @Nullable Object value) {
        if (value != null) {
            data.put(key, value);
        }
    }
}
