// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.event.ApprovalEvent.ApprovalAssessed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalLapsed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.SessionEvent.ImpactAssessed;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent.GrantRejected;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.event.WebhookEvent.WebhookDelivered;
import dev.sluice.schemas.event.WebhookEvent.WebhookFailed;
import dev.sluice.schemas.event.WebhookEvent.WebhookRequeued;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event types and their records. The names are the contract with every reader of the topics, so they are spelled out
 * here and never derived from a class name. A new record does not pass the tests until it is named in the list below and
 * has a JSON Schema and an example.
 */
public final class EventTypes {
    private static final String SCHEMA_BASE = "https://sluice.dev/schemas/events/";
    private static final EventTypes ALL = new EventTypes();

    /** What the codec needs of one type. */
    record Entry(String type, URI schema, Class<? extends DomainEvent> record) {}

    private final Map<String, Entry> byType = new HashMap<>();
    private final Map<Class<?>, Entry> byRecord = new HashMap<>();

    private EventTypes() {
        add("dev.sluice.session.opened.v1", SessionOpened.class);
        add("dev.sluice.session.refused.v1", SessionRefused.class);
        add("dev.sluice.session.bypassed.v1", SessionEvent.SessionBypassed.class);
        add("dev.sluice.policy.loaded.v1", SessionEvent.PolicyLoaded.class);
        add("dev.sluice.session.checkpointed.v1", SessionCheckpointed.class);
        add("dev.sluice.session.closed.v1", SessionClosed.class);
        add("dev.sluice.impact.assessed.v1", ImpactAssessed.class);
        add("dev.sluice.statement.decided.v1", StatementDecided.class);
        add("dev.sluice.statement.parted.v1", StatementEvent.StatementParted.class);
        add("dev.sluice.statement.held.v1", StatementHeld.class);
        add("dev.sluice.statement.released.v1", StatementReleased.class);
        add("dev.sluice.grant.rejected.v1", GrantRejected.class);
        add("dev.sluice.statement.refused.v1", StatementRefused.class);
        add("dev.sluice.statement.withdrawn.v1", StatementWithdrawn.class);
        add("dev.sluice.statement.completed.v1", StatementCompleted.class);
        add("dev.sluice.result.recorded.v1", ResultEvent.ResultRecorded.class);
        add("dev.sluice.approval.requested.v1", ApprovalRequested.class);
        add("dev.sluice.approval.assessed.v1", ApprovalAssessed.class);
        add("dev.sluice.approval.voted.v1", ApprovalVoted.class);
        add("dev.sluice.approval.lapsed.v1", ApprovalLapsed.class);
        add("dev.sluice.approval.withdrawn.v1", ApprovalWithdrawn.class);
        add("dev.sluice.approval.expired.v1", ApprovalExpired.class);
        add("dev.sluice.approval.sealed.v1", ApprovalSealed.class);
        add("dev.sluice.webhook.delivered.v1", WebhookDelivered.class);
        add("dev.sluice.webhook.failed.v1", WebhookFailed.class);
        add("dev.sluice.webhook.requeued.v1", WebhookRequeued.class);
        add("dev.sluice.verdict.granted.v1", VerdictGranted.class);
        add("dev.sluice.verdict.refused.v1", VerdictRefused.class);
        add("dev.sluice.verdict.expired.v1", VerdictExpired.class);
        add("dev.sluice.ticket.opened.v1", TicketEvent.TicketOpened.class);
        add("dev.sluice.ticket.claimed.v1", TicketEvent.TicketClaimed.class);
        add("dev.sluice.evidence.accessed.v1", AuditEvent.EvidenceAccessed.class);
        add("dev.sluice.legalhold.placed.v1", AuditEvent.LegalholdPlaced.class);
        add("dev.sluice.legalhold.lifted.v1", AuditEvent.LegalholdLifted.class);
    }

    private void add(String type, Class<? extends DomainEvent> record) {
        var entry = new Entry(type, URI.create(SCHEMA_BASE + type + ".schema.json"), record);
        byType.put(type, entry);
        byRecord.put(record, entry);
    }

    /** The CloudEvents type of an event, {@code dev.sluice.<context>.<past tense>.v<major>}. */
    public static String of(DomainEvent event) {
        return entryOf(event).type();
    }

    /** The {@code dataschema} of a registered type. */
    public static URI schemaOf(DomainEvent event) {
        return entryOf(event).schema();
    }

    /** The record that carries a type's data; null when this version does not know the type. */
    public static @Nullable Class<? extends DomainEvent> recordOf(String type) {
        Entry entry = ALL.byType.get(type);
        return entry == null ? null : entry.record();
    }

    /** Every type this version knows. */
    public static Set<String> all() {
        return Set.copyOf(ALL.byType.keySet());
    }

    static Entry entryOf(DomainEvent event) {
        Entry entry = ALL.byRecord.get(event.getClass());
        if (entry == null) {
            throw new IllegalStateException(event.getClass().getName() + " is not registered in EventTypes");
        }
        return entry;
    }
}
