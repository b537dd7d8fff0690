// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Closed;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.Envelopes;
import java.net.URI;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What others make long takes no more memory than it may, however many there are. */
final class BoundedMemoryTest {
    private static final long BOUND = 1 << 20;
    private static final String LONG = "DELETE FROM orders -- " + "x".repeat(100_000);

    private final ApprovalRegister register = new ApprovalRegister(10_000, BOUND);
    private int events;

    @Test
    void closedApprovalsTakeBoundedMemoryAndTheLatestStayWhole() {
        for (int number = 0; number < 100; number++) {
            request("a" + number);
            withdraw("a" + number);
            assertThat(register.closedBytes()).isLessThanOrEqualTo(BOUND);
        }
        assertThat(closed("a99").held().query()).isEqualTo(LONG);
    }

    @Test
    void anOlderOneIsKnownWithoutItsStatementAndSaysSo() {
        for (int number = 0; number < 100; number++) {
            request("a" + number);
            withdraw("a" + number);
        }
        var old = closed("a0");
        assertThat(old.held().query()).isEqualTo("(no longer kept here: 100022 bytes of statement and parameters, which the record of the session has)");
        assertThat(old.held().statementDigest()).isEqualTo("digest-of-a0");
        assertThat(old.outcome()).isEqualTo(new Outcome.Withdrawn("cancelled"));
        request("a0");
        assertThat(register.stateOf("a0")).as("what was asked is not asked again").isEqualTo(old);
    }

    @Test
    void whatIsTooMuchEvenWithoutItsStatementIsForgotten() {
        var small = new ApprovalRegister(10_000, 20_000);
        for (int number = 0; number < 100; number++) {
            var held = Holds.hold().id("a" + number).query("DELETE").held();
            apply(small, new ApprovalRequested(held.approvalId(), held));
            apply(small, new ApprovalWithdrawn(held.approvalId(), "cancelled"));
            assertThat(small.closedBytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(small.stateOf("a0")).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(small.stateOf("a99")).isInstanceOf(Closed.class);
    }

    @Test
    void openApprovalsTakeBoundedMemory() {
        var intake = new Intake(register, _ -> CompletableFuture.completedFuture(null), new Envelopes(URI.create("/test"), Clock.systemUTC(), new Random(1)), BOUND);
        int opened = 0;
        while (intake.hasRoomFor(hold("a" + opened).held()) && opened < 100) {
            request("a" + opened++);
        }
        assertThat(register.openBytes()).isBetween(BOUND / 2, BOUND);
        assertThat(intake.hasRoomFor(hold("a0").held())).as("it is open already").isTrue();
        withdraw("a0");
        assertThat(intake.hasRoomFor(hold("another").held())).isTrue();
    }

    @Test
    void noOpenApprovalLosesItsStatement() {
        request("open");
        for (int number = 0; number < 100; number++) {
            request("a" + number);
            withdraw("a" + number);
        }
        assertThat(register.stateOf("open")).isInstanceOfSatisfying(ApprovalState.Open.class, open -> assertThat(open.held().query()).isEqualTo(LONG));
    }

    private static Holds hold(String id) {
        return Holds.hold().id(id).query(LONG);
    }

    private void request(String id) {
        apply(register, new ApprovalRequested(id, hold(id).held()));
    }

    private void withdraw(String id) {
        apply(register, new ApprovalWithdrawn(id, "cancelled"));
    }

    private void apply(ApprovalRegister to, ApprovalEvent event) {
        to.apply(new RecordedEvent("e" + events++, Holds.START, event), new byte[0]);
    }

    private Closed closed(String id) {
        return (Closed) register.stateOf(id);
    }
}
