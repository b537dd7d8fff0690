// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.register.Intake;
import dev.sluice.approval.register.Verdicts;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.RecordHandler;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.StatementDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code sluice.sessions} as a member of a group and has the intake act on it, one event after the other. */
public final class SessionReader implements RecordHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionReader.class);
    /** Well within the five minutes after which a group gives up a member. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventCodec codec;
    private final Intake intake;
    private final Verdicts verdicts;
    private final Outbox outbox;
    private final Envelopes envelopes;

    public SessionReader(EventCodec codec, Intake intake, Verdicts verdicts, Outbox outbox, Envelopes envelopes) {
        this.codec = codec;
        this.intake = intake;
        this.verdicts = verdicts;
        this.outbox = outbox;
        this.envelopes = envelopes;
    }

    @Override
    public void handle(List<ReceivedRecord> records) throws InterruptedException, ExecutionException, TimeoutException {
        for (var received : records) {
            var value = received.value();
            if (value == null) {
                continue;
            }
            switch (codec.decode(value)) {
                case Decoded.Known(var envelope) -> take(envelope);
                // A hold that this version can't read is opened by nobody, and expires.
                case Decoded.UnknownType _ -> {}
                case Decoded.Malformed(var reason) ->
                    LOGGER.atWarn().addKeyValue("record", received.position()).addKeyValue("reason", reason).log("record passed over");
            }
        }
    }

    private void take(EventEnvelope<?> envelope) throws InterruptedException, ExecutionException, TimeoutException {
        if (envelope.data() instanceof StatementHeld held && !intake.hasRoomFor(held)) {
            refuse(envelope, held, "as many statements wait for approval already as there is memory for; try again when some of them have been decided");
            return;
        }
        try {
            await(intake.take(envelope));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof RecordTooLargeException) || !(envelope.data() instanceof StatementHeld held)) {
                throw e;
            }
            refuse(envelope, held, "the statement is too large to be put before an approver");
        }
    }

    private void refuse(EventEnvelope<?> envelope, StatementHeld held, String reason) throws InterruptedException, ExecutionException, TimeoutException {
        if (!held.statementDigest().equals(StatementDigest.bound(held))) {
            // What would be signed is an answer to the hold that has this digest, and this is another.
            LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("reason", reason).log("a hold whose digest is not its own is not even refused");
            return;
        }
        LOGGER.atWarn().addKeyValue("approvalId", held.approvalId()).addKeyValue("reason", reason).log("no approval can be opened for a statement, refused");
        var refusal = verdicts.refused(held, reason, envelope.time());
        await(outbox.publish(Topics.VERDICTS, envelopes.following(envelope, held.approvalId(), refusal)));
    }

    private static void await(CompletionStage<Void> stage) throws InterruptedException, ExecutionException, TimeoutException {
        stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
