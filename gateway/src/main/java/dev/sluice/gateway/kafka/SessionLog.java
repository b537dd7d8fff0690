// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The chain of one session. Every method is called on the session's own event loop, and none blocks. */
public interface SessionLog {
    /**
     * Serialises the event, links it to the one before and queues it.
     *
     * @return its sequence, to be compared with {@link SessionLogListener#acknowledged}
     * @throws RecordRefused when the event cannot be recorded; the chain is as if it had not been tried, and the statement must not run
     */
    default long append(DomainEvent event) {
        return append(event, null);
    }

    /** As {@link #append(DomainEvent)}, naming the event that this one answers. */
    long append(DomainEvent event, @Nullable String causationId);

    /**
     * Queues part of an answer, on a topic of its own and outside of the chain.
     *
     * @param acknowledged called on the session's executor once Kafka has it
     * @throws RecordRefused when it cannot be queued
     */
    void keep(ResultRecorded result, Runnable acknowledged);

    /** The highest sequence that Kafka has acknowledged, -1 before the first. Everything below it is acknowledged too. */
    long acknowledgedThrough();

    /** Asks for a signed checkpoint now. One is made by itself every so many events. */
    void checkpoint();

    /**
     * Signs and appends session.closed, after which nothing can be appended.
     *
     * @return completes, on a thread of the recorder, with the sequence of session.closed once Kafka has acknowledged it
     */
    CompletionStage<Long> close(String reason, long statements, long durationMicros);
}
