// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.kafka.KafkaSettings;
import java.time.Duration;

/**
 * How a gateway records.
 *
 * @param clientId names this gateway in Kafka's logs and metrics
 * @param unhealthyAfter age of the oldest record without acknowledgement from which new statements are refused
 * @param queueBytes bytes without acknowledgement from which new statements are refused. What already runs may still record its end: the
 *     queue takes twice as much before it takes nothing
 * @param checkpointEvery events of a session between two signed checkpoints
 * @param linger see {@code PublisherSettings}
 * @param compression see {@code PublisherSettings}
 */
public record RecorderSettings(
        KafkaSettings kafka, String clientId, Duration unhealthyAfter, long queueBytes, int checkpointEvery, Duration linger, String compression) {
    public RecorderSettings {
        if (unhealthyAfter.isNegative() || unhealthyAfter.isZero()) {
            throw new IllegalArgumentException("unhealthyAfter is " + unhealthyAfter + ", it must be longer than nothing");
        }
        if (checkpointEvery < 1) {
            throw new IllegalArgumentException("checkpointEvery is " + checkpointEvery + ", it must be at least 1");
        }
    }

    /** 4 seconds, 64 MiB, a checkpoint every 1000 events, no linger, no compression. */
    public static RecorderSettings of(KafkaSettings kafka, String clientId) {
        return new RecorderSettings(kafka, clientId, Duration.ofSeconds(4), 64L * 1024 * 1024, 1000, Duration.ZERO, "none");
    }
}
