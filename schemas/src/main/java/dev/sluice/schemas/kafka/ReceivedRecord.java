// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in Kafka.
 *
 * @param key absent only for records that Sluice did not write
 * @param value the bytes as written, which chain hashes are taken over; not copied, must not be changed; absent for a tombstone
 */
public record ReceivedRecord(String topic, int partition, long offset, Instant timestamp, @Nullable String key, byte @Nullable [] value) {
    /** Where it lies, for messages. */
    public String position() {
        return topic + "-" + partition + "@" + offset;
    }
}
