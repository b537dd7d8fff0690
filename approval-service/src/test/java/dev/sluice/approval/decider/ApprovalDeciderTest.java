// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import static dev.sluice.approval.fixture.Holds.EXPIRY;
import static dev.sluice.approval.fixture.Holds.ISSUER;
import static dev.sluice.approval.fixture.Holds.START;
import static dev.sluice.approval.fixture.Holds.hold;
import static dev.sluice.approval.fixture.Holds.person;
import static dev.sluice.approval.fixture.Holds.personOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalLapsed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApprovalDeciderTest {
    private static final Instant LATER = START.plusSeconds(60);
    private static final Principal BOB = person("bob", "dba");
    private static final Principal CAROL = person("carol", "owners");

    private final ApprovalDecider decider = new ApprovalDecider();
    private int events;

    @Test
    void asksOnce() {
        var held = hold().held();

        var first = decider.decide(decider.initial(), new ApprovalCommand.Ask(held, null));
        var second = decider.decide(open(hold()), new ApprovalCommand.Ask(held, null));

        assertThat(first).isEqualTo(new Answer.Accepted(List.of(new ApprovalRequested("approval-1", held))));
        assertThat(second).isEqualTo(new Answer.Refused(new Refusal.AlreadyAsked()));
    }

    @Test
    void grantsAtTheQuorumAndNotBefore() {
        var asked = open(hold().approvers(2, "dba", "owners"));

        var afterOne = cast(asked, BOB, Vote.APPROVE);
        var afterTwo = cast(afterOne, CAROL, Vote.APPROVE);

        assertThat(afterOne).isInstanceOf(ApprovalState.Open.class);
        assertThat(outcome(afterTwo)).isEqualTo(new Outcome.Granted(List.of(BOB, CAROL)));
    }

    @Test
    void countsSomebodyInTwoGroupsAsOnePerson() {
        var both = person("dora", "dba", "owners");
        var asked = cast(open(hold().approvers(2, "dba", "owners")), both, Vote.APPROVE);

        assertThat(refusal(asked, both, Vote.APPROVE)).isEqualTo(new Refusal.HasVoted(Vote.APPROVE));
        assertThat(evolve(asked, vote(both, Vote.APPROVE), LATER)).isEqualTo(asked);
    }

    @Test
    void oneRejectionEndsIt() {
        var asked = cast(open(hold().approvers(3, "dba", "owners")), BOB, Vote.APPROVE);

        assertThat(outcome(cast(asked, CAROL, Vote.REJECT))).isEqualTo(new Outcome.Refused(CAROL, "because"));
    }

    @Test
    void theRequesterNeverCounts() {
        var requester = person("erin", "dba");
        var asked = open(hold().requester(requester));

        assertThat(refusal(asked, requester, Vote.APPROVE)).isInstanceOf(Refusal.IsRequester.class);
        assertThat(refusal(asked, requester, Vote.REJECT)).isInstanceOf(Refusal.IsRequester.class);
        assertThat(evolve(asked, vote(requester, Vote.APPROVE), LATER)).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "ALICE"})
    void neitherDoesTheHumanBehindAnAgent(String subject) {
        assertThat(refusal(open(hold()), person(subject, "dba"), Vote.APPROVE)).isInstanceOf(Refusal.IsRequester.class);
    }

    @Test
    void norANamesakeOfADatabaseUser() {
        var user = new Principal("frank", "postgresql:shop", Principal.Method.DATABASE, Set.of(), null);

        assertThat(refusal(open(hold().requester(user)), person("frank", "dba"), Vote.APPROVE)).isInstanceOf(Refusal.IsRequester.class);
    }

    @Test
    void aNamesakeOfAnotherIssuerIsAnotherPerson() {
        var requester = person("grace", "dba");
        var namesake = personOf("https://other.example", "grace", null, "dba");

        assertThat(outcome(cast(open(hold().requester(requester)), namesake, Vote.APPROVE))).isInstanceOf(Outcome.Granted.class);
    }

    @Test
    void anAgentDoesNotVoteForAHuman() {
        var agent = personOf(ISSUER, "helper", "bob", "dba");
        var requestersAgent = personOf(ISSUER, "helper", "alice", "dba");

        assertThat(refusal(open(hold()), agent, Vote.APPROVE)).isEqualTo(new Refusal.ActsForAnother("bob"));
        assertThat(refusal(open(hold()), requestersAgent, Vote.APPROVE)).isInstanceOf(Refusal.IsRequester.class);
    }

    @Test
    void onlyTheGroupsOfTheHoldVote() {
        assertThat(refusal(open(hold()), person("henry", "admins"), Vote.REJECT)).isInstanceOf(Refusal.NotAnApprover.class);
        assertThat(refusal(open(hold().approvers(1)), BOB, Vote.APPROVE)).isInstanceOf(Refusal.NotAnApprover.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0})
    void aQuorumBelowOneStillTakesOnePerson(int quorum) {
        var asked = open(hold().approvers(quorum, "dba"));

        assertThat(asked).isInstanceOf(ApprovalState.Open.class);
        assertThat(outcome(cast(asked, BOB, Vote.APPROVE))).isInstanceOf(Outcome.Granted.class);
    }

    @Test
    void aVoteNamesWhatWasShown() {
        var command = new ApprovalCommand.Cast(BOB, Vote.APPROVE, null, "another digest", null, LATER);

        assertThat(decider.decide(open(hold()), command))
                .isEqualTo(new Answer.Refused(new Refusal.ShownAnother("digest-of-approval-1", "another digest")));
    }

    @Test
    void whatIsTooLargeToShowCanOnlyBeRejected() {
        int half = (int) DisplayLimit.BYTES / 2;
        var fits = open(hold().query("x".repeat(half), new Parameter(25, "text", "y".repeat(half))));
        var tooLarge = open(hold().query("x".repeat(half), new Parameter(25, "text", "y".repeat(half + 1))));

        assertThat(outcome(cast(fits, BOB, Vote.APPROVE))).isInstanceOf(Outcome.Granted.class);
        assertThat(refusal(tooLarge, BOB, Vote.APPROVE))
                .isEqualTo(new Refusal.TooLargeToShow(DisplayLimit.BYTES + 1, DisplayLimit.BYTES));
        assertThat(outcome(cast(tooLarge, BOB, Vote.REJECT))).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void expiresAtItsInstantAndNotBefore() {
        var asked = open(hold());

        assertThat(decider.decide(asked, new ApprovalCommand.Expire(EXPIRY.minusNanos(1))))
                .isEqualTo(new Answer.Refused(new Refusal.NotYetExpired(EXPIRY)));
        assertThat(evolve(asked, new ApprovalExpired("approval-1"), EXPIRY.minusNanos(1))).isEqualTo(asked);
        assertThat(outcome(evolve(asked, new ApprovalExpired("approval-1"), EXPIRY))).isEqualTo(new Outcome.Expired());
    }

    @Test
    void aVoteAtTheExpiryIsTooLate() {
        var command = new ApprovalCommand.Cast(BOB, Vote.APPROVE, null, "digest-of-approval-1", null, EXPIRY);

        assertThat(decider.decide(open(hold()), command)).isEqualTo(new Answer.Refused(new Refusal.TooLate(EXPIRY)));
        assertThat(evolve(open(hold()), vote(BOB, Vote.APPROVE), EXPIRY)).isInstanceOf(ApprovalState.Open.class);
    }

    @Test
    void whatIsClosedStaysAsItClosed() {
        var withdrawn = evolve(open(hold()), new ApprovalWithdrawn("approval-1", "cancelled"), LATER);

        assertThat(outcome(withdrawn)).isEqualTo(new Outcome.Withdrawn("cancelled"));
        assertThat(refusal(withdrawn, BOB, Vote.APPROVE)).isEqualTo(new Refusal.AlreadyClosed(new Outcome.Withdrawn("cancelled"), LATER));
        assertThat(evolve(withdrawn, vote(BOB, Vote.APPROVE), LATER)).isEqualTo(withdrawn);
        assertThat(evolve(withdrawn, new ApprovalExpired("approval-1"), EXPIRY)).isEqualTo(withdrawn);
        assertThat(evolve(withdrawn, new ApprovalRequested("approval-1", hold().held()), EXPIRY)).isEqualTo(withdrawn);
    }

    @Test
    void aRequestAtTheEndOfItsHoldOpensNothing() {
        assertThat(open(hold().expires(START))).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(open(hold().automatic(100L, 1L).expires(START))).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(open(hold().expires(START.plusNanos(1)))).isInstanceOf(ApprovalState.Open.class);
    }

    @Test
    void anEstimateBelowTheRulesLimitNeedsNoHuman() {
        assertThat(outcome(open(hold().automatic(100L, 99L)))).isEqualTo(new Outcome.GrantedByEstimate(99, 100));
        assertThat(open(hold().automatic(100L, 100L))).isInstanceOf(ApprovalState.Open.class);
        assertThat(open(hold().automatic(100L, null))).isInstanceOf(ApprovalState.Open.class);
        assertThat(open(hold().automatic(null, 1L))).isInstanceOf(ApprovalState.Open.class);
        assertThat(open(hold().automatic(100L, 1L).query("x".repeat((int) DisplayLimit.BYTES + 1)))).isInstanceOf(ApprovalState.Open.class);
    }

    @Test
    void aPersonInTwoGroupsTakesOneSeat() {
        var asked = open(hold().all(new GroupQuorum("dba", 1), new GroupQuorum("owners", 1)));
        var dora = person("dora", "dba", "owners");

        var afterDora = cast(asked, dora, Vote.APPROVE);

        assertThat(afterDora).isInstanceOf(ApprovalState.Open.class);
        assertThat(outcome(cast(afterDora, BOB, Vote.APPROVE))).isEqualTo(new Outcome.Granted(List.of(dora, BOB)));
        assertThat(outcome(cast(afterDora, CAROL, Vote.APPROVE))).isEqualTo(new Outcome.Granted(List.of(dora, CAROL)));
        assertThat(cast(cast(asked, BOB, Vote.APPROVE), person("ben", "dba"), Vote.APPROVE)).isInstanceOf(ApprovalState.Open.class);
    }

    @Test
    void aVoteStandsAsLongAsItsToken() {
        var asked = open(hold().approvers(2, "dba", "owners"));
        var afterBob = evolve(asked, voteUntil(BOB, LATER.plusSeconds(10)), LATER);

        var tooLate = evolve(afterBob, voteUntil(CAROL, EXPIRY), LATER.plusSeconds(10));
        assertThat(tooLate).isInstanceOf(ApprovalState.Open.class);
        assertThat(outcome(evolve(afterBob, voteUntil(CAROL, EXPIRY), LATER.plusSeconds(9)))).isInstanceOf(Outcome.Granted.class);

        // He signs in again and votes again, which is one vote all the same.
        var again = evolve(tooLate, voteUntil(BOB, EXPIRY), LATER.plusSeconds(11));
        assertThat(outcome(again)).isEqualTo(new Outcome.Granted(List.of(CAROL, BOB)));
        assertThat(((ApprovalState.Closed) again).votes()).hasSize(2);
    }

    @Test
    void aVoteWhoseTokenHadEndedWhenItReachedTheLogIsNone() {
        var asked = open(hold());

        assertThat(decider.decide(asked, new ApprovalCommand.Cast(BOB, Vote.APPROVE, null, "digest-of-approval-1", LATER, LATER)))
                .isEqualTo(new Answer.Refused(new Refusal.StandingEnded(LATER)));
        assertThat(evolve(asked, voteUntil(BOB, LATER), LATER)).isEqualTo(asked);
    }

    @Test
    void whoIsSeenWithoutTheGroupNoLongerCounts() {
        var dora = person("dora", "dba", "owners");
        var asked = cast(open(hold().approvers(2, "dba", "owners")), dora, Vote.APPROVE);

        assertThat(decider.decide(asked, new ApprovalCommand.Reconsider(dora))).isEqualTo(new Answer.Refused(new Refusal.SameStanding()));
        assertThat(decider.decide(asked, new ApprovalCommand.Reconsider(BOB))).isEqualTo(new Answer.Refused(new Refusal.SameStanding()));
        assertThat(decider.decide(asked, new ApprovalCommand.Reconsider(person("dora", "staff")))).isInstanceOf(Answer.Accepted.class);

        var lapsed = evolve(asked, new ApprovalLapsed("approval-1", person("dora", "staff"), null), LATER);
        assertThat(((ApprovalState.Open) lapsed).votes()).isEmpty();
        assertThat(cast(lapsed, BOB, Vote.APPROVE)).isInstanceOf(ApprovalState.Open.class);

        var narrowed = (ApprovalState.Open) evolve(asked, new ApprovalLapsed("approval-1", person("dora", "dba", "root"), null), LATER);
        assertThat(narrowed.votes().getFirst().voter().groups()).containsExactly("dba");
    }

    @Test
    void nothingHappensToWhatWasNeverAsked() {
        var unasked = decider.initial();

        assertThat(evolve(unasked, vote(BOB, Vote.APPROVE), LATER)).isEqualTo(unasked);
        assertThat(evolve(unasked, new ApprovalWithdrawn("approval-1", "gone"), LATER)).isEqualTo(unasked);
        assertThat(decider.decide(unasked, new ApprovalCommand.Withdraw("gone"))).isEqualTo(new Answer.Refused(new Refusal.NeverAsked()));
        assertThat(decider.decide(unasked, new ApprovalCommand.Expire(EXPIRY))).isEqualTo(new Answer.Refused(new Refusal.NeverAsked()));
        assertThat(refusal(unasked, BOB, Vote.APPROVE)).isEqualTo(new Refusal.NeverAsked());
    }

    private ApprovalState open(Holds holds) {
        return evolve(decider.initial(), new ApprovalRequested("approval-1", holds.held()), START);
    }

    private ApprovalState cast(ApprovalState state, Principal voter, Vote vote) {
        var answer = decider.decide(state, command(voter, vote));
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        return ((Answer.Accepted) answer).events().stream().reduce(state, (before, event) -> evolve(before, event, LATER), (one, other) -> other);
    }

    private Refusal refusal(ApprovalState state, Principal voter, Vote vote) {
        var answer = decider.decide(state, command(voter, vote));
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).refusal();
    }

    private static ApprovalCommand command(Principal voter, Vote vote) {
        return new ApprovalCommand.Cast(voter, vote, "because", "digest-of-approval-1", null, LATER);
    }

    private static ApprovalVoted vote(Principal voter, Vote vote) {
        return new ApprovalVoted("approval-1", voter, vote, "because", "digest-of-approval-1");
    }

    private static ApprovalVoted voteUntil(Principal voter, Instant standingUntil) {
        return new ApprovalVoted("approval-1", voter, Vote.APPROVE, null, "digest-of-approval-1", standingUntil, null);
    }

    private ApprovalState evolve(ApprovalState state, ApprovalEvent event, Instant at) {
        return decider.evolve(state, new RecordedEvent("event-" + events++, at, event));
    }

    private static Outcome outcome(ApprovalState state) {
        assertThat(state).isInstanceOf(ApprovalState.Closed.class);
        return ((ApprovalState.Closed) state).outcome();
    }
}
