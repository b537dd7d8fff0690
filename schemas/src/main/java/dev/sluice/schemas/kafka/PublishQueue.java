// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Records that wait to be sent, then records that wait for Kafka's acknowledgement: each is in one of the two queues, so that the oldest can
 * be told at any time. Any thread adds and settles; one at a time takes.
 */
final class PublishQueue {
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<Pending> underway = new ConcurrentLinkedQueue<>();
    /** How many of those that wait are urgent. */
    private final AtomicInteger urgent = new AtomicInteger();

    private final AtomicLong bytes = new AtomicLong();
    private final long bound;

    /** @param bound bytes that may be in both queues together */
    PublishQueue(long bound) {
        this.bound = bound;
    }

    /** @return false if there is no room */
    boolean add(Pending pending) {
        if (bytes.addAndGet(pending.size) > bound) {
            bytes.addAndGet(-pending.size);
            return false;
        }
        waiting.add(pending);
        if (pending.urgent) {
            urgent.incrementAndGet();
        }
        return true;
    }

    @Nullable Pending first() {
        return waiting.peek();
    }

    /** Moves the first that waits to those that are underway. */
    void take(Pending first) {
        underway.add(first);
        waiting.poll();
        if (first.urgent) {
            urgent.decrementAndGet();
        }
    }

    /** How many records wait to be sent that somebody else waits for. */
    int urgent() {
        return urgent.get();
    }

    boolean isNothingWaiting() {
        return waiting.isEmpty();
    }

    boolean isEmpty() {
        return waiting.isEmpty() && underway.isEmpty();
    }

    /** What was taken and has not been settled, in order. */
    List<Pending> unsettled() {
        var unsettled = new ArrayList<Pending>();
        for (Pending pending : underway) {
            if (!pending.isDone()) {
                unsettled.add(pending);
            }
        }
        return unsettled;
    }

    /** @return false if it had been settled before: a producer that was given up may still have delivered */
    boolean settle(Pending pending) {
        if (!pending.finish()) {
            return false;
        }
        bytes.addAndGet(-pending.size);
        Pending head = underway.peek();
        while (head != null && head.isDone()) {
            underway.remove(head);
            head = underway.peek();
        }
        return true;
    }

    /** Empties both queues; returns what had not been settled, in order. */
    List<Pending> giveUp() {
        List<Pending> rest = unsettled();
        rest.addAll(waiting);
        rest.removeIf(pending -> !pending.finish());
        underway.clear();
        waiting.clear();
        rest.forEach(pending -> bytes.addAndGet(-pending.size));
        return rest;
    }

    long bytes() {
        return bytes.get();
    }

    long oldestNanos() {
        Pending oldest = underway.peek();
        if (oldest == null) {
            oldest = waiting.peek();
        }
        return oldest == null ? 0 : Math.max(0, System.nanoTime() - oldest.since);
    }
}
