// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** One record on its way to Kafka. */
final class Pending {
    /** The lane of records whose partition their key decides. */
    static final int BY_KEY = -1;

    final Topic topic;
    final byte[] key;
    final byte[] value;
    /** {@link #BY_KEY}, or the number of a lane. */
    final int lane;
    /** Whether somebody waits for the acknowledgement. */
    final boolean urgent;

    final Delivery delivery;
    final int size;
    final long since = System.nanoTime();
    private final AtomicBoolean done = new AtomicBoolean();

    Pending(Topic topic, String key, int lane, byte[] value, boolean urgent, Delivery delivery) {
        this.topic = topic;
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.value = value;
        this.lane = lane;
        this.urgent = urgent;
        this.delivery = delivery;
        this.size = this.key.length + value.length;
    }

    boolean isDone() {
        return done.get();
    }

    /** @return false if it was done already */
    boolean finish() {
        return done.compareAndSet(false, true);
    }
}
