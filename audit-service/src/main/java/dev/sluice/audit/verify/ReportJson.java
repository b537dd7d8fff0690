// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A report for programs. The same document from the command line and from the REST interface. */
public final class ReportJson {
    private ReportJson() {}

    /** The whole report. */
    public static ObjectNode of(Report report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("ok", report.ok());
        json.put("records", report.records());
        json.put("openSessions", report.openSessions());
        ArrayNode sessions = json.putArray("sessions");
        report.sessions().forEach(session -> sessions.add(session(session)));
        findings(json.putArray("findings"), report.findings());
        return json;
    }

    private static ObjectNode session(SessionReport session) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("sessionId", session.sessionId());
        json.put("ok", session.findings().isEmpty());
        json.put("records", session.records());
        json.put("lastSequence", session.lastSequence());
        json.put("lastDigest", session.lastDigest());
        json.put("closed", session.closed());
        json.put("sealedThrough", session.sealed());
        json.put("statements", session.statements());
        json.put("held", session.held());
        json.put("released", session.released());
        json.put("refused", session.refused());
        json.put("withdrawn", session.withdrawn());
        json.put("destructive", session.destructive());
        json.put("unapproved", session.unapproved());
        findings(json.putArray("findings"), session.findings());
        return json;
    }

    private static void findings(ArrayNode array, List<Finding> findings) {
        for (Finding finding : findings) {
            ObjectNode json = array.addObject();
            json.put("kind", finding.kind().word());
            if (finding.sessionId() != null) {
                json.put("sessionId", finding.sessionId());
            }
            json.put("sequence", finding.sequence());
            json.put("record", finding.line());
            json.put("message", finding.message());
        }
    }
}
