// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.util.List;

/** Takes what a feed reads. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * One poll's records, in order per partition. Called on the feed's thread, which may block here; within the consumer group's
     * {@code max.poll.interval.ms} of five minutes. When it throws, the same records come again after a pause: be idempotent.
     */
    void handle(List<ReceivedRecord> records) throws Exception;
}
