// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.Topics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Writes what auditors do to {@code sluice.audit}. Safe for many threads. */
public final class KafkaAuditJournal implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 5;

    private final EventPublisher publisher;
    private final Envelopes envelopes;
    private final EventCodec codec = new EventCodec();

    private KafkaAuditJournal(EventPublisher publisher, Envelopes envelopes) {
        this.publisher = publisher;
        this.envelopes = envelopes;
    }

    /** Starts the thread that writes. A broker that is away fails the appends, not the start. */
    public static KafkaAuditJournal start(KafkaSettings kafka, Envelopes envelopes) {
        return new KafkaAuditJournal(EventPublisher.start(PublisherSettings.of(kafka, "sluice-audit-journal")), envelopes);
    }

    /** Completes when every in-sync replica has the event; fails when they have not within five seconds. It may still be written then. */
    public CompletionStage<?> append(String subject, AuditEvent event) {
        var acknowledged = new CompletableFuture<String>();
        boolean taken = publisher.publish(Topics.AUDIT, subject, codec.encode(envelopes.of(subject, subject, event)), new Delivery() {
            @Override
            public void acknowledged() {
                acknowledged.complete(subject);
            }

            @Override
            public void failed(Throwable cause) {
                acknowledged.completeExceptionally(cause);
            }
        });
        if (!taken) {
            return CompletableFuture.failedFuture(new IllegalStateException("too much waits to be written"));
        }
        return acknowledged.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        publisher.close();
    }
}
