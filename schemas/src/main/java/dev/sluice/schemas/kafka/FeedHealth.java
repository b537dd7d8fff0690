// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

/**
 * @param healthy false while Kafka is out of reach, the handler fails, or the feed is closed
 * @param condition one sentence on why, empty when healthy
 * @param lag records between what was handled and the end, -1 while unknown
 * @param handled records handled since the start
 */
public record FeedHealth(boolean healthy, String condition, long lag, long handled) {}
