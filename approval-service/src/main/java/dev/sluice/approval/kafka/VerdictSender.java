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
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.RecordHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    private final VerdictFeed feed;
    private final Journal journal;
    private final Envelopes envelopes;

    /** The feed that gateways read. */
    @FunctionalInterface
    interface VerdictFeed {
        /** Completes when Kafka has it for good, exceptionally when it never will. */
        CompletionStage<Void> send(EventEnvelope<VerdictEvent> verdict);
    }

    VerdictSender(EventCodec codec, ApprovalRegister register, Verdicts verdicts, VerdictFeed feed, Journal journal, Envelopes envelopes) {
        this.codec = codec;
        this.register = register;
        this.verdicts = verdicts;
        this.feed = feed;
        this.journal = journal;
        this.envelopes = envelopes;
    }

    /**
     * The group's position moves on only when Kafka has the verdicts, so none is lost with its owner. They are sealed after that, since what is sealed may be
     * forgotten.
     */
    @Override
    public void handle(List<ReceivedRecord> records) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var sent = new ArrayList<CompletableFuture<Void>>();
        var seals = new ArrayList<EventEnvelope<ApprovalSealed>>();
        for (var received : records) {
            var value = received.value();
            if (value != null && codec.decode(value) instanceof Decoded.Known(var envelope)) {
                if (!register.awaitApplied(received.partition(), received.offset(), deadline)) {
                    throw new TimeoutException("the log of approvals has not been read as far as " + received.position());
                }
                sendIfItCloses(envelope, sent, seals);
            }
        }
        await(sent, deadline);
        await(seals.stream().map(seal -> journal.append(seal).toCompletableFuture()).toList(), deadline);
    }

    private static void await(List<CompletableFuture<Void>> sent, long deadline) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** An approval that is not there any more is sealed already, except where the register says that it was lost. */
    private void sendIfItCloses(EventEnvelope<?> envelope, List<CompletableFuture<Void>> sent, List<EventEnvelope<ApprovalSealed>> seals) {
        var id = envelope.subject();
        var chain = register.chainOf(id);
        if (!(register.stateOf(id) instanceof ApprovalState.Closed closed) || !closed.closedBy().equals(envelope.id())) {
            if (register.isLost(id)) {
                LOGGER.atError().addKeyValue("approvalId", id).addKeyValue("event", envelope.id())
                        .log("no verdict can be sent: the approval was forgotten before it was sealed. Its client waits until the hold's end");
            }
            return;
        }
        var verdict = verdicts.answerTo(envelope.id(), closed);
        if (verdict != null) {
            sent.add(feed.send(envelopes.following(envelope, id, verdict)).toCompletableFuture());
            LOGGER.atInfo()
                    .addKeyValue("approvalId", id)
                    .addKeyValue("sessionId", verdict.sessionId())
                    .addKeyValue("verdict", verdict.getClass().getSimpleName())
                    .log("verdict sent");
        }
        seals.add(envelopes.following(envelope, id, new ApprovalSealed(id, chain.records(), chain.hash(), null)));
    }
}
