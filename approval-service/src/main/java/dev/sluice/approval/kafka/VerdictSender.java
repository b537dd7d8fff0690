// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Verdicts;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.RecordHandler;
import dev.sluice.schemas.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the verdict of every approval whose closing event lies in a partition that this replica owns. A replica that has lost the
 * partition without noticing sends the same verdict under the same id: gateways act on the first and know the second.
 */
public final class VerdictSender implements RecordHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(VerdictSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventCodec codec;
    private final ApprovalRegister register;
    private final Verdicts verdicts;
    private final Outbox outbox;
    private final Envelopes envelopes;

    public VerdictSender(EventCodec codec, ApprovalRegister register, Verdicts verdicts, Outbox outbox, Envelopes envelopes) {
        this.codec = codec;
        this.register = register;
        this.verdicts = verdicts;
        this.outbox = outbox;
        this.envelopes = envelopes;
    }

    /** The group's position moves on only when Kafka has the verdicts, so none is lost with its owner. */
    @Override
    public void handle(List<ReceivedRecord> records) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var sent = new ArrayList<CompletableFuture<Void>>();
        for (var received : records) {
            var value = received.value();
            if (value != null && codec.decode(value) instanceof Decoded.Known(var envelope)) {
                if (!register.awaitApplied(received.partition(), received.offset(), deadline)) {
                    throw new TimeoutException("the log of approvals has not been read as far as " + received.position());
                }
                sendIfItCloses(envelope, sent);
            }
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void sendIfItCloses(EventEnvelope<?> envelope, List<CompletableFuture<Void>> sent) {
        var verdict = verdicts.answerTo(envelope.id(), register.stateOf(envelope.subject()));
        if (verdict != null) {
            sent.add(outbox.publish(Topics.VERDICTS, envelopes.following(envelope, envelope.subject(), verdict)).toCompletableFuture());
            LOGGER.atInfo()
                    .addKeyValue("approvalId", verdict.approvalId())
                    .addKeyValue("sessionId", verdict.sessionId())
                    .addKeyValue("verdict", verdict.getClass().getSimpleName())
                    .log("verdict sent");
        }
    }
}
