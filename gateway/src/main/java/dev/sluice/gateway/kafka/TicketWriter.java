// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to {@code sluice.tickets}. Whether a record counts is told by reading it back. */
public final class TicketWriter implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TicketWriter.class);

    private final EventCodec codec = new EventCodec();
    private final Envelopes envelopes;
    private final EventPublisher publisher;

    private TicketWriter(EventPublisher publisher, Envelopes envelopes) {
        this.publisher = publisher;
        this.envelopes = envelopes;
    }

    /** @param clientId names the producer in Kafka's logs and metrics */
    public static TicketWriter start(KafkaSettings kafka, String clientId, Envelopes envelopes) {
        return new TicketWriter(EventPublisher.start(PublisherSettings.of(kafka, clientId)), envelopes);
    }

    /** Never blocks. False when too much waits for Kafka already. */
    public boolean append(TicketEvent event) {
        String sessionId = switch (event) {
            case TicketEvent.TicketOpened opened -> opened.sessionId();
            case TicketEvent.TicketClaimed claimed -> claimed.sessionId();
        };
        return publisher.publish(Topics.TICKETS, event.key(), codec.encode(envelopes.of(event.key(), sessionId, event)), new Delivery() {
            @Override
            public void acknowledged() {}

            @Override
            public void failed(Throwable cause) {
                LOGGER.atError().setCause(cause).addKeyValue("approvalId", event.approvalId()).log("a ticket could not be written");
            }
        });
    }

    @Override
    public void close() {
        publisher.close();
    }
}
