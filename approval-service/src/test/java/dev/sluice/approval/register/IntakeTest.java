// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever can write to the log of sessions without being a gateway must not put another text before people than the one that would run. */
final class IntakeTest {
    private int appended;
    private final ApprovalRegister register = new ApprovalRegister(10, 1 << 24);
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/test"), Clock.fixed(Holds.START, ZoneOffset.UTC), new Random(1));
    private final Intake intake = new Intake(
            register,
            envelope -> {
                appended++;
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
    void nobodyIsAskedAboutAHoldWhoseTimeIsOver() {
        assertThat(after(Holds.hold().expires(Holds.START).bound())).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(after(Holds.hold().expires(Holds.START.plusNanos(1)).bound())).isInstanceOf(ApprovalState.Open.class);
    }

    /** The sessions are read again, from far back, when the group's position is lost. */
    @Test
    void whatWasClosedSealedAndForgottenIsNotAskedForAgain() {
        for (int number = 0; number <= 10; number++) {
            var each = Holds.hold().id("approval-" + number).bound();
            after(each);
            register.apply(new RecordedEvent("withdrawn-" + number, Holds.START, new ApprovalWithdrawn(each.approvalId(), "cancelled")), new byte[0]);
            register.apply(new RecordedEvent("sealed-" + number, Holds.START, new ApprovalSealed(each.approvalId(), 2, "0".repeat(64), null)), new byte[0]);
        }
        var forgotten = Holds.hold().id("approval-0").bound();
        int before = appended;

        after(forgotten);
        intake.take(envelopes.of("session-1", "session-1", new StatementWithdrawn(forgotten.statementId(), forgotten.approvalId(), "cancelled")));

        assertThat(register.isForgotten(forgotten.approvalId())).isTrue();
        assertThat(appended).as("events of approvals").isEqualTo(before);
        assertThat(intake.hasRoomFor(forgotten)).as("it needs none").isTrue();
    }

    @Test
    void theSameRecordReadTwiceChangesNothing() {
        assertThat(after(held, held)).isInstanceOf(ApprovalState.Open.class);
    }
}
