// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

/** Told about the fate of a session's records, on the session's executor. */
public interface SessionLogListener {
    /** Every record up to this sequence is safe in Kafka. Many acknowledgements arrive as one call with the highest sequence. */
    void acknowledged(long throughSequence);

    /** Recording of this session has ended and what was not acknowledged may be lost: end the session. Called once, and nothing after it. */
    void failed(Throwable cause);
}
