// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Publishes envelopes, keyed by their subject. */
public final class Outbox {
    private final EventPublisher publisher;
    private final EventCodec codec;

    public Outbox(EventPublisher publisher, EventCodec codec) {
        this.publisher = publisher;
        this.codec = codec;
    }

    /** Never blocks. Completes when every in-sync replica has the event; exceptionally when Kafka never takes it or too much is waiting already. */
    public CompletionStage<Void> publish(Topic topic, EventEnvelope<?> envelope) {
        var delivered = new CompletableFuture<Void>();
        boolean queued = publisher.publish(topic, envelope.subject(), codec.encode(envelope), new Delivery() {
            @Override
            public void acknowledged() {
                delivered.complete(null);
            }

            @Override
            public void failed(Throwable cause) {
                delivered.completeExceptionally(cause);
            }
        });
        if (!queued) {
            delivered.completeExceptionally(new IllegalStateException("too many events wait for Kafka, or the service is closing"));
        }
        return delivered;
    }
}
