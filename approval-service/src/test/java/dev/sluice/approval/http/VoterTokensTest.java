// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.Person;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VoterTokensTest {
    private static final Principal BOB = Holds.person("bob", "dba");
    private static final VoterTokens.Cast CAST = new VoterTokens.Cast("approval-1", Person.of(BOB));

    private final SettableClock clock = new SettableClock();
    private final ApprovalRegister register = new ApprovalRegister(10, 1 << 20);
    private final VoterTokens tokens = new VoterTokens(register, clock);

    private void apply(ApprovalEvent event) {
        register.apply(new RecordedEvent(UUID.randomUUID().toString(), clock.instant(), event), new byte[0]);
    }

    private void ask() {
        apply(new ApprovalEvent.ApprovalRequested("approval-1", Holds.hold().approvers(2, "dba").expires(clock.instant().plusSeconds(600)).held()));
        apply(new ApprovalEvent.ApprovalVoted("approval-1", BOB, ApprovalEvent.Vote.APPROVE, null, "digest-of-approval-1"));
    }

    private void keep(VoterTokens.Cast cast, Instant ends) {
        tokens.keep(cast, Caller.of(BOB, Set.of(), ends, Set.of(), new Caller.Token("secret")));
    }

    @Test
    void aTokenIsKeptWhileItsApprovalIsOpen() {
        ask();
        keep(CAST, clock.instant().plusSeconds(60));
        assertThat(tokens.of(CAST)).isEqualTo(new Caller.Token("secret"));

        apply(new ApprovalEvent.ApprovalWithdrawn("approval-1", "cancelled"));
        assertThat(tokens.size()).isZero();
    }

    @Test
    void noTokenIsKeptForAnApprovalThatHasClosedMeanwhile() {
        ask();
        apply(new ApprovalEvent.ApprovalWithdrawn("approval-1", "cancelled"));
        keep(CAST, clock.instant().plusSeconds(60));
        assertThat(tokens.size()).isZero();
    }

    @Test
    void tokensThatHaveEndedGoWithTheNextVote() {
        ask();
        keep(CAST, clock.instant());
        keep(new VoterTokens.Cast("approval-1", new Person(Holds.ISSUER, "dora")), clock.instant().plusSeconds(60));
        assertThat(tokens.of(CAST)).isNull();
        assertThat(tokens.size()).isEqualTo(1);
    }
}
