// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record as the broker handed it out.
 *
 * @param recordedAt the record's timestamp on the broker; the same at every rebuild, unlike a clock
 * @param value the exact bytes, empty for a tombstone. Never changed after construction
 */
public record RawRecord(String topic, int partition, long offset, Instant recordedAt, byte @Nullable [] key, byte[] value) {}
