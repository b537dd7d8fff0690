// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import java.util.concurrent.Executor;

/**
 * Records what sessions do, one record per event, in order, each linked to the one before it, until Kafka has acknowledged it.
 * Nothing that was appended is lost while this process lives: an outage of Kafka is waited out and everything is sent again in order.
 */
public interface Recorder {
    /**
     * Starts the chain of a session.
     *
     * @param source the writing process, {@code /sluice/gateway/<instance>}
     * @param executor where the listener is called and where checkpoints are appended: the event loop context that calls {@link SessionLog#append}
     */
    SessionLog open(String sessionId, String source, Executor executor, SessionLogListener listener);

    /**
     * Whether a new statement may be accepted. False when the oldest record without acknowledgement is older than the configured bound,
     * or when the queue has reached its bound: then refuse new statements with 58030. Turns true again by itself. Cheap: ask per statement.
     */
    boolean healthy();

    /** Whether parts of answers may be kept now. Where not, let the server wait: what it sends would find no room. Cheap. */
    default boolean takesResults() {
        return true;
    }

    /** One sentence on why {@link #healthy()} is false, for an error's detail; empty when it is true. */
    String condition();
}
