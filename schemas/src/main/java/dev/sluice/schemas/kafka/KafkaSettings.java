// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.util.Map;
import java.util.TreeMap;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers {@code host:port}, comma separated
 * @param properties settings of the Kafka client that go to every producer, consumer and admin client as they are, security above all
 *     ({@code security.protocol}, {@code sasl.jaas.config}, {@code ssl.truststore.location}, …). They may hold secrets and never print.
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> properties) {
    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrapServers is empty: name at least one broker as host:port");
        }
        properties = Map.copyOf(properties);
    }

    /** A cluster that needs no further settings. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Map.of());
    }

    /** Only the names of the properties: their values may be passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", properties " + new TreeMap<>(properties).keySet() + "]";
    }
}
