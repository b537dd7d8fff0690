// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Journal;
import dev.sluice.approval.register.Verdicts;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
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
 * Sends the verdict of every approval whose closing event lies in a partition that this replica owns, and seals its history. A replica that has lost the
 * partition without noticing sends the same verdict under the same id: gateways act on the first and know the second.
 */
public final class VerdictSender implements RecordHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(VerdictSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventCodec codec;
    private final ApprovalRegister register;
    private final Verdicts verdicts;
    private final Outbox outbox;
    private final Journal journal;
    private final Envelopes envelopes;

    public VerdictSender(EventCodec codec, ApprovalRegister register, Verdicts verdicts, Outbox outbox, Journal journal, Envelopes envelopes) {
        this.codec = codec;
        this.register = register;
        this.verdicts = verdicts;
        this.outbox = outbox;
        this.journal = journal;
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
        var id = envelope.subject();
        if (!(register.stateOf(id) instanceof ApprovalState.Closed closed) || !closed.closedBy().equals(envelope.id())) {
            return;
        }
        var verdict = verdicts.answerTo(envelope.id(), closed);
        if (verdict != null) {
            sent.add(outbox.publish(Topics.VERDICTS, envelopes.following(envelope, id, verdict)).toCompletableFuture());
            LOGGER.atInfo()
                    .addKeyValue("approvalId", id)
                    .addKeyValue("sessionId", verdict.sessionId())
                    .addKeyValue("verdict", verdict.getClass().getSimpleName())
                    .log("verdict sent");
        }
        var chain = register.chainOf(id);
        var seal = new ApprovalSealed(id, chain.records(), chain.hash(), null);
        sent.add(journal.append(envelopes.following(envelope, id, seal)).toCompletableFuture());
    }
}
