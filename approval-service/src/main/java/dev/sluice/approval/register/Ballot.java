// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.Answer;
import dev.sluice.approval.decider.ApprovalCommand;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.decider.Refusal;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.Envelopes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes votes: checks them against the state at hand, appends them, and waits until the log says whether they count. */
public final class Ballot {
    /** What became of a vote. */
    public sealed interface Result {
        /** It counts, and this is the approval with it. Also the answer to the same vote sent again. */
        record Counted(Asked approval) implements Result {}

        /** It does not count, and never will. */
        record Declined(Refusal refusal) implements Result {}

        /** The log has it, but it has not come back yet. */
        record Recorded() implements Result {}

        /** Nobody knows yet whether the log has it. Sending it again is safe. */
        record Unconfirmed() implements Result {}
    }

    private final ApprovalDecider decider = new ApprovalDecider();
    private final ApprovalRegister register;
    private final Journal journal;
    private final Envelopes envelopes;
    private final Clock clock;
    private final Duration patience;

    public Ballot(ApprovalRegister register, Journal journal, Envelopes envelopes, Clock clock, Duration patience) {
        this.register = register;
        this.journal = journal;
        this.envelopes = envelopes;
        this.clock = clock;
        this.patience = patience;
    }

    /** The approval, if exactly this vote of this person already counts in it. */
    public @Nullable Asked alreadyCounted(String approvalId, Principal voter, Vote vote, String shownDigest) {
        return sameVoteIn(register.stateOf(approvalId), new ApprovalCommand.Cast(voter, vote, null, shownDigest, null, clock.instant()));
    }

    /**
     * Somebody was seen, with the groups that it has now. Where it has voted with others, its votes are reconsidered; the log is told without
     * anybody waiting for it.
     */
    public void seen(Principal person) {
        for (var open : register.openWithVoteOf(Person.of(person))) {
            append(open, new ApprovalCommand.Reconsider(person));
        }
    }

    /** Nobody can say any more how {@code person}, who has voted on this approval, stands: the vote counts no longer, and may be cast again. */
    public void lapse(Asked approval, Principal person, String reason) {
        append(approval, new ApprovalCommand.Reconsider(new Principal(person.subject(), person.issuer(), person.method(), Set.of(), person.onBehalfOf()), reason));
    }

    private void append(Asked approval, ApprovalCommand command) {
        if (decider.decide(approval, command) instanceof Answer.Accepted(var events)) {
            events.forEach(event -> journal.append(envelopes.of(approval.held().approvalId(), approval.held().sessionId(), event)));
        }
    }

    /** Never blocks. Completes within the configured patience. */
    public CompletionStage<Result> cast(
            String approvalId, Principal voter, Vote vote, @Nullable String comment, String shownDigest, Instant standingUntil) {
        var command = new ApprovalCommand.Cast(voter, vote, comment, shownDigest, standingUntil, clock.instant());
        var state = register.stateOf(approvalId);
        var repeated = sameVoteIn(state, command);
        if (repeated != null) {
            return CompletableFuture.completedFuture(new Result.Counted(repeated));
        }
        return switch (decider.decide(state, command)) {
            case Answer.Refused(var refusal) -> CompletableFuture.completedFuture(new Result.Declined(refusal));
            case Answer.Accepted(var events) -> append(approvalId, ((Asked) state).held().sessionId(), events.getFirst(), command);
        };
    }

    private CompletionStage<Result> append(String approvalId, String sessionId, ApprovalEvent event, ApprovalCommand.Cast command) {
        var envelope = envelopes.of(approvalId, sessionId, event);
        var result = new CompletableFuture<Result>();
        register.whenApplied(envelope.id()).thenAccept(after -> {
            try {
                result.complete(outcomeOf(after, envelope.id(), at(command, envelope.time())));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        var recorded = journal.append(envelope).toCompletableFuture();
        recorded.whenComplete((_, failure) -> {
            if (failure != null) {
                result.complete(new Result.Unconfirmed());
            }
        });
        CompletableFuture.delayedExecutor(patience.toNanos(), TimeUnit.NANOSECONDS)
                .execute(() -> result.complete(recorded.isDone() ? new Result.Recorded() : new Result.Unconfirmed()));
        return result.whenComplete((_, _) -> register.forget(envelope.id()));
    }

    private Result outcomeOf(ApprovalState state, String eventId, ApprovalCommand.Cast command) {
        if (state instanceof Asked asked && asked.votes().stream().anyMatch(vote -> vote.eventId().equals(eventId))) {
            return new Result.Counted(asked);
        }
        var repeated = sameVoteIn(state, command);
        if (repeated != null) {
            return new Result.Counted(repeated);
        }
        return switch (decider.decide(state, command)) {
            case Answer.Refused(var refusal) -> new Result.Declined(refusal);
            case Answer.Accepted _ -> throw new IllegalStateException("a vote that the rules admit came back uncounted");
        };
    }

    /** The decider judges the event by its own time; the same time has to be asked for the reason. */
    private static ApprovalCommand.Cast at(ApprovalCommand.Cast command, Instant time) {
        return new ApprovalCommand.Cast(
                command.voter(), command.vote(), command.comment(), command.shownDigest(), command.standingUntil(), time);
    }

    /** A vote that has lapsed while the approval is open is none: it can be cast again. */
    private static @Nullable Asked sameVoteIn(ApprovalState state, ApprovalCommand.Cast command) {
        return state instanceof Asked asked
                        && asked.held().statementDigest().equals(command.shownDigest())
                        && asked.votes().stream().anyMatch(cast -> cast.vote() == command.vote()
                                && cast.person().equals(Person.of(command.voter()))
                                && (asked instanceof ApprovalState.Closed || cast.standsAt(command.now())))
                ? asked
                : null;
    }
}
