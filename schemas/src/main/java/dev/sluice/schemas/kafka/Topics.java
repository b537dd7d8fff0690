// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import dev.sluice.schemas.event.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Every topic of Sluice: its name, what is in it, and how it is kept. */
public final class Topics {
    private static final String MAX_MESSAGE_BYTES = Integer.toString(EventCodec.MAX_BYTES + 64 * 1024);

    /** The evidence: session.* and statement.*, keyed by session id, written by gateways. Kept for ever unless an operator decides otherwise. */
    public static final Topic SESSIONS = new Topic("sluice.sessions", 6, kept("-1"));

    /** The masked rows that a policy asks to keep, keyed by session id, written by gateways. 30 days. */
    public static final Topic RESULTS = new Topic("sluice.results", 6, kept(millis(Duration.ofDays(30))));

    /** The history of every approval, keyed by approval id, written by the approval-service. Kept for ever: its replicas rebuild themselves from it. */
    public static final Topic APPROVALS = new Topic("sluice.approvals", 3, kept("-1"));

    /** The small feed that every gateway reads whole, keyed by approval id. 8 days: longer than any hold may last. */
    public static final Topic VERDICTS = new Topic("sluice.verdicts", 3, kept(millis(Duration.ofDays(8))));

    /** Which statements wait for people without their clients, keyed by ticket, written and read whole by gateways. 8 days: longer than any hold may last. */
    public static final Topic TICKETS = new Topic("sluice.tickets", 3, kept(millis(Duration.ofDays(8))));

    /** Who has read the evidence and what is kept beyond its time, keyed by the event's subject, written by the audit-service. Kept for ever. */
    public static final Topic AUDIT = new Topic("sluice.audit", 3, kept("-1"));

    /** Targets, policies and sealed credentials, keyed by entity id; the last record of each key stays. */
    public static final Topic CONFIG = new Topic("sluice.config", 1, Map.of(
            "cleanup.policy", "compact",
            "max.message.bytes", MAX_MESSAGE_BYTES,
            "message.timestamp.type", "CreateTime"));

    private Topics() {}

    /** All of them, in the order in which they are created. */
    public static List<Topic> all() {
        return List.of(SESSIONS, RESULTS, APPROVALS, VERDICTS, TICKETS, AUDIT, CONFIG);
    }

    private static Map<String, String> kept(String retentionMillis) {
        return Map.of(
                "cleanup.policy", "delete",
                "retention.ms", retentionMillis,
                "retention.bytes", "-1",
                "max.message.bytes", MAX_MESSAGE_BYTES,
                "message.timestamp.type", "CreateTime");
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
