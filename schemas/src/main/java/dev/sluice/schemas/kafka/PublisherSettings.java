// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.time.Duration;
import java.util.Set;

/**
 * How an {@link EventPublisher} sends.
 *
 * @param clientId names the producer in Kafka's metrics and logs
 * @param queueBytes bound of everything that is not yet acknowledged, in bytes of keys and values
 * @param linger how long a batch waits for company, 0 to 100 ms. Each record that somebody waits for pays it; batches form by themselves
 *     under load, because up to five are on their way at a time
 * @param compression none, lz4, snappy, zstd or gzip
 */
public record PublisherSettings(KafkaSettings kafka, String clientId, long queueBytes, Duration linger, String compression) {
    private static final Set<String> COMPRESSIONS = Set.of("none", "lz4", "snappy", "zstd", "gzip");
    private static final Duration MAX_LINGER = Duration.ofMillis(100);

    public PublisherSettings {
        if (queueBytes < 1024 * 1024) {
            throw new IllegalArgumentException("queueBytes is " + queueBytes + ", it must be at least 1048576");
        }
        if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
            throw new IllegalArgumentException("linger is " + linger + ", it must lie between zero and " + MAX_LINGER);
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw new IllegalArgumentException("compression is '" + compression + "', it must be one of " + COMPRESSIONS.stream().sorted().toList());
        }
    }

    /** 64 MiB, no linger, no compression. */
    public static PublisherSettings of(KafkaSettings kafka, String clientId) {
        return new PublisherSettings(kafka, clientId, 64L * 1024 * 1024, Duration.ZERO, "none");
    }
}
