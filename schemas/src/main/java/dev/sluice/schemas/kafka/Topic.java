// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.util.Map;

/**
 * A topic and the settings it is created with. An existing topic is never changed.
 *
 * @param partitions order holds per key, so more partitions cost order nothing; they may be added later, but then a key moves
 * @param settings topic settings as Kafka names them
 */
public record Topic(String name, int partitions, Map<String, String> settings) {
    public Topic {
        settings = Map.copyOf(settings);
    }
}
