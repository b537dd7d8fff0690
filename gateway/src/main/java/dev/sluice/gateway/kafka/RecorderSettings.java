// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.EventCodec;
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
 * @param textLimit UTF-16 units of a statement's text and parameters that one record carries; what is longer goes out in parts
 * @param resultCompression of kept answers, as {@code compression}
 */
public record RecorderSettings(
        KafkaSettings kafka, String clientId, Duration unhealthyAfter, long queueBytes, int checkpointEvery, Duration linger, String compression, int textLimit, String resultCompression) {
    private static final int TEXT_LIMIT = 512 * 1024;

    public RecorderSettings {
        if (unhealthyAfter.isNegative() || unhealthyAfter.isZero()) {
            throw new IllegalArgumentException("unhealthyAfter is " + unhealthyAfter + ", it must be longer than nothing");
        }
        if (checkpointEvery < 1) {
            throw new IllegalArgumentException("checkpointEvery is " + checkpointEvery + ", it must be at least 1");
        }
        if (textLimit < 1024 || textLimit > EventCodec.MAX_BYTES / 8) {
            throw new IllegalArgumentException("textLimit is " + textLimit + ", it must lie between 1024 and " + EventCodec.MAX_BYTES / 8);
        }
    }

    /** With parts of 512 KiB, and kept answers in lz4. */
    public RecorderSettings(
            KafkaSettings kafka, String clientId, Duration unhealthyAfter, long queueBytes, int checkpointEvery, Duration linger, String compression) {
        this(kafka, clientId, unhealthyAfter, queueBytes, checkpointEvery, linger, compression, TEXT_LIMIT, "lz4");
    }

    /** 4 seconds, 64 MiB, a checkpoint every 1000 events, no linger, no compression. */
    public static RecorderSettings of(KafkaSettings kafka, String clientId) {
        return new RecorderSettings(kafka, clientId, Duration.ofSeconds(4), 64L * 1024 * 1024, 1000, Duration.ZERO, "none", TEXT_LIMIT, "lz4");
    }
}
