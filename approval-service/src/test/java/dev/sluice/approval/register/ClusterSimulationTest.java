// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.CountedVote;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.decider.Quorum;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of an approval, checked against what lies in the log and on the topic of verdicts, never against what a replica says. A failure
 * names its seed; {@link Cluster} makes the same world from it again.
 */
final class ClusterSimulationTest {
    private static final int SEEDS = 10_000;

    @Test
    void tenThousandWorldsKeepThePromises() {
        int granted = 0;
        int unasked = 0;
        int others = 0;
        int repeated = 0;
        int fenced = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var cluster = new Cluster(seed);
            cluster.live(60);
            cluster.settle();
            for (var held : cluster.holds()) {
                var state = everyReplicaAgrees(seed, cluster, held);
                var verdict = atMostOneVerdict(seed, cluster, held);
                verdictFollowsTheLog(seed, state, verdict);
                nobodyCountsWhoMayNot(seed, state);
                if (state instanceof ApprovalState.Closed closed) {
                    nothingEndedItBefore(seed, cluster, closed);
                    if (closed.outcome() instanceof Outcome.Granted(var approvers)) {
                        granted++;
                        theGrantIsEarned(seed, cluster, closed, approvers);
                    } else if (closed.outcome() instanceof Outcome.GrantedByEstimate) {
                        unasked++;
                        theEstimateIsEnough(seed, closed, verdict);
                    } else {
                        others++;
                    }
                }
            }
            repeated += cluster.sent().size() - (int) cluster.sent().stream().map(Cluster.Sent::id).distinct().count();
            fenced += cluster.fencedCommits();
        }
        // A simulation in which nothing happens proves nothing.
        assertThat(granted).as("grants").isGreaterThan(SEEDS / 4);
        assertThat(unasked).as("grants without people").isGreaterThan(SEEDS / 20);
        assertThat(others).as("other ends").isGreaterThan(SEEDS / 4);
        assertThat(repeated).as("verdicts sent again").isGreaterThan(SEEDS / 20);
        assertThat(fenced).as("commits of owners that were owners no more").isGreaterThan(SEEDS / 20);
    }

    private static ApprovalState everyReplicaAgrees(long seed, Cluster cluster, StatementHeld held) {
        var states = cluster.states(held.approvalId());
        assertThat(new HashSet<>(cluster.chains(held.approvalId()))).as("seed %s: and seals the same history", seed).hasSize(1);
        assertThat(new HashSet<>(states)).as("seed %s: every replica reaches the same state", seed).hasSize(1);
        return states.getFirst();
    }

    private static VerdictEvent atMostOneVerdict(long seed, Cluster cluster, StatementHeld held) {
        var sent = cluster.sent().stream().filter(one -> one.event().approvalId().equals(held.approvalId())).distinct().toList();
        assertThat(sent).as("seed %s: never two verdicts", seed).hasSizeLessThanOrEqualTo(1);
        return sent.isEmpty() ? null : sent.getFirst().event();
    }

    private static void verdictFollowsTheLog(long seed, ApprovalState state, VerdictEvent verdict) {
        var expected = state instanceof ApprovalState.Closed closed
                ? switch (closed.outcome()) {
                    case Outcome.Granted _, Outcome.GrantedByEstimate _ -> VerdictGranted.class;
                    case Outcome.Refused _ -> VerdictEvent.VerdictRefused.class;
                    case Outcome.Expired _ -> VerdictExpired.class;
                    case Outcome.Withdrawn _ -> null;
                }
                : null;
        assertThat(verdict == null ? null : verdict.getClass()).as("seed %s: what ended has its verdict, and nothing else has one", seed).isEqualTo(expected);
    }

    /** Of approvals that ended in a grant, in something else, or not at all. */
    private static void nobodyCountsWhoMayNot(long seed, ApprovalState state) {
        if (state instanceof ApprovalState.Asked asked) {
            assertThat(asked.votes().stream().map(CountedVote::person)).as("seed %s: nobody's vote counts twice", seed).doesNotHaveDuplicates();
            assertThat(asked.votes()).as("seed %s: no vote of the requester's side or of an agent counts", seed).noneMatch(
                    vote -> Person.isOnRequestersSide(vote.voter(), asked.held().requester()) || vote.voter().onBehalfOf() != null);
        }
    }

    private static void theEstimateIsEnough(long seed, ApprovalState.Closed closed, VerdictEvent verdict) {
        var held = closed.held();
        assertThat(held.estimatedRows()).as("seed %s: never without an estimate below the rule's", seed).isNotNull().isNotNegative().isLessThan(held.autoApproveBelow());
        assertThat(closed.closedAt()).as("seed %s: never after expiry", seed).isBefore(held.expiresAt());
        assertThat(closed.votes()).as("seed %s: nobody was asked", seed).isEmpty();
        var signed = new VerdictVerifier(Cluster.KEY.publicKeys()).verify(((VerdictGranted) verdict).verdict(), closed.closedAt());
        assertThat(signed).as("seed %s", seed).isInstanceOfSatisfying(VerdictResult.Valid.class, valid -> assertThat(valid.verdict().approvers()).isEmpty());
    }

    private static void nothingEndedItBefore(long seed, Cluster cluster, ApprovalState.Closed closed) {
        for (var recorded : until(cluster, closed).reversed().subList(1, until(cluster, closed).size())) {
            boolean end = recorded.event() instanceof ApprovalWithdrawn
                    || (recorded.event() instanceof ApprovalExpired && !recorded.time().isBefore(closed.held().expiresAt()));
            assertThat(end && !recorded.id().equals(closed.closedBy())).as("seed %s: never after expiry or withdrawal", seed).isFalse();
        }
    }

    private static void theGrantIsEarned(long seed, Cluster cluster, ApprovalState.Closed closed, List<Principal> approvers) {
        var held = closed.held();
        assertThat(closed.closedAt()).as("seed %s: never after expiry", seed).isBefore(held.expiresAt());
        assertThat(approvers.stream().map(Person::of)).as("seed %s: nobody twice", seed).doesNotHaveDuplicates();
        var seats = new ArrayList<List<String>>();
        for (var part : Quorum.of(held).parts()) {
            for (int seat = 0; seat < part.seats(); seat++) {
                seats.add(part.groups());
            }
        }
        assertThat(canBeSeated(seats, approvers)).as("seed %s: never without quorum: %s by %s", seed, seats, approvers).isTrue();
        for (var approver : approvers) {
            assertThat(approver.subject())
                    .as("seed %s: never by the requester or the human behind it", seed)
                    .isNotEqualTo(held.requester().subject())
                    .isNotEqualTo(held.requester().onBehalfOf());
            assertThat(until(cluster, closed)).as("seed %s: every approver's own valid vote is in the log", seed).anyMatch(recorded ->
                    recorded.event() instanceof ApprovalVoted vote
                            && Person.of(vote.voter()).equals(Person.of(approver))
                            && vote.vote() == Vote.APPROVE
                            && vote.shownDigest().equals(held.statementDigest())
                            && vote.voter().onBehalfOf() == null
                            && vote.voter().groups().containsAll(approver.groups())
                            && recorded.time().isBefore(held.expiresAt())
                            && (vote.standingUntil() == null || closed.closedAt().isBefore(vote.standingUntil())));
        }
    }

    private static boolean canBeSeated(List<List<String>> seats, List<Principal> people) {
        return seats.isEmpty()
                || people.stream().anyMatch(person -> seats.getFirst().stream().anyMatch(person.groups()::contains)
                        && canBeSeated(seats.subList(1, seats.size()), people.stream().filter(other -> other != person).toList()));
    }

    /** The approval's part of the log up to the record that closed it; that may be there twice. */
    private static List<RecordedEvent> until(Cluster cluster, ApprovalState.Closed closed) {
        var log = cluster.log(closed.held().approvalId());
        int end = 0;
        while (!log.get(end).id().equals(closed.closedBy())) {
            end++;
        }
        return log.subList(0, end + 1);
    }
}
