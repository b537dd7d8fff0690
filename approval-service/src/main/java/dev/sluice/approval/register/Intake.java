// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.Answer;
import dev.sluice.approval.decider.ApprovalCommand;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalAssessed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.SessionEvent.ImpactAssessed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.TermsDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what gateways report about sessions into events of approvals. Events made here have ids derived from the ones that caused them,
 * so reading a stretch of the sessions twice repeats events and adds nothing.
 */
public final class Intake {
    private static final Logger LOGGER = LoggerFactory.getLogger(Intake.class);
    private static final String ANOTHER = "another hold came under the same approval id: one of the two is not the gateway's";
    private static final int CLOSED_SESSIONS_REMEMBERED = 10_000;
    private static final int ASSESSMENTS_REMEMBERED = 1_000;
    private static final long BYTES_REMEMBERED = 8L << 20;

    private final ApprovalDecider decider = new ApprovalDecider();
    private final ApprovalRegister register;
    private final Journal journal;
    private final SessionMemory memory = new SessionMemory();
    private final Envelopes envelopes;
    private final long openBytes;
    private final Latest<String, EventEnvelope<?>> closedSessions = new Latest<>(CLOSED_SESSIONS_REMEMBERED, BYTES_REMEMBERED, Footprint::bytesOf);
    /** By approval: what became known of a statement before its request came back from the log. */
    private final Latest<String, EventEnvelope<?>> early = new Latest<>(ASSESSMENTS_REMEMBERED, BYTES_REMEMBERED, Footprint::bytesOf);

    /** @param openBytes how much memory open approvals, and those whose verdicts are still to be sent, may take, as {@link Footprint} counts it */
    public Intake(ApprovalRegister register, Journal journal, Envelopes envelopes, long openBytes) {
        this.register = register;
        this.openBytes = openBytes;
        this.journal = journal;
        this.envelopes = envelopes;
        register.watch(this::withdrawIfSessionIsOver);
        register.watch(this::assessIfKnown);
    }

    /**
     * Whether one more can be put before people, or it has been already. Those that have closed count until their verdicts are sent: rather is nobody asked
     * than an answer lost. Every replica keeps every open approval, and reads it again when it starts: what
     * waits has to fit into the memory of each. May overshoot by what other replicas open at the same moment.
     */
    public boolean hasRoomFor(StatementHeld held) {
        return register.stateOf(held.approvalId()) instanceof Asked
                || register.isForgotten(held.approvalId())
                || register.unsettledBytes() + Footprint.bytesOf(held) <= openBytes;
    }

    /** Appends what {@code envelope} leads to, in most cases nothing; completes when the log has it. */
    public CompletionStage<Void> take(EventEnvelope<?> envelope) {
        memory.note(envelope);
        return switch (envelope.data()) {
            case StatementHeld held -> ask(envelope, held);
            case StatementWithdrawn withdrawn -> withdraw(envelope, withdrawn.approvalId(), withdrawn.reason());
            case StatementRefused refused -> refused(envelope, refused);
            case SessionClosed closed -> sessionClosed(envelope, closed);
            case ImpactAssessed assessed -> assessed(envelope, assessed);
            default -> done();
        };
    }

    /**
     * The digest is what is signed, the rest of the hold is what people are shown: where the one does not follow from the other somebody else has written
     * the hold, or a gateway is defective.
     */
    private CompletionStage<Void> ask(EventEnvelope<?> cause, StatementHeld held) {
        if (!held.statementDigest().equals(StatementDigest.bound(held))) {
            LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("sessionId", held.sessionId())
                    .log("nobody is asked about a hold whose digest is not that of its own text and circumstances");
            return register.stateOf(held.approvalId()) instanceof ApprovalState.Open ? withdraw(cause, held.approvalId(), ANOTHER) : done();
        }
        return switch (decider.decide(register.stateOf(held.approvalId()), new ApprovalCommand.Ask(held, memory.before(held.sessionId(), held.statementId())))) {
            case Answer.Refused _ -> askedAgain(cause, held);
            case Answer.Accepted(var events) -> request(envelopes.following(cause, held.approvalId(), events.getFirst()), held);
        };
    }

    /** The decider opens nothing whose time is over, so that what is read again long after it was forgotten stays closed. */
    private CompletionStage<Void> request(EventEnvelope<ApprovalEvent> request, StatementHeld held) {
        if (register.isForgotten(held.approvalId())) {
            return done();
        }
        if (request.time().isBefore(held.expiresAt())) {
            return journal.append(request);
        }
        LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("expiresAt", held.expiresAt())
                .log("nobody is asked about a hold that is read when its time is over");
        return done();
    }

    /** Records may be read twice. Of two different ones it is not known which is the gateway's, so nobody answers either. */
    private CompletionStage<Void> askedAgain(EventEnvelope<?> cause, StatementHeld held) {
        if (!(register.stateOf(held.approvalId()) instanceof Asked asked) || isSame(asked.held(), held)) {
            return done();
        }
        LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("sessionId", held.sessionId())
                .log("two different holds have the same approval id: its approval is withdrawn if it is still open");
        return withdraw(cause, held.approvalId(), ANOTHER);
    }

    private static boolean isSame(StatementHeld one, StatementHeld other) {
        return one.sessionId().equals(other.sessionId())
                && one.statementId().equals(other.statementId())
                && one.statementDigest().equals(other.statementDigest())
                && one.requester().equals(other.requester())
                && TermsDigest.of(one).equals(TermsDigest.of(other));
    }

    /** The register may not have the request back yet, so the log is told in any case; it ignores what comes too late. */
    private CompletionStage<Void> withdraw(EventEnvelope<?> cause, String approvalId, String reason) {
        return register.stateOf(approvalId) instanceof ApprovalState.Closed || register.isForgotten(approvalId)
                ? done()
                : journal.append(envelopes.following(cause, approvalId, new ApprovalWithdrawn(approvalId, reason)));
    }

    /** A gateway that refuses a statement before anybody has answered waits no longer. At its expiry the approval ends by itself, as expired. */
    private CompletionStage<Void> refused(EventEnvelope<?> cause, StatementRefused refused) {
        return register.stateOf(refused.approvalId()) instanceof ApprovalState.Open open && cause.time().isBefore(open.held().expiresAt())
                ? withdraw(cause, refused.approvalId(), "the gateway refused the statement: " + refused.reason())
                : done();
    }

    /** The gateway finds it out in another session, which another replica may read, so it may come before the request; then it waits for that. */
    private CompletionStage<Void> assessed(EventEnvelope<?> cause, ImpactAssessed assessed) {
        return switch (register.stateOf(assessed.approvalId())) {
            case ApprovalState.Closed _ -> done();
            case ApprovalState.Open open -> assess(cause, assessed, open);
            case ApprovalState.Unasked _ when register.isForgotten(assessed.approvalId()) -> done();
            case ApprovalState.Unasked _ -> {
                synchronized (early) {
                    early.put(assessed.approvalId(), cause);
                }
                // The request may have come between the question and the note.
                if (register.stateOf(assessed.approvalId()) instanceof ApprovalState.Open open) {
                    assessIfKnown(open);
                }
                yield done();
            }
        };
    }

    private CompletionStage<Void> assess(EventEnvelope<?> cause, ImpactAssessed assessed, ApprovalState.Open open) {
        return journal.append(envelopes.following(cause, assessed.approvalId(), open.held().sessionId(), new ApprovalAssessed(assessed.approvalId(), assessed.impact(), null)));
    }

    private void assessIfKnown(Asked asked) {
        EventEnvelope<?> known;
        synchronized (early) {
            known = early.remove(asked.held().approvalId());
        }
        if (known != null && asked instanceof ApprovalState.Open open && known.data() instanceof ImpactAssessed assessed) {
            assess(known, assessed, open);
        }
    }

    private CompletionStage<Void> sessionClosed(EventEnvelope<?> cause, SessionClosed closed) {
        synchronized (closedSessions) {
            closedSessions.put(cause.subject(), cause);
        }
        var withdrawals = register.openIn(cause.subject()).stream()
                .filter(open -> !open.held().returns())
                .map(open -> withdraw(cause, open.held().approvalId(), sessionEnded(closed.reason())))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(withdrawals);
    }

    /** What the client sends again in another session outlives this one. A request that comes back from the log after its session's end was read: whichever of the two comes last withdraws it. */
    private void withdrawIfSessionIsOver(Asked asked) {
        if (!(asked instanceof ApprovalState.Open open) || open.held().returns()) {
            return;
        }
        EventEnvelope<?> ended = endOf(open.held().sessionId());
        if (ended != null && ended.data() instanceof SessionClosed closed) {
            withdraw(ended, open.held().approvalId(), sessionEnded(closed.reason()));
        }
    }

    private @Nullable EventEnvelope<?> endOf(String sessionId) {
        synchronized (closedSessions) {
            return closedSessions.get(sessionId);
        }
    }

    private static String sessionEnded(String reason) {
        return "the session ended: " + reason;
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
