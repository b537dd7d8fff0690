// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts envelopes around events that belong to no session chain: approvals and verdicts. One per writing process; safe for many threads if {@code random} is. */
public final class Envelopes {
    private final URI source;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param source the writing process, {@code /sluice/<service>/<instance>} */
    public Envelopes(URI source, Clock clock, RandomGenerator random) {
        this.source = source;
        this.clock = clock;
        this.random = random;
    }

    /** A new fact: a UUIDv7 as its id, and no cause. */
    public <E extends DomainEvent> EventEnvelope<E> of(String subject, String sessionId, E data) {
        Instant now = clock.instant();
        return envelope(EventIds.next(now, random).toString(), subject, sessionId, null, now, data);
    }

    /** A fact that follows from another event: its id is derived from that event's. */
    public <E extends DomainEvent> EventEnvelope<E> following(EventEnvelope<?> cause, String subject, E data) {
        return following(cause, subject, cause.correlationid(), data);
    }

    /** As {@link #following(EventEnvelope, String, DomainEvent)}, about another session than the one that caused it. */
    public <E extends DomainEvent> EventEnvelope<E> following(EventEnvelope<?> cause, String subject, String sessionId, E data) {
        String id = EventIds.derived(cause.id(), EventTypes.of(data), subject).toString();
        return envelope(id, subject, sessionId, cause.id(), clock.instant(), data);
    }

    private <E extends DomainEvent> EventEnvelope<E> envelope(
            String id, String subject, String sessionId, @Nullable String causationId, Instant now, E data) {
        EventTypes.Entry entry = EventTypes.entryOf(data);
        return new EventEnvelope<>(
                "1.0", id, source, entry.type(), subject, now, "application/json", entry.schema(), sessionId, causationId, null, null, data);
    }
}
