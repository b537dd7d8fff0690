// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** The paths of the services' REST interfaces that the banner prints and the demo calls. */
final class Endpoints {
    static final String OPEN_APPROVALS = "/v1/approvals?status=open";
    static final String APPROVE_BODY = "{\"vote\":\"approve\",\"shownDigest\":\"DIGEST\"}";
    static final String SESSIONS = "/v1/sessions";

    private Endpoints() {}

    static String approval(String id) {
        return "/v1/approvals/" + id;
    }

    static String vote(String approvalId) {
        return approval(approvalId) + "/votes";
    }

    static String timeline(String sessionId) {
        return SESSIONS + "/" + sessionId + "/timeline";
    }

    static String session(String sessionId) {
        return SESSIONS + "/" + sessionId;
    }

    static String events(String sessionId) {
        return SESSIONS + "/" + sessionId + "/events";
    }

    /** {@code statement.held} for {@code dev.sluice.statement.held.v1}. */
    static String shortType(String type) {
        return type.replaceFirst("^dev\\.sluice\\.", "").replaceFirst("\\.v\\d+$", "");
    }

    /** The ids in a list of approvals. */
    static List<String> ids(JsonObject list) {
        return list.getJsonArray("approvals").stream().map(JsonObject.class::cast).map(Endpoints::idOf).toList();
    }

    static String idOf(JsonObject approval) {
        return approval.getString("id");
    }

    /** The whole text of the statement that an approval is about. */
    static String queryOf(JsonObject approval) {
        return approval.getJsonObject("statement").getString("raw");
    }

    /** A vote names the digest of the statement that the voter was shown, so that nobody approves what was never seen. */
    static JsonObject voteBody(String vote, JsonObject approval, String comment) {
        return new JsonObject()
                .put("vote", vote)
                .put("shownDigest", approval.getJsonObject("statement").getString("digest"))
                .put("comment", comment);
    }

    static String verification(String sessionId) {
        return SESSIONS + "/" + sessionId + "/verify";
    }
}
