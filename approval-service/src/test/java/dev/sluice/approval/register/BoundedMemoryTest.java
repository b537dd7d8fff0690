// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Closed;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.Envelopes;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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
            seal("a" + number);
            assertThat(register.sealedBytes()).isLessThanOrEqualTo(BOUND);
        }
        assertThat(closed("a99").held().query()).isEqualTo(LONG);
    }

    @Test
    void anOlderOneIsKnownWithoutItsStatementAndSaysSo() {
        for (int number = 0; number < 100; number++) {
            request("a" + number);
            withdraw("a" + number);
            seal("a" + number);
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
            apply(small, new ApprovalSealed(held.approvalId(), 2, "0".repeat(64), null));
            assertThat(small.sealedBytes()).isLessThanOrEqualTo(20_000);
        }
        assertThat(small.stateOf("a0")).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(small.stateOf("a99")).isInstanceOf(Closed.class);
        assertThat(small.isForgotten("a98")).as("known, or known to be over").isNotEqualTo(small.stateOf("a98") instanceof Closed);
    }

    @Test
    void whatIsForgottenIsNotOpenedAgainAndItsLateRecordsLeaveNothing() {
        var one = new ApprovalRegister(1, BOUND);
        for (int number = 0; number < 10; number++) {
            var held = Holds.hold().id("a" + number).held();
            apply(one, new ApprovalRequested(held.approvalId(), held));
            apply(one, new ApprovalWithdrawn(held.approvalId(), "cancelled"));
            apply(one, new ApprovalSealed(held.approvalId(), 2, "0".repeat(64), null));
        }
        apply(one, new ApprovalRequested("a0", Holds.hold().id("a0").held()));

        assertThat(one.stateOf("a0")).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(one.isForgotten("a0")).isTrue();
        assertThat(one.isLost("a0")).as("its verdict was sent").isFalse();
        assertThat(one.chainOf("a0")).isEqualTo(ApprovalChain.START);
    }

    @Test
    void recordsOfWhatWasNeverAskedLeaveNothingBehind() {
        for (int number = 0; number < 2_000; number++) {
            apply(register, new ApprovalWithdrawn("never-asked-" + number, "cancelled"));
            assertThat(register.chainOf("never-asked-" + number)).isEqualTo(ApprovalChain.START);
        }
        apply(register, new ApprovalRequested("never-asked-1999", hold("never-asked-1999").held()));
        assertThat(register.chainOf("never-asked-1999").records()).as("but count in the seal of one that is asked yet").isEqualTo(2);
    }

    @Test
    void whatIsNotSealedIsKeptWhateverIsClosedAfterIt() {
        var one = new ApprovalRegister(1, BOUND);
        for (int number = 0; number < 50; number++) {
            var held = hold("a" + number).held();
            apply(one, new ApprovalRequested(held.approvalId(), held));
            apply(one, new ApprovalWithdrawn(held.approvalId(), "cancelled"));
        }
        assertThat(one.stateOf("a0")).isInstanceOf(Closed.class);
        assertThat(one.unsettledBytes()).isBetween(1L, ApprovalRegister.UNSEALED_SHARE * BOUND);
    }

    @Test
    void unsealedOnesThatAreFarTooManyAreLostAndSaySo() {
        var small = new ApprovalRegister(10, 20_000);
        for (int number = 0; number < 50; number++) {
            var held = Holds.hold().id("a" + number).held();
            apply(small, new ApprovalRequested(held.approvalId(), held));
            apply(small, new ApprovalWithdrawn(held.approvalId(), "cancelled"));
            assertThat(small.unsettledBytes()).isLessThanOrEqualTo(ApprovalRegister.UNSEALED_SHARE * 20_000);
        }
        assertThat(small.isLost("a0") || !small.isForgotten("a0")).isTrue();
        assertThat(IntStream.range(0, 50).filter(number -> small.isLost("a" + number)).count()).isPositive();
        assertThat(small.isLost("a49")).isFalse();
    }

    @Test
    void whatNobodySealsForADayAfterItsEndCountsAsOver() {
        var one = new ApprovalRegister(1, BOUND);
        closeAt(one, "old", Holds.START);
        closeAt(one, "newer", Holds.START.plusSeconds(86_000));
        assertThat(one.stateOf("old")).isInstanceOf(Closed.class);
        closeAt(one, "newest", Holds.EXPIRY.plusSeconds(86_400));
        closeAt(one, "last", Holds.START.plusSeconds(86_400 * 3));

        assertThat(one.stateOf("old")).isInstanceOf(ApprovalState.Unasked.class);
        assertThat(one.stateOf("last")).isInstanceOf(Closed.class);
    }

    private void closeAt(ApprovalRegister to, String id, Instant at) {
        var held = Holds.hold().id(id).expires(at.plusSeconds(600)).held();
        to.apply(new RecordedEvent("e" + events++, at, new ApprovalRequested(id, held)), new byte[0]);
        to.apply(new RecordedEvent("e" + events++, at, new ApprovalWithdrawn(id, "cancelled")), new byte[0]);
    }

    @Test
    void noMoreAreAskedForWhileVerdictsWaitToBeSent() {
        var one = new ApprovalRegister(10, BOUND / 2);
        var intake = new Intake(one, _ -> CompletableFuture.completedFuture(null), new Envelopes(URI.create("/test"), Clock.systemUTC(), new Random(1)), BOUND);
        int opened = 0;
        while (intake.hasRoomFor(hold("a" + opened).held()) && opened < 100) {
            var held = hold("a" + opened++).held();
            apply(one, new ApprovalRequested(held.approvalId(), held));
            apply(one, new ApprovalWithdrawn(held.approvalId(), "cancelled"));
        }
        assertThat(opened).isLessThan(100);
        apply(one, new ApprovalSealed("a0", 2, "0".repeat(64), null));
        assertThat(intake.hasRoomFor(hold("another").held())).isTrue();
    }

    @Test
    void openApprovalsTakeBoundedMemory() {
        var intake = new Intake(register, _ -> CompletableFuture.completedFuture(null), new Envelopes(URI.create("/test"), Clock.systemUTC(), new Random(1)), BOUND);
        int opened = 0;
        while (intake.hasRoomFor(hold("a" + opened).held()) && opened < 100) {
            request("a" + opened++);
        }
        assertThat(register.unsettledBytes()).isBetween(BOUND / 2, BOUND);
        assertThat(intake.hasRoomFor(hold("a0").held())).as("it is open already").isTrue();
        withdraw("a0");
        seal("a0");
        assertThat(intake.hasRoomFor(hold("another").held())).isTrue();
    }

    @Test
    void noOpenApprovalLosesItsStatement() {
        request("open");
        for (int number = 0; number < 100; number++) {
            request("a" + number);
            withdraw("a" + number);
            seal("a" + number);
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

    private void seal(String id) {
        apply(register, new ApprovalSealed(id, 2, "0".repeat(64), null));
    }

    private void apply(ApprovalRegister to, ApprovalEvent event) {
        to.apply(new RecordedEvent("e" + events++, Holds.START, event), new byte[0]);
    }

    private Closed closed(String id) {
        return (Closed) register.stateOf(id);
    }
}
