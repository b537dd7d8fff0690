// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

/** An event cannot be recorded, so what it describes must not happen. */
public final class RecordRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Larger than a record may be: refuse the statement with 54000. */
        TOO_LARGE,
        /** Kafka is away and the queue is beyond its bound: refuse with 58030 and end the session. */
        QUEUE_FULL,
        /** The log has been closed or the recorder is shutting down. */
        CLOSED
    }

    private final Reason reason;

    RecordRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
