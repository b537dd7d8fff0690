// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what auditors do to {@code sluice.audit}: signed, and as a chain, so that whoever can write to the topic can neither add, change nor take
 * out any of it unseen. Safe for many threads.
 */
public final class KafkaAuditJournal implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 5;

    private final EventPublisher publisher;
    private final Envelopes envelopes;
    private final SigningKey key;
    private final EventCodec codec = new EventCodec();
    private final Lock lock = new ReentrantLock();
    private Journal journal = new Journal();

    /** The chain of one process, or of as much of its life as the log took everything that it was given. */
    private static final class Journal {
        private final String id = UUID.randomUUID().toString();
        private final HashChain chain = new HashChain();
        private long next;
    }

    private KafkaAuditJournal(EventPublisher publisher, Envelopes envelopes, SigningKey key) {
        this.publisher = publisher;
        this.envelopes = envelopes;
        this.key = key;
    }

    /** Starts the thread that writes. A broker that is away fails the appends, not the start. */
    public static KafkaAuditJournal start(KafkaSettings kafka, Envelopes envelopes, SigningKey key) {
        return new KafkaAuditJournal(EventPublisher.start(PublisherSettings.of(kafka, "sluice-audit-journal")), envelopes, key);
    }

    /** Completes when every in-sync replica has the event; fails when they have not within five seconds. It may still be written then. */
    public CompletionStage<?> append(AuditEvent event) {
        var acknowledged = new CompletableFuture<String>();
        lock.lock();
        try {
            Journal current = journal;
            byte[] record = codec.encode(SignedRecord.signAudit(placed(current, envelopes.of(current.id, current.id, event)), key, codec));
            boolean taken = publisher.publish(Topics.AUDIT, current.id, record, new Delivery() {
                @Override
                public void acknowledged() {
                    acknowledged.complete(current.id);
                }

                @Override
                public void failed(Throwable cause) {
                    end(current);
                    acknowledged.completeExceptionally(cause);
                }
            });
            if (!taken) {
                return CompletableFuture.failedFuture(new IllegalStateException("too much waits to be written"));
            }
            current.chain.add(record);
            current.next++;
        } finally {
            lock.unlock();
        }
        return acknowledged.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static EventEnvelope<AuditEvent> placed(Journal journal, EventEnvelope<AuditEvent> event) {
        return new EventEnvelope<>(
                event.specversion(),
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.datacontenttype(),
                event.dataschema(),
                event.correlationid(),
                event.causationid(),
                journal.next,
                journal.chain.last(),
                event.data());
    }

    /** What comes after a record that is not in the log could not be proven to follow it. */
    private void end(Journal broken) {
        lock.lock();
        try {
            if (journal == broken) {
                journal = new Journal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
