// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.hold.TicketOffice;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one statement of this session that waits for a human, if any. Everything the client sends behind it waits too. */
final class Holds {
    /** Sends the statement once it is released. */
    interface Release {
        void run(Judged judged, String statementId, long mark);
    }

    private record Held(Judged judged, StatementEvent.StatementHeld event, BoundObjects objects, ServerTimeouts.@Nullable Limit limit) {}

    /** A statement that is about to be held, once the server has said where it would run, and then what the objects look like that it names. */
    private record Asking(Judged judged, Decision.Hold terms, SurroundingsInquiry where, @Nullable ObjectsInquiry what) {}

    /** A grant for the held statement, for which the server is asked whether all is as it was. */
    private record Checking(Input.Granted grant, ObjectsInquiry inquiry) {}

    /** What an approval's id has before that of its statement. */
    private static final String PREFIX = "approval-";
    /** From one hold to the next. Whoever can write to the verdict topic could fill the log with them. */
    private static final int MAX_REJECTIONS = 100;
    /** Nobody could answer in less. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Conversation conversation;
    private final Refuser refuser;
    private final Release release;
    private final ObjectsQuestion objects;
    private final Tickets tickets;
    private @Nullable Asking asking;
    private @Nullable Held held;
    private @Nullable Checking checking;
    private int rejections;

    Holds(Conversation conversation, Refuser refuser, Release release) {
        this.conversation = conversation;
        this.refuser = refuser;
        this.release = release;
        this.objects = new ObjectsQuestion(conversation);
        this.tickets = new Tickets(conversation, refuser, release, objects);
    }

    Tickets tickets() {
        return tickets;
    }

    boolean isHolding() {
        return held != null || asking != null || tickets.isOpen();
    }

    void hold(Judged judged, Decision.Hold terms) {
        List<String> timeouts = ServerTimeouts.toAsk(conversation.settings.serverMajor(), conversation.status, conversation.unsynced);
        asking = new Asking(judged, terms, conversation.ask(new SurroundingsInquiry(!conversation.unsynced, timeouts)), null);
    }

    /** The server has said where the statement would run, or that it cannot. */
    void answered(SurroundingsInquiry inquiry) {
        Asking asked = asking;
        if (asked == null || asked.where != inquiry) {
            return;
        }
        if (inquiry.answer() == null) {
            unanswered(asked, inquiry);
        } else {
            asking = new Asking(asked.judged, asked.terms, inquiry, objects.ask(asked.judged));
        }
    }

    /** The server has said what the objects look like. */
    void answered(ObjectsInquiry inquiry) {
        Asking asked = asking;
        Checking checked = checking;
        if (asked != null && asked.what == inquiry) {
            SurroundingsInquiry.Surroundings surroundings = asked.where.answer();
            BoundObjects looks = inquiry.answer();
            if (surroundings == null || looks == null) {
                unanswered(asked, inquiry);
            } else {
                asking = null;
                objects.answered();
                hold(asked, surroundings, looks);
            }
        } else if (checked != null && checked.inquiry == inquiry) {
            checking = null;
            release(checked.grant, inquiry.answer());
        } else {
            tickets.answered(inquiry);
        }
    }

    private void unanswered(Asking asked, Inquiry inquiry) {
        asking = null;
        boolean inFailedTransaction = SqlState.IN_FAILED_SQL_TRANSACTION.equals(inquiry.error());
        Diagnosis refusal = inFailedTransaction ? Words.inFailedTransaction() : Words.unknownSurroundings(asked.terms);
        refuseUnheld(asked, asked.terms.rule(), refusal, Long.MAX_VALUE);
    }

    /** The words leave once everything up to {@code mark} is acknowledged, the record of the refusal at the latest. */
    private void refuseUnheld(Asking asked, String rule, Diagnosis refusal, long mark) {
        Judged refused = Judge.refuse(asked.judged, rule, refusal).judged();
        long recorded = conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), refused, conversation.status));
        refuser.refuse(refused.message(), refusal, Math.min(mark, recorded));
        objects.forget();
    }

    private void hold(Asking asked, SurroundingsInquiry.Surroundings surroundings, BoundObjects looks) {
        if (!conversation.recording) {
            refuseUnheld(asked, "recording", Words.notRecorded(), conversation.acknowledged);
            return;
        }
        switch (conversation.context.holds().of(asked.terms, conversation.inTransaction())) {
            case HoldPractice.Way.Wait wait -> await(asked, surroundings, looks);
            case HoldPractice.Way.Ticket ticket -> tickets.present(asked.judged, asked.terms, surroundings, looks, ticket.patience());
            case HoldPractice.Way.Deny deny -> refuseUnheld(asked, asked.terms.rule(), Words.notInTransaction(asked.terms), Long.MAX_VALUE);
        }
    }

    private void await(Asking asked, SurroundingsInquiry.Surroundings surroundings, BoundObjects looks) {
        Judged judged = asked.judged;
        Decision.Hold terms = asked.terms;
        ServerTimeouts.Limit server = ServerTimeouts.first(surroundings.timeouts(), conversation.now, conversation.transactionSince());
        Instant expiry = expiry(terms);
        ServerTimeouts.Limit limit = server != null && server.until().isBefore(expiry) ? server : null;
        if (limit != null) {
            expiry = limit.until();
            if (expiry.isBefore(conversation.now.instant().plus(SHORTEST))) {
                refuseUnheld(asked, terms.rule(), Words.serverWouldNotWait(terms, limit), Long.MAX_VALUE);
                return;
            }
        }
        String statementId = conversation.nextStatementId();
        conversation.record(StatementRecords.decided(conversation.context, statementId, judged, conversation.status));
        var event = StatementRecords.held(
                conversation.context,
                judged,
                new StatementRecords.Terms(statementId, PREFIX + statementId, terms, surroundings, looks, expiry, false),
                conversation.inTransaction());
        long mark = conversation.record(event);
        held = new Held(judged, event, looks, limit);
        rejections = 0;
        conversation.perform(new Effect.OpenHold(event));
        conversation.say(Words.held(event, limit), mark);
    }

    void granted(Input.Granted grant) {
        Held waiting = held;
        if (waiting != null && waiting.event.approvalId().equals(grant.approvalId()) && checking == null) {
            checking = new Checking(grant, objects.askAgain(waiting.judged));
        } else {
            rejected(tooLate(grant));
        }
    }

    /** @param looks of the objects now; null where the server did not say */
    private void release(Input.Granted grant, @Nullable BoundObjects looks) {
        String approvalId = grant.approvalId();
        String verdict = grant.verdict();
        Held released = take(approvalId);
        if (released == null) {
            return;
        }
        String lapse = GrantCheck.lapse(grant.standsUntil(), conversation.now.instant());
        String drift = lapse.isEmpty() ? drift(conversation, released.event, released.objects, looks) : lapse;
        if (drift.isEmpty()) {
            String statementId = released.event.statementId();
            long mark = conversation.record(new StatementEvent.StatementReleased(statementId, approvalId, verdict));
            release.run(released.judged, statementId, mark);
        } else {
            conversation.record(new StatementEvent.GrantRejected(
                    released.event.statementId(), approvalId, grant.verdictEventId(), StatementDigest.ofText(verdict), drift));
            refuse(released, SqlState.INSUFFICIENT_PRIVILEGE, "its approval is void: " + drift);
        }
    }

    /**
     * What the approval was for and what is there no longer, as the end of a sentence; empty if all is as it was.
     *
     * @param then what the objects looked like when the approval was asked for
     * @param now null where the server did not say
     */
    static String drift(Conversation conversation, StatementEvent.StatementHeld held, BoundObjects then, @Nullable BoundObjects now) {
        if (!conversation.context.policy().get().version().equals(held.policyVersion())) {
            return "the policy has changed since it was asked for";
        }
        if (now == null) {
            return "the server did not say whether the objects that it names are as they were";
        }
        String changed = then.changed(now);
        return changed.isEmpty() ? "" : changed + " changed since it was asked for";
    }

    private static Input.GrantRejected tooLate(Input.Granted grant) {
        return new Input.GrantRejected(grant.approvalId(), grant.verdictEventId(), grant.verdict(), "its statement waited for it no longer");
    }

    /** Evidence of an attack or of a mistake, for the statement that waits or for one that has waited before; its true verdict may still come, or has come. */
    void rejected(Input.GrantRejected grant) {
        String approvalId = grant.approvalId();
        if (approvalId.startsWith(TicketOffice.PREFIX)) {
            tickets.rejected(grant);
        } else if (approvalId.startsWith(PREFIX + conversation.context.sessionId() + "-") && rejections < MAX_REJECTIONS) {
            rejections++;
            String statementId = approvalId.substring(PREFIX.length());
            conversation.record(new StatementEvent.GrantRejected(
                    statementId, approvalId, grant.verdictEventId(), StatementDigest.ofText(grant.verdict()), grant.reason()));
        }
    }

    void refused(String approvalId, SqlState sqlState, String reason) {
        Held refused = take(approvalId);
        if (refused != null) {
            refuse(refused, sqlState, reason);
        }
    }

    private void refuse(Held refused, SqlState sqlState, String reason) {
        String approvalId = refused.event.approvalId();
        long mark = conversation.record(new StatementEvent.StatementRefused(refused.event.statementId(), approvalId, sqlState.code(), reason));
        refuser.refuse(refused.judged.message(), Words.holdEnded(approvalId, sqlState, reason), mark);
        objects.forget();
    }

    /** The record stalls: what belongs to the held statement has not been sent, and would be parted from it. */
    void stalled() {
        endAsking(Words.notRecorded());
        tickets.stop(Words.notRecorded());
        if (held != null) {
            refused(held.event.approvalId(), SqlState.IO_ERROR, "the event log is away");
        }
    }

    void overflow() {
        endAsking(Words.pendingOverflow(conversation.context.pendingLimit()));
        tickets.stop(Words.pendingOverflow(conversation.context.pendingLimit()));
        if (held != null) {
            Diagnosis refusal = Words.pendingOverflow(conversation.context.pendingLimit());
            refused(held.event.approvalId(), refusal.sqlState(), refusal.message());
        }
    }

    /** The client wants it no more. */
    void cancelled() {
        endAsking(Words.cancelled());
        tickets.cancelled();
        Held cancelled = withdraw("cancelled by the client");
        if (cancelled != null) {
            refuser.refuse(cancelled.judged.message(), Words.cancelled());
            objects.forget();
        }
    }

    /** The session is about to end. */
    void withdrawForGood(String reason) {
        tickets.leave();
        withdraw(reason);
    }

    void heartbeat() {
        if (held != null) {
            conversation.say(Words.held(held.event, held.limit), conversation.acknowledged);
        }
        tickets.heartbeat();
    }

    /** The statement has not been recorded, and nobody has been asked to approve it. The server's answer is still owed. */
    private void endAsking(Diagnosis refusal) {
        Asking asked = asking;
        if (asked != null) {
            asking = null;
            refuser.refuse(asked.judged.message(), refusal, conversation.acknowledged);
        }
    }

    private @Nullable Held withdraw(String reason) {
        asking = null;
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
        Checking unused = checking;
        if (unused != null) {
            rejected(tooLate(unused.grant));
        }
        held = null;
        checking = null;
        conversation.perform(new Effect.CloseHold(approvalId));
        return taken;
    }

    /** What is approved for somebody must not run once their credential has ended. */
    private Instant expiry(Decision.Hold terms) {
        boolean shorter = conversation.inTransaction() && conversation.context.holds().transactionLimit().compareTo(terms.expires()) < 0;
        Instant expiry = conversation.now.instant().plus(shorter ? conversation.context.holds().transactionLimit() : terms.expires());
        Instant end = conversation.context.credentialEnds();
        return end != null && end.isBefore(expiry) ? end : expiry;
    }
}
