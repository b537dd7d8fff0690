// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.net.URI;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever can write to the log of sessions without being a gateway must not put another text before people than the one that would run. */
final class IntakeTest {
    private final ApprovalRegister register = new ApprovalRegister(10, 1 << 24);
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/test"), Clock.systemUTC(), new Random(1));
    private final Intake intake = new Intake(
            register,
            envelope -> {
                register.apply(new RecordedEvent(envelope.id(), envelope.time(), (ApprovalEvent) envelope.data()), new byte[0]);
                return CompletableFuture.completedFuture(null);
            },
            envelopes,
            1 << 24);

    private final StatementHeld held = Holds.hold().bound();

    private ApprovalState after(StatementHeld... holds) {
        for (StatementHeld each : holds) {
            intake.take(envelopes.of(each.sessionId(), each.sessionId(), each));
        }
        return register.stateOf(held.approvalId());
    }

    @Test
    void nobodyIsAskedAboutATextThatHasTheDigestOfAnother() {
        StatementHeld forged = Holds.hold().query("SELECT 1").held().under(held.statementDigest());

        assertThat(after(forged)).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(after(held)).as("the gateway's own, which comes after it").isInstanceOf(ApprovalState.Open.class);
    }

    @Test
    void anotherHoldWithTheSameIdEndsTheApproval() {
        assertThat(after(Holds.hold().query("SELECT 1").bound(), held))
                .isInstanceOfSatisfying(ApprovalState.Closed.class, closed -> assertThat(closed.outcome())
                        .isInstanceOfSatisfying(Outcome.Withdrawn.class, withdrawn -> assertThat(withdrawn.reason()).contains("another hold came under the same approval id")));
    }

    @Test
    void theSameRecordReadTwiceChangesNothing() {
        assertThat(after(held, held)).isInstanceOf(ApprovalState.Open.class);
    }
}
