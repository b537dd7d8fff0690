// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.kafka.EventFeed;
import dev.sluice.schemas.kafka.FeedHealth;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code sluice.tickets} and {@code sluice.verdicts} from their beginnings, all partitions, without a group: every gateway sees every ticket
 * and every verdict, those from before its start too, since tickets outlive gateways. A record may come more than once.
 */
public final class VerdictFeed implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(VerdictFeed.class);

    private final EventCodec codec = new EventCodec();
    private final AtomicLong notUnderstood = new AtomicLong();
    private final VerdictHandler handler;
    private final TicketHandler tickets;
    private final EventFeed feed;

    private VerdictFeed(KafkaSettings kafka, String name, VerdictHandler handler, TicketHandler tickets) {
        this.handler = handler;
        this.tickets = tickets;
        this.feed = EventFeed.fromBeginning(kafka, name, List.of(Topics.TICKETS, Topics.VERDICTS), records -> records.forEach(this::read));
    }

    /** @param name names the reader in Kafka's logs and metrics */
    public static VerdictFeed start(KafkaSettings kafka, String name, VerdictHandler handler, TicketHandler tickets) {
        return new VerdictFeed(kafka, name, handler, tickets);
    }

    /** Completes when everything that was there at the start has been handled, and no verdict can be missed any more. Hold nothing before; completes on the feed's thread. */
    public Future<Void> ready() {
        return Future.fromCompletionStage(feed.caughtUp()).mapEmpty();
    }

    public FeedHealth health() {
        return feed.health();
    }

    /** Records that were no verdict and no ticket this version understands. They release nothing. */
    public long notUnderstood() {
        return notUnderstood.get();
    }

    @Override
    public void close() {
        feed.close();
    }

    private void read(ReceivedRecord received) {
        byte[] value = received.value();
        if (value == null) {
            return;
        }
        switch (codec.decode(value)) {
            case Decoded.Known(EventEnvelope<?> envelope) when envelope.data() instanceof VerdictEvent verdict ->
                hand(envelope.id(), verdict);
            case Decoded.Known(EventEnvelope<?> envelope) when envelope.data() instanceof TicketEvent ticket && ticket.key().equals(received.key()) ->
                hand(ticket, envelope);
            case Decoded.Known(EventEnvelope<?> envelope) -> passOver(received, envelope.type() + " is neither verdict nor ticket");
            case Decoded.UnknownType(String id, String type, String subject) -> passOver(received, "unknown type " + type);
            case Decoded.Malformed(String reason) -> passOver(received, reason);
        }
    }

    /** A handler that fails on one verdict must not keep the others from their holds. The hold it was for expires. */
    private void hand(String eventId, VerdictEvent verdict) {
        try {
            handler.verdict(eventId, verdict);
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).addKeyValue("eventId", eventId).addKeyValue("approvalId", verdict.approvalId()).log("a verdict could not be handled");
        }
    }

    /** Nor one that fails on a ticket, which is then not opened, or not used: its client is told that it could not be. */
    private void hand(TicketEvent ticket, EventEnvelope<?> envelope) {
        try {
            tickets.ticket(ticket, envelope.time());
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).addKeyValue("eventId", envelope.id()).addKeyValue("approvalId", ticket.approvalId()).log("a ticket could not be handled");
        }
    }

    private void passOver(ReceivedRecord received, String reason) {
        notUnderstood.incrementAndGet();
        LOGGER.atWarn().addKeyValue("record", received.position()).addKeyValue("reason", reason).log("a record on the topics of verdicts and tickets is passed over");
    }
}
