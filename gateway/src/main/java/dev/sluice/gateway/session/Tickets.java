// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.hold.TicketAnswer;
import dev.sluice.gateway.hold.TicketOffice;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one statement of this session that is being asked about at the ticket office, or whose client waits a while for its ticket's verdict. However that
 * ends, the ticket stays: it is the statement's, not the session's.
 */
final class Tickets {
    private static final Duration FOR_THE_SERVICE = Duration.ofSeconds(2);
    /** Tickets that were used up here, for which verdicts may still come. */
    private static final int MOST_ENDED = 100;
    /** From one statement to the next. Whoever can write to the verdict topic could fill the log with them. */
    private static final int MOST_LATE = 100;

    private final Conversation conversation;
    private final Refuser refuser;
    private final Holds.Release release;
    private final ObjectsQuestion objects;
    private @Nullable Visit visit;
    private @Nullable Checking checking;
    /** Approvals of tickets that were used up here, each with the statement that it was for. */
    private final Map<String, String> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_ENDED;
        }
    };
    private int late;

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
        late = 0;
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
            end(asking, "the requester's credential has ended", Words.credentialEnded(asking.terms, end));
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
            case TicketAnswer.Redeemed redeemed -> {
                ended.put(redeemed.hold().approvalId(), asked.again.statementId());
                checking = new Checking(redeemed, objects.askAgain(asked.judged));
            }
            case TicketAnswer.Ended(var approvalId, var reason, var rejected) -> {
                ended.put(approvalId, asked.again.statementId());
                end(asked, approvalId + ": " + reason, Words.ticketEnded(approvalId, reason), approvalId, rejected);
            }
            case TicketAnswer.Full full -> end(asked, "too many tickets are open", Words.noRoomForTicket(asked.terms));
            case TicketAnswer.Unavailable unavailable -> {
                if (asked.opened) {
                    withdrawn(asked, "its ticket could not be written");
                }
                end(asked, "the event log does not answer", Words.ticketsUnavailable());
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
        if (asked.patience.isZero()) {
            tell(asked, pending);
        } else {
            visit = asked.with(asked.opened, pending, asked.patience);
            conversation.perform(new Effect.AwaitTicket(pending.approvalId(), asked.patience));
            conversation.say(Words.waiting(pending.approvalId(), asked.again, pending.expiresAt()), conversation.lastMark());
        }
    }

    private void tell(Visit asked, TicketAnswer.Pending pending) {
        Diagnosis words = Words.pending(pending.approvalId(), asked.again, pending.expiresAt());
        end(asked, "waits for " + pending.approvalId(), words, pending.approvalId(), pending.rejected() == null ? List.of() : List.of(pending.rejected()));
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
            String reason = "its approval is void: " + drift;
            useless(asked, redeemed, reason, drift, Words.ticketEnded(approvalId, reason));
            return;
        }
        Instant over = redeemed.hold().expiresAt();
        if (!conversation.now.instant().isBefore(over)) {
            String reason = "its approval ended at " + over + ", while it was being used";
            useless(asked, redeemed, reason, reason, Words.ticketEnded(approvalId, reason));
            return;
        }
        if (redeemed.hold().expiresAt().isAfter(conversation.now.instant().plus(asked.terms.expires()))) {
            String reason = "its ticket lasts longer than the rule allows";
            useless(asked, redeemed, reason, reason, Words.ticketEnded(approvalId, reason));
            return;
        }
        Instant end = conversation.context.credentialEnds();
        if (end != null && !conversation.now.instant().isBefore(end)) {
            String reason = "the requester's credential has ended";
            useless(asked, redeemed, reason, reason, Words.credentialEnded(asked.terms, end));
            return;
        }
        if (!conversation.recording) {
            String reason = "its statement could not be recorded";
            useless(asked, redeemed, reason, reason, Words.notRecorded());
            return;
        }
        visit = null;
        if (!asked.opened) {
            conversation.record(StatementRecords.decided(conversation.context, statementId, asked.judged, conversation.status));
        }
        rejected(asked, approvalId, redeemed.rejected());
        long mark = conversation.record(new StatementEvent.StatementReleased(statementId, approvalId, redeemed.verdict(), redeemed.hold()));
        release.run(asked.judged, statementId, mark);
    }

    /** The ticket has been used up, and the statement does not run. */
    private void useless(Visit asked, TicketAnswer.Redeemed redeemed, String reason, String objection, Diagnosis refusal) {
        String approvalId = redeemed.hold().approvalId();
        List<TicketAnswer.Rejected> unused = redeemed.unused(objection);
        if (asked.opened && approvalId.equals(asked.again.approvalId())) {
            rejected(asked, approvalId, unused);
            conversation.record(new StatementEvent.StatementRefused(asked.again.statementId(), approvalId, refusal.sqlState().code(), reason));
            end(asked, reason, refusal);
        } else {
            end(asked, approvalId + ": " + reason, refusal, approvalId, unused);
        }
    }

    /** For a ticket that was used up here. */
    void rejected(Input.GrantRejected grant) {
        var rejected = new TicketAnswer.Rejected(grant.verdictEventId(), grant.verdict(), grant.reason());
        Checking checked = checking;
        String statementId = ended.get(grant.approvalId());
        if (checked != null && checked.redeemed.hold().approvalId().equals(grant.approvalId())) {
            if (checked.redeemed.rejected().size() < MOST_LATE) {
                checking = new Checking(checked.redeemed.beside(rejected), checked.inquiry);
            }
        } else if (statementId != null && late < MOST_LATE) {
            late++;
            rejected(statementId, grant.approvalId(), rejected);
        }
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
        Checking unused = checking;
        visit = null;
        checking = null;
        if (left != null && left.awaited != null) {
            conversation.perform(new Effect.LeaveTicket(left.awaited.approvalId()));
        }
        if (left != null && unused != null) {
            String reason = "its statement waited for it no longer";
            String approvalId = unused.redeemed.hold().approvalId();
            decided(left, approvalId + ": " + reason);
            rejected(left, approvalId, unused.redeemed.unused(reason));
        }
    }

    private boolean policyHasChanged(Visit asked) {
        return !conversation.context.policy().get().version().equals(asked.again.policyVersion());
    }

    private void end(Visit asked, String reason, Diagnosis refusal) {
        end(asked, reason, refusal, "", List.of());
    }

    /**
     * It does not run, now.
     *
     * @param approvalId of its ticket
     * @param rejected what came for that and lets nothing go
     */
    private void end(Visit asked, String reason, Diagnosis refusal, String approvalId, List<TicketAnswer.Rejected> rejected) {
        visit = null;
        checking = null;
        decided(asked, reason);
        rejected(asked, approvalId, rejected);
        refuser.refuse(asked.judged.message(), refusal, conversation.recording ? conversation.lastMark() : conversation.acknowledged);
        objects.forget();
    }

    /** What was not recorded as held is recorded as denied. */
    private void decided(Visit asked, String reason) {
        if (!asked.opened) {
            Judged refused = asked.judged.with(new Decision.Deny(asked.terms.rule(), reason, null));
            conversation.record(StatementRecords.decided(conversation.context, asked.again.statementId(), refused, conversation.status));
        }
    }

    private void withdrawn(Visit asked, String reason) {
        conversation.record(new StatementEvent.StatementWithdrawn(asked.again.statementId(), asked.again.approvalId(), reason));
    }

    private void rejected(Visit asked, String approvalId, List<TicketAnswer.Rejected> rejected) {
        rejected.forEach(one -> rejected(asked.again.statementId(), approvalId, one));
    }

    private void rejected(String statementId, String approvalId, TicketAnswer.Rejected rejected) {
        conversation.record(new StatementEvent.GrantRejected(
                statementId, approvalId, rejected.eventId(), StatementDigest.ofText(rejected.verdict()), rejected.reason()));
    }
}
