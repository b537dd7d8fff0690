// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.gateway.kafka.RecordRefused.Reason;
import dev.sluice.schemas.chain.ChainSeal;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventIds;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.Topics;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's chain. Sequence and chain belong to the session's event loop until {@link #close}, then to the signing thread. What the
 * producer's thread reports goes through {@link Acknowledgements}.
 */
final class KafkaSessionLog implements SessionLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaSessionLog.class);
    private static final long RETRY_CLOSE_MILLIS = 200;

    private final KafkaRecorder recorder;
    private final String sessionId;
    private final int lane;
    private final URI source;
    private final Acknowledgements acknowledgements;
    private final HashChain chain = new HashChain();
    private final CompletableFuture<Long> closeAcknowledged = new CompletableFuture<>();

    private long nextSequence;
    private long nextCheckpoint;
    private boolean signing;
    private boolean closed;

    KafkaSessionLog(KafkaRecorder recorder, String sessionId, int lane, URI source, Executor executor, SessionLogListener listener) {
        this.recorder = recorder;
        this.sessionId = sessionId;
        this.lane = lane;
        this.source = source;
        this.acknowledgements = new Acknowledgements(executor, listener);
        this.nextCheckpoint = recorder.settings.checkpointEvery();
    }

    @Override
    public long append(DomainEvent event, @Nullable String causationId) {
        if (closed) {
            throw new RecordRefused(Reason.CLOSED, "the log of this session is closed");
        }
        long sequence = -1;
        for (DomainEvent part : LongTexts.apart(event, recorder.settings.textLimit())) {
            sequence = write(part, causationId);
        }
        if (nextSequence >= nextCheckpoint) {
            checkpoint();
        }
        return sequence;
    }

    private long write(DomainEvent event, @Nullable String causationId) {
        if (acknowledgements.hasFailed()) {
            throw new RecordRefused(Reason.CLOSED, "recording of this session has failed");
        }
        return queue(recorder.codec.encode(envelope(recorder.clock.instant(), event, causationId)), !(event instanceof StatementEvent.StatementCompleted));
    }

    @Override
    public void keep(ResultRecorded result, Runnable acknowledged) {
        if (closed || acknowledgements.hasFailed()) {
            throw new RecordRefused(Reason.CLOSED, "the log of this session is closed");
        }
        Instant now = recorder.clock.instant();
        var envelope = new EventEnvelope<DomainEvent>(
                "1.0",
                EventIds.next(now, recorder.random).toString(),
                source,
                EventTypes.of(result),
                sessionId,
                now,
                "application/json",
                EventTypes.schemaOf(result),
                sessionId,
                null,
                null,
                null,
                result);
        Delivery delivery = new Delivery() {
            @Override
            public void acknowledged() {
                acknowledgements.onSession(acknowledged);
            }

            @Override
            public void failed(Throwable cause) {
                acknowledgements.failed(cause);
            }
        };
        if (!recorder.results().publish(Topics.RESULTS, sessionId, lane, recorder.codec.encode(envelope), true, delivery)) {
            throw new RecordRefused(Reason.QUEUE_FULL, "too much of kept answers waits for Kafka's acknowledgement");
        }
    }

    private EventEnvelope<DomainEvent> envelope(Instant now, DomainEvent event, @Nullable String causationId) {
        return new EventEnvelope<>(
                "1.0",
                EventIds.next(now, recorder.random).toString(),
                source,
                EventTypes.of(event),
                sessionId,
                now,
                "application/json",
                EventTypes.schemaOf(event),
                sessionId,
                causationId,
                nextSequence,
                chain.last(),
                event);
    }

    private long queue(byte[] record, boolean urgent) {
        long sequence = nextSequence;
        if (record.length > EventCodec.MAX_BYTES) {
            throw new RecordRefused(Reason.TOO_LARGE, "the event has " + record.length + " bytes, a record may have " + EventCodec.MAX_BYTES);
        }
        if (!recorder.publisher.publish(Topics.SESSIONS, sessionId, lane, record, urgent, deliveryOf(sequence))) {
            throw new RecordRefused(Reason.QUEUE_FULL, "too much waits for Kafka's acknowledgement");
        }
        chain.add(record);
        nextSequence = sequence + 1;
        return sequence;
    }

    private Delivery deliveryOf(long sequence) {
        return new Delivery() {
            @Override
            public void acknowledged() {
                acknowledgements.acknowledged(sequence);
            }

            @Override
            public void failed(Throwable cause) {
                acknowledgements.failed(cause);
                closeAcknowledged.completeExceptionally(cause);
            }
        };
    }

    @Override
    public long acknowledgedThrough() {
        return acknowledgements.through();
    }

    @Override
    public void checkpoint() {
        if (signing || closed || nextSequence == 0) {
            return;
        }
        signing = true;
        nextCheckpoint = nextSequence + recorder.settings.checkpointEvery();
        var seal = new ChainSeal(sessionId, nextSequence - 1, chain.last());
        try {
            recorder.signer.execute(() -> {
                String signature = seal.sign(recorder.key);
                acknowledgements.onSession(() -> appendCheckpoint(seal, signature));
            });
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().addKeyValue("sessionId", sessionId).log("no checkpoint: the recorder is closed");
        }
    }

    private void appendCheckpoint(ChainSeal seal, String signature) {
        signing = false;
        if (closed) {
            return;
        }
        try {
            write(new SessionCheckpointed(seal.sequence(), seal.chainHash(), signature), null);
        } catch (RecordRefused e) {
            // The next one covers what this one would have.
            LOGGER.atDebug().addKeyValue("sessionId", sessionId).addKeyValue("reason", e.reason()).log("checkpoint left out");
        }
    }

    @Override
    public CompletionStage<Long> close(String reason, long statements, long durationMicros) {
        if (!closed) {
            closed = true;
            try {
                recorder.signer.execute(() -> writeEnd(reason, statements, durationMicros));
            } catch (RejectedExecutionException e) {
                closeAcknowledged.completeExceptionally(new RecordRefused(Reason.CLOSED, "the recorder is closed"));
            }
        }
        return closeAcknowledged.minimalCompletionStage();
    }

    /** On the signing thread, which owns the chain now. */
    private void writeEnd(String reason, long statements, long durationMicros) {
        try {
            if (acknowledgements.hasFailed()) {
                throw new RecordRefused(Reason.CLOSED, "recording of this session has failed");
            }
            var seal = new ChainSeal(sessionId, nextSequence - 1, chain.last());
            long end = nextSequence;
            acknowledgements.whenThrough(end, () -> closeAcknowledged.complete(end));
            var unsigned = envelope(recorder.clock.instant(), new SessionClosed(reason, statements, durationMicros, seal.chainHash(), ""), null);
            String signature = seal.signEnd(recorder.key, recorder.codec.encode(unsigned));
            var signed = new SessionClosed(reason, statements, durationMicros, seal.chainHash(), signature);
            queue(recorder.codec.encode(unsigned.with(signed)), true);
        } catch (RecordRefused e) {
            if (e.reason() != Reason.QUEUE_FULL || recorder.signer.isShutdown()) {
                closeAcknowledged.completeExceptionally(e);
                return;
            }
            recorder.signer.schedule(() -> writeEnd(reason, statements, durationMicros), RETRY_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            closeAcknowledged.completeExceptionally(e);
        }
    }
}
