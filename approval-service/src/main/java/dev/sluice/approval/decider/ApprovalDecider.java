// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalAssessed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalLapsed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.DisplayLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an approval. {@link #decide} says what a command would append to the log; {@link #evolve} folds the log. Both ask the same
 * questions of a vote: two replicas may accept two votes at the same moment, and only their order in the log tells which one counts.
 */
public final class ApprovalDecider {
    public ApprovalState initial() {
        return new ApprovalState.Unasked();
    }

    /** What {@code command} leads to. Never throws for a command that makes no sense; it names the reason. */
    public Answer decide(ApprovalState state, ApprovalCommand command) {
        return switch (command) {
            case ApprovalCommand.Ask(var held, var session) -> switch (state) {
                case ApprovalState.Unasked _ -> accepted(new ApprovalRequested(held.approvalId(), held, session, null));
                case ApprovalState.Asked _ -> refused(new Refusal.AlreadyAsked());
            };
            case ApprovalCommand.Cast cast -> {
                var refusal = objectionTo(state, cast.voter(), cast.vote(), cast.shownDigest(), cast.standingUntil(), cast.now());
                yield refusal != null ? refused(refusal) : accepted(voted(state, cast));
            }
            case ApprovalCommand.Reconsider(var voter, var reason) -> switch (state) {
                case ApprovalState.Unasked _ -> refused(new Refusal.NeverAsked());
                case ApprovalState.Open open -> narrowed(open, voter).equals(open.votes())
                        ? refused(new Refusal.SameStanding())
                        : accepted(new ApprovalLapsed(open.held().approvalId(), voter, reason, null));
                case ApprovalState.Closed closed -> refused(closedAlready(closed));
            };
            case ApprovalCommand.Withdraw(var reason) -> switch (state) {
                case ApprovalState.Unasked _ -> refused(new Refusal.NeverAsked());
                case ApprovalState.Open open -> accepted(new ApprovalWithdrawn(open.held().approvalId(), reason));
                case ApprovalState.Closed closed -> refused(closedAlready(closed));
            };
            case ApprovalCommand.Expire(var now) -> switch (state) {
                case ApprovalState.Unasked _ -> refused(new Refusal.NeverAsked());
                case ApprovalState.Open open -> now.isBefore(open.held().expiresAt())
                        ? refused(new Refusal.NotYetExpired(open.held().expiresAt()))
                        : accepted(new ApprovalExpired(open.held().approvalId()));
                case ApprovalState.Closed closed -> refused(closedAlready(closed));
            };
        };
    }

    /** The state after {@code recorded}. An event that the rules do not admit at its place in the log leaves the state as it is. */
    public ApprovalState evolve(ApprovalState state, RecordedEvent recorded) {
        return switch (recorded.event()) {
            case ApprovalRequested requested -> switch (state) {
                case ApprovalState.Unasked _ -> recorded.time().isBefore(requested.held().expiresAt()) ? asked(requested, recorded) : state;
                case ApprovalState.Asked asked -> asked;
            };
            case ApprovalVoted voted ->
                objectionTo(state, voted.voter(), voted.vote(), voted.shownDigest(), voted.standingUntil(), recorded.time()) == null
                                && state instanceof ApprovalState.Open open
                        ? counted(open, voted, recorded)
                        : state;
            case ApprovalLapsed lapsed -> state instanceof ApprovalState.Open open ? reconsidered(open, lapsed.voter()) : state;
            case ApprovalWithdrawn withdrawn -> close(state, new Outcome.Withdrawn(withdrawn.reason()), recorded);
            case ApprovalExpired _ -> state instanceof ApprovalState.Open open && !recorded.time().isBefore(open.held().expiresAt())
                    ? close(open, new Outcome.Expired(), recorded)
                    : state;
            case ApprovalAssessed assessed -> state instanceof ApprovalState.Open open && open.impact() == null
                    ? new ApprovalState.Open(open.held(), open.session(), assessed.impact(), open.requestedAt(), open.votes(), open.version() + 1)
                    : state;
            case ApprovalSealed _ -> state;
        };
    }

    /** Why {@code voter} can't vote at all on what {@code state} is now, whatever they were shown; null if they can. */
    public @Nullable Refusal objectionTo(ApprovalState state, Principal voter, Instant now) {
        return switch (state) {
            case ApprovalState.Unasked _ -> new Refusal.NeverAsked();
            case ApprovalState.Closed closed -> closedAlready(closed);
            case ApprovalState.Open open -> objectionTo(open, voter, now);
        };
    }

    private @Nullable Refusal objectionTo(
            ApprovalState state, Principal voter, Vote vote, String shownDigest, @Nullable Instant standingUntil, Instant now) {
        var refusal = objectionTo(state, voter, now);
        if (refusal != null || !(state instanceof ApprovalState.Open open)) {
            return refusal;
        }
        var held = open.held();
        if (standingUntil != null && !now.isBefore(standingUntil)) {
            return new Refusal.StandingEnded(standingUntil);
        }
        if (!held.statementDigest().equals(shownDigest)) {
            return new Refusal.ShownAnother(held.statementDigest(), shownDigest);
        }
        long bytes = DisplayLimit.bytesOf(held);
        return vote == Vote.APPROVE && bytes > DisplayLimit.BYTES ? new Refusal.TooLargeToShow(bytes, DisplayLimit.BYTES) : null;
    }

    private static @Nullable Refusal objectionTo(ApprovalState.Open open, Principal voter, Instant now) {
        var held = open.held();
        if (Person.isOnRequestersSide(voter, held.requester())) {
            return new Refusal.IsRequester();
        }
        var behind = voter.onBehalfOf();
        if (behind != null) {
            return new Refusal.ActsForAnother(behind);
        }
        if (!Quorum.of(held).admits(voter)) {
            return new Refusal.NotAnApprover(held.approverGroups());
        }
        for (var vote : open.votes()) {
            if (vote.person().equals(Person.of(voter)) && vote.standsAt(now)) {
                return new Refusal.HasVoted(vote.vote());
            }
        }
        return now.isBefore(held.expiresAt()) ? null : new Refusal.TooLate(held.expiresAt());
    }

    /** Only before the hold's end: a request that is repeated later opens nothing, whether a replica still knows the approval or not. */
    private static ApprovalState asked(ApprovalRequested requested, RecordedEvent recorded) {
        var held = requested.held();
        var open = new ApprovalState.Open(held, requested.session(), null, recorded.time(), List.of(), 1);
        var below = held.autoApproveBelow();
        var estimate = held.estimatedRows();
        boolean byItself = held.needsNoHuman() && DisplayLimit.bytesOf(held) <= DisplayLimit.BYTES;
        return byItself && below != null && estimate != null
                ? closed(open, new Outcome.GrantedByEstimate(estimate, below), recorded, open.version())
                : open;
    }

    /** A vote that has lapsed gives way to the same person's new one. Standing is looked at again at every vote: the grant rests on what stands then. */
    private static ApprovalState counted(ApprovalState.Open open, ApprovalVoted voted, RecordedEvent recorded) {
        var votes = new ArrayList<>(open.votes());
        votes.removeIf(vote -> vote.person().equals(Person.of(voted.voter())));
        votes.add(new CountedVote(recorded.id(), voted.voter(), voted.vote(), voted.comment(), recorded.time(), voted.standingUntil()));
        var next = new ApprovalState.Open(open.held(), open.session(), open.impact(), open.requestedAt(), votes, open.version() + 1);
        return switch (voted.vote()) {
            case REJECT -> closed(next, new Outcome.Refused(voted.voter(), voted.comment()), recorded, next.version());
            case APPROVE -> {
                // The first rejection closes, so every vote of an open approval is an approval.
                var approvers = votes.stream().filter(vote -> vote.standsAt(recorded.time())).map(CountedVote::voter).toList();
                yield Quorum.of(open.held()).isMetBy(approvers)
                        ? closed(next, new Outcome.Granted(approvers), recorded, next.version())
                        : next;
            }
        };
    }

    private static ApprovalState reconsidered(ApprovalState.Open open, Principal voter) {
        var votes = narrowed(open, voter);
        return votes.equals(open.votes())
                ? open
                : new ApprovalState.Open(open.held(), open.session(), open.impact(), open.requestedAt(), votes, open.version() + 1);
    }

    /** The votes, that of {@code voter} with those of its groups alone that it still has; gone if no approver group is among them. Never widens. */
    private static List<CountedVote> narrowed(ApprovalState.Open open, Principal voter) {
        var quorum = Quorum.of(open.held());
        var votes = new ArrayList<CountedVote>();
        for (var vote : open.votes()) {
            var still = vote.person().equals(Person.of(voter)) ? vote.narrowedTo(voter.groups()) : vote;
            if (quorum.admits(still.voter())) {
                votes.add(still);
            }
        }
        return votes;
    }

    private static ApprovalState close(ApprovalState state, Outcome outcome, RecordedEvent by) {
        return state instanceof ApprovalState.Open open ? closed(open, outcome, by, open.version() + 1) : state;
    }

    private static ApprovalState.Closed closed(ApprovalState.Open open, Outcome outcome, RecordedEvent by, int version) {
        return new ApprovalState.Closed(open.held(), open.session(), open.impact(), open.requestedAt(), open.votes(), outcome, by.id(), by.time(), version);
    }

    private static ApprovalEvent voted(ApprovalState state, ApprovalCommand.Cast cast) {
        return switch (state) {
            case ApprovalState.Unasked _ -> throw new IllegalStateException("a vote on what was never asked passed the rules");
            case ApprovalState.Asked asked -> new ApprovalVoted(
                    asked.held().approvalId(), cast.voter(), cast.vote(), cast.comment(), cast.shownDigest(), cast.standingUntil(), null);
        };
    }

    private static Refusal closedAlready(ApprovalState.Closed closed) {
        return new Refusal.AlreadyClosed(closed.outcome(), closed.closedAt());
    }

    private static Answer accepted(ApprovalEvent event) {
        return new Answer.Accepted(List.of(event));
    }

    private static Answer refused(Refusal refusal) {
        return new Answer.Refused(refusal);
    }
}
