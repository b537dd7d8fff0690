// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState.Closed;
import dev.sluice.approval.decider.ApprovalState.Unasked;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two replicas on one log, one with room for a single closed approval, one with room for all: they say the same of what both know, and what the small one has
 * forgotten is closed and sealed in the large one. Records come in any order, and again.
 */
final class ForgettingSimulationTest {
    private static final int SEEDS = 500;
    private static final int APPROVALS = 12;

    private record Written(RecordedEvent event, byte[] record) {}

    @Test
    void whoeverForgetsOpensNothingAndLosesNothing() {
        int forgotten = 0;
        int late = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var small = new ApprovalRegister(1, 1 << 20);
            var large = new ApprovalRegister(10_000, 1 << 24);
            var written = new ArrayList<Written>();
            Set<String> sealed = new HashSet<>();
            for (int step = 0; step < 150; step++) {
                var next = !written.isEmpty() && random.nextInt(4) == 0 ? written.get(random.nextInt(written.size())) : write(random, step, large);
                written.add(next);
                var id = next.event().event().approvalId();
                late += small.isForgotten(id) ? 1 : 0;
                if (next.event().event() instanceof ApprovalSealed && large.stateOf(id) instanceof Closed) {
                    sealed.add(id);
                }
                for (var register : List.of(small, large)) {
                    register.apply(next.event(), next.record());
                }
                agree(seed, small, large, sealed);
            }
            for (int number = 0; number < APPROVALS; number++) {
                forgotten += small.isForgotten("a" + number) ? 1 : 0;
            }
        }
        assertThat(forgotten).as("approvals that were forgotten").isGreaterThan(SEEDS);
        assertThat(late).as("records of forgotten ones").isGreaterThan(SEEDS);
    }

    private static void agree(long seed, ApprovalRegister small, ApprovalRegister large, Set<String> sealed) {
        for (int number = 0; number < APPROVALS; number++) {
            var id = "a" + number;
            if (small.isForgotten(id)) {
                assertThat(large.stateOf(id)).as("seed %s: %s", seed, id).isInstanceOf(Closed.class);
                assertThat(sealed).as("seed %s: only what is sealed is forgotten", seed).contains(id);
                assertThat(small.isLost(id)).as("seed %s: nothing is lost", seed).isFalse();
                assertThat(small.stateOf(id)).as("seed %s: %s is not opened again", seed, id).isInstanceOf(Unasked.class);
                assertThat(small.chainOf(id)).as("seed %s: nothing is left of %s", seed, id).isEqualTo(ApprovalChain.START);
            } else {
                assertThat(small.stateOf(id)).as("seed %s: %s", seed, id).isEqualTo(large.stateOf(id));
                assertThat(small.chainOf(id)).as("seed %s: %s", seed, id).isEqualTo(large.chainOf(id));
            }
        }
    }

    private static Written write(Random random, int step, ApprovalRegister large) {
        var id = "a" + random.nextInt(APPROVALS);
        var held = Holds.hold().id(id).expires(Holds.START.plusSeconds(100)).held();
        Instant at = Holds.START.plusSeconds(step);
        ApprovalEvent event = switch (random.nextInt(6)) {
            case 0 -> new ApprovalWithdrawn(id, "cancelled");
            case 1 -> new ApprovalExpired(id);
            case 2 -> new ApprovalVoted(id, Holds.person("bob", "dba"), Vote.APPROVE, null, held.statementDigest(), null, null);
            case 3 -> new ApprovalSealed(id, large.chainOf(id).records(), large.chainOf(id).hash(), null);
            default -> new ApprovalRequested(id, held);
        };
        return new Written(new RecordedEvent("e" + step, at, event), ("e" + step).getBytes(StandardCharsets.US_ASCII));
    }
}
