// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.hold.TicketAnswer;
import dev.sluice.gateway.hold.TicketOffice;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one statement of this session that is being asked about at the ticket office, or whose client waits a while for its ticket's verdict. However that
 * ends, the ticket stays: it is the statement's, not the session's.
 */
final class Tickets {
    private static final Duration FOR_THE_SERVICE = Duration.ofSeconds(2);

    private final Conversation conversation;
    private final Refuser refuser;
    private final Holds.Release release;
    private final ObjectsQuestion objects;
    private @Nullable Visit visit;
    private @Nullable Checking checking;

    /**
     * @param again the statement as a hold that is made now
     * @param opened whether the hold has been recorded and its ticket is being opened
     * @param awaited the ticket whose verdict the client waits for
     */
    private record Visit(
            Judged judged, Decision.Hold terms, StatementHeld again, BoundObjects objects, Duration patience, boolean opened, TicketAnswer.@Nullable Pending awaited) {
        Visit with(boolean nowOpened, TicketAnswer.@Nullable Pending nowAwaited, Duration patienceLeft) {
            return new Visit(judged, terms, again, objects, patienceLeft, nowOpened, nowAwaited);
        }
    }

    /** A ticket that has been used up for this visit, for which the server is asked whether all is as it was. */
    private record Checking(TicketAnswer.Redeemed redeemed, ObjectsInquiry inquiry) {}

    Tickets(Conversation conversation, Refuser refuser, Holds.Release release, ObjectsQuestion objects) {
        this.conversation = conversation;
        this.refuser = refuser;
        this.release = release;
        this.objects = objects;
    }

    boolean isOpen() {
        return visit != null;
    }

    void present(Judged judged, Decision.Hold terms, SurroundingsInquiry.Surroundings surroundings, BoundObjects looks, Duration patience) {
        String statementId = conversation.nextStatementId();
        // The requester proves who it is anew when it comes again: the end of this session's credential is not the ticket's.
        Instant expiry = conversation.now.instant().plus(terms.expires());
        var again = StatementRecords.held(
                conversation.context,
                judged,
                new StatementRecords.Terms(statementId, TicketOffice.PREFIX + statementId, terms, surroundings, looks, expiry, true),
                conversation.inTransaction());
        // Nobody is asked, so the answer comes at once: a client need not be sent away for it.
        Duration enough = again.needsNoHuman() && patience.compareTo(FOR_THE_SERVICE) < 0 ? FOR_THE_SERVICE : patience;
        visit = new Visit(judged, terms, again, looks, within(surroundings, enough), false, null);
        askOffice(visit);
    }

    /** No longer than the server lets a session wait, nor than the caller's credential counts. */
    private Duration within(SurroundingsInquiry.Surroundings surroundings, Duration patience) {
        Instant end = conversation.now.instant().plus(patience);
        ServerTimeouts.Limit server = ServerTimeouts.first(surroundings.timeouts(), conversation.now, conversation.transactionSince());
        if (server != null && server.until().isBefore(end)) {
            end = server.until();
        }
        Instant credential = conversation.context.credentialEnds();
        if (credential != null && credential.isBefore(end)) {
            end = credential;
        }
        Duration left = Duration.between(conversation.now.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A grant is used up by asking for it, so nobody asks whose credential has ended. */
    private void askOffice(Visit asking) {
        Instant end = conversation.context.credentialEnds();
        if (end != null && !conversation.now.instant().isBefore(end)) {
            end(asking, "the requester's credential has ended", Words.credentialEnded(asking.terms, end), 0);
        } else {
            conversation.perform(new Effect.PresentTicket(asking.again));
        }
    }

    void answered(Input.TicketAnswered answered) {
        Visit asked = visit;
        if (asked == null || !asked.again.statementId().equals(answered.statementId())) {
            return;
        }
        switch (answered.answer()) {
            case TicketAnswer.Unknown unknown -> open(asked);
            case TicketAnswer.Pending pending -> pending(asked, pending);
            case TicketAnswer.Redeemed redeemed ->
                checking = new Checking(redeemed, objects.askAgain(asked.judged));
            case TicketAnswer.Ended ended -> {
                long rejected = rejected(asked, ended.approvalId(), ended.rejected());
                end(asked, ended.approvalId() + ": " + ended.reason(), Words.ticketEnded(ended.approvalId(), ended.reason()), rejected);
            }
            case TicketAnswer.Full full -> end(asked, "too many tickets are open", Words.noRoomForTicket(asked.terms), 0);
            case TicketAnswer.Unavailable unavailable -> {
                if (asked.opened) {
                    withdrawn(asked, "its ticket could not be written");
                }
                end(asked, "the event log does not answer", Words.ticketsUnavailable(), 0);
            }
        }
    }

    private void open(Visit asked) {
        conversation.record(StatementRecords.decided(conversation.context, asked.again.statementId(), asked.judged, conversation.status));
        conversation.record(asked.again);
        visit = asked.with(true, null, asked.patience);
        conversation.perform(new Effect.OpenTicket(asked.again));
    }

    private void pending(Visit asked, TicketAnswer.Pending pending) {
        if (asked.opened && asked.awaited == null && !pending.approvalId().equals(asked.again.approvalId())) {
            withdrawn(asked, "the same statement waits already under " + pending.approvalId());
        }
        rejected(asked, pending.approvalId(), pending.rejected());
        if (asked.patience.isZero()) {
            tell(asked, pending);
        } else {
            visit = asked.with(asked.opened, pending, asked.patience);
            conversation.perform(new Effect.AwaitTicket(pending.approvalId(), asked.patience));
            conversation.say(Words.waiting(pending.approvalId(), asked.again, pending.expiresAt()), conversation.lastMark());
        }
    }

    private void tell(Visit asked, TicketAnswer.Pending pending) {
        end(asked, "waits for " + pending.approvalId(), Words.pending(pending.approvalId(), asked.again, pending.expiresAt()), 0);
    }

    /** The server has said what the objects look like now. */
    void answered(ObjectsInquiry inquiry) {
        Visit asked = visit;
        Checking checked = checking;
        if (asked != null && checked != null && checked.inquiry == inquiry) {
            checking = null;
            redeemed(asked, checked.redeemed, inquiry.answer());
        }
    }

    private void redeemed(Visit asked, TicketAnswer.Redeemed redeemed, @Nullable BoundObjects looks) {
        String statementId = asked.again.statementId();
        String approvalId = redeemed.hold().approvalId();
        String lapse = GrantCheck.lapse(redeemed.standsUntil(), conversation.now.instant());
        String drift = lapse.isEmpty() ? Holds.drift(conversation, asked.again, asked.objects, looks) : lapse;
        if (!drift.isEmpty()) {
            useless(asked, approvalId, "its approval is void: " + drift);
            return;
        }
        Instant over = redeemed.hold().expiresAt();
        if (!conversation.now.instant().isBefore(over)) {
            useless(asked, approvalId, "its approval ended at " + over + ", while it was being used");
            return;
        }
        if (redeemed.hold().expiresAt().isAfter(conversation.now.instant().plus(asked.terms.expires()))) {
            end(asked, approvalId + ": it lasts too long", Words.ticketEnded(approvalId, "its ticket lasts longer than the rule allows"), 0);
            return;
        }
        Instant end = conversation.context.credentialEnds();
        if (end != null && !conversation.now.instant().isBefore(end)) {
            end(asked, approvalId + ": the requester's credential has ended", Words.credentialEnded(asked.terms, end), 0);
            return;
        }
        visit = null;
        if (!conversation.recording) {
            refuser.refuse(asked.judged.message(), Words.notRecorded(), conversation.acknowledged);
            return;
        }
        if (!asked.opened) {
            conversation.record(StatementRecords.decided(conversation.context, statementId, asked.judged, conversation.status));
        }
        redeemed.rejected().forEach(one -> rejected(asked, approvalId, one));
        long mark = conversation.record(new StatementEvent.StatementReleased(statementId, approvalId, redeemed.verdict(), redeemed.hold()));
        release.run(asked.judged, statementId, mark);
    }

    private void useless(Visit asked, String approvalId, String reason) {
        if (asked.opened) {
            conversation.record(new StatementEvent.StatementRefused(asked.again.statementId(), approvalId, SqlState.INSUFFICIENT_PRIVILEGE.code(), reason));
        }
        end(asked, approvalId + ": " + reason, Words.ticketEnded(approvalId, reason), 0);
    }

    /** A verdict has come: it is asked for as by a client that comes again. */
    void decided(String approvalId) {
        Visit waiting = visit;
        if (waiting != null && waiting.awaited != null && waiting.awaited.approvalId().equals(approvalId)) {
            conversation.perform(new Effect.LeaveTicket(approvalId));
            if (policyHasChanged(waiting)) {
                // Whoever sends it again is told what has become of it under the new one.
                tell(waiting, waiting.awaited);
            } else {
                visit = waiting.with(waiting.opened, null, Duration.ZERO);
                askOffice(visit);
            }
        }
    }

    void patienceEnded(String approvalId) {
        Visit waiting = visit;
        if (waiting != null && waiting.awaited != null && waiting.awaited.approvalId().equals(approvalId)) {
            conversation.perform(new Effect.LeaveTicket(approvalId));
            tell(waiting, waiting.awaited);
        }
    }

    void heartbeat() {
        Visit waiting = visit;
        if (waiting != null && waiting.awaited != null) {
            conversation.say(Words.waiting(waiting.awaited.approvalId(), waiting.again, waiting.awaited.expiresAt()), conversation.acknowledged);
        }
    }

    void cancelled() {
        Visit waiting = visit;
        if (waiting != null) {
            stop(waiting.awaited == null ? Words.cancelled() : Words.waitEnded(waiting.awaited.approvalId()));
        }
    }

    /** The client waits no more; what has been asked of people stays asked. */
    void stop(Diagnosis refusal) {
        Visit stopped = visit;
        if (stopped != null) {
            leave();
            refuser.refuse(stopped.judged.message(), refusal, conversation.acknowledged);
            objects.forget();
        }
    }

    void leave() {
        Visit left = visit;
        visit = null;
        checking = null;
        if (left != null && left.awaited != null) {
            conversation.perform(new Effect.LeaveTicket(left.awaited.approvalId()));
        }
    }

    private boolean policyHasChanged(Visit asked) {
        return !conversation.context.policy().get().version().equals(asked.again.policyVersion());
    }

    /** It does not run, now. What was not recorded as held is recorded as denied. */
    private void end(Visit asked, String reason, Diagnosis refusal, long least) {
        visit = null;
        checking = null;
        long mark = Math.max(least, conversation.lastMark());
        if (!asked.opened) {
            Judged refused = asked.judged.with(new Decision.Deny(asked.terms.rule(), reason, null));
            mark = Math.max(least, conversation.record(StatementRecords.decided(conversation.context, asked.again.statementId(), refused, conversation.status)));
        }
        refuser.refuse(asked.judged.message(), refusal, conversation.recording ? mark : conversation.acknowledged);
        objects.forget();
    }

    private void withdrawn(Visit asked, String reason) {
        conversation.record(new StatementEvent.StatementWithdrawn(asked.again.statementId(), asked.again.approvalId(), reason));
    }

    private long rejected(Visit asked, String approvalId, TicketAnswer.@Nullable Rejected rejected) {
        return rejected == null
                ? 0
                : conversation.record(new StatementEvent.GrantRejected(
                        asked.again.statementId(), approvalId, rejected.eventId(), StatementDigest.ofText(rejected.verdict()), rejected.reason()));
    }
}
