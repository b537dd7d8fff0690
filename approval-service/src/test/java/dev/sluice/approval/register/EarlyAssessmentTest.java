// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.SessionEvent.ImpactAssessed;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The gateway tells what a statement would do in another session, which may be read before the request is back from the log. */
final class EarlyAssessmentTest {
    private static final Impact IMPACT = new Impact("evidence", 1L, 1L, null, List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of());

    private final ApprovalRegister register = new ApprovalRegister(10, 1 << 24);
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/test"), Clock.fixed(Holds.START, ZoneOffset.UTC), new Random(1));
    private final List<String> sessions = new ArrayList<>();
    private final Intake intake = new Intake(
            register,
            envelope -> {
                sessions.add(envelope.correlationid());
                register.apply(new RecordedEvent(envelope.id(), envelope.time(), (ApprovalEvent) envelope.data()), new byte[0]);
                return CompletableFuture.completedFuture(null);
            },
            envelopes,
            1 << 24);

    @Test
    void anAssessmentWaitsForItsRequest() {
        var held = Holds.hold().bound();
        var early = envelopes.of("evidence", "evidence", new ImpactAssessed(held.approvalId(), IMPACT));
        intake.take(early);

        intake.take(envelopes.of(held.sessionId(), held.sessionId(), held));

        assertThat(((Asked) register.stateOf(held.approvalId())).impact()).isEqualTo(IMPACT);
        assertThat(sessions).as("all are found with the session that asked").containsOnly(held.sessionId());
    }
}
