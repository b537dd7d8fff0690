// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.signature.StatementDigest;
import org.jspecify.annotations.Nullable;

/** The one statement of this session that waits for a human, if any. Everything the client sends behind it waits too. */
final class Holds {
    /** Sends the statement once it is released. */
    interface Release {
        void run(Judged judged, String statementId, long mark);
    }

    private record Held(Judged judged, StatementEvent.StatementHeld event) {}

    private final Conversation conversation;
    private final Refuser refuser;
    private final Release release;
    private @Nullable Held held;

    Holds(Conversation conversation, Refuser refuser, Release release) {
        this.conversation = conversation;
        this.refuser = refuser;
        this.release = release;
    }

    boolean isHolding() {
        return held != null;
    }

    void hold(Judged judged, Decision.Hold terms) {
        String statementId = conversation.nextStatementId();
        conversation.record(StatementRecords.decided(statementId, judged, conversation.status));
        var event = event(statementId, judged, terms);
        long mark = conversation.record(event);
        held = new Held(judged, event);
        conversation.perform(new Effect.OpenHold(event));
        conversation.say(Words.held(event), mark);
    }

    void granted(String approvalId, String verdict) {
        Held released = take(approvalId);
        if (released != null) {
            String statementId = released.event.statementId();
            long mark = conversation.record(new StatementEvent.StatementReleased(statementId, approvalId, verdict));
            release.run(released.judged, statementId, mark);
        }
    }

    void refused(String approvalId, SqlState sqlState, String reason) {
        Held refused = take(approvalId);
        if (refused != null) {
            long mark = conversation.record(
                    new StatementEvent.StatementRefused(refused.event.statementId(), approvalId, sqlState.code(), reason));
            refuser.refuse(refused.judged.message(), Words.holdEnded(approvalId, sqlState, reason), mark);
        }
    }

    /** The record stalls: what belongs to the held statement has not been sent, and would be parted from it. */
    void stalled() {
        if (held != null) {
            refused(held.event.approvalId(), SqlState.IO_ERROR, "the event log is away");
        }
    }

    void overflow() {
        if (held != null) {
            Diagnosis refusal = Words.pendingOverflow(conversation.context.pendingLimit());
            refused(held.event.approvalId(), refusal.sqlState(), refusal.message());
        }
    }

    /** The client wants it no more. */
    void cancelled() {
        Held cancelled = withdraw("cancelled by the client");
        if (cancelled != null) {
            refuser.refuse(cancelled.judged.message(), Words.cancelled());
        }
    }

    /** The session is about to end. */
    void withdrawForGood(String reason) {
        withdraw(reason);
    }

    void heartbeat() {
        if (held != null) {
            conversation.say(Words.held(held.event), conversation.acknowledged);
        }
    }

    private @Nullable Held withdraw(String reason) {
        Held withdrawn = held;
        if (withdrawn != null) {
            take(withdrawn.event.approvalId());
            conversation.record(
                    new StatementEvent.StatementWithdrawn(withdrawn.event.statementId(), withdrawn.event.approvalId(), reason));
        }
        return withdrawn;
    }

    private @Nullable Held take(String approvalId) {
        Held taken = held;
        if (taken == null || !taken.event.approvalId().equals(approvalId)) {
            return null;
        }
        held = null;
        conversation.perform(new Effect.CloseHold(approvalId));
        return taken;
    }

    private StatementEvent.StatementHeld event(String statementId, Judged judged, Decision.Hold terms) {
        SessionContext context = conversation.context;
        return new StatementEvent.StatementHeld(
                statementId,
                "approval-" + statementId,
                context.sessionId(),
                StatementDigest.of(
                        judged.reading().redactedSql(), judged.parameters(), context.role(), context.database(),
                        conversation.settings.value("search_path")),
                judged.reading().redactedSql(),
                judged.parameters(),
                StatementRecords.facts(judged.reading()),
                terms.rule(),
                terms.reason(),
                terms.approvers(),
                terms.quorum(),
                conversation.now.instant().plus(terms.expires()),
                context.principal(),
                context.target(),
                context.database(),
                context.application(),
                context.clientAddress(),
                conversation.inTransaction(),
                terms.all().isEmpty() ? null : terms.all(),
                terms.autoApproveBelow(),
                null);
    }
}
