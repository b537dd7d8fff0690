// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. */
public final class Counter implements Series {
    private final LongAdder count = new LongAdder();

    Counter() {}

    /** One more. */
    public void increment() {
        count.increment();
    }

    /** So many more; 0 or more. */
    public void add(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a counter cannot shrink: " + amount);
        }
        count.add(amount);
    }

    /** The sum so far. */
    public long value() {
        return count.sum();
    }

    @Override
    public void write(String name, Labels labels, StringBuilder text) {
        Series.line(text, name, labels, Long.toString(value()));
    }
}
