// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How values are spread over buckets. */
public final class Histogram implements Series {
    private final double[] bounds;
    private final LongAdder[] buckets;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(double[] bounds) {
        this.bounds = bounds.clone();
        this.buckets = new LongAdder[bounds.length + 1];
        Arrays.setAll(buckets, index -> new LongAdder());
        for (int i = 1; i < bounds.length; i++) {
            if (!(bounds[i - 1] < bounds[i])) {
                throw new IllegalArgumentException("bounds must grow: " + Arrays.toString(bounds));
            }
        }
    }

    /** One more value, in the unit that the name ends with. */
    public void observe(double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        sum.add(value);
    }

    /** One more duration, in seconds. */
    public void observe(Duration duration) {
        observe(duration.toNanos() / 1e9);
    }

    @Override
    public void write(String name, Labels labels, StringBuilder text) {
        long count = 0;
        for (int i = 0; i < buckets.length; i++) {
            count += buckets[i].sum();
            String bound = i < bounds.length ? Series.number(bounds[i]) : "+Inf";
            Series.line(text, name + "_bucket", labels.and("le", bound), Long.toString(count));
        }
        Series.line(text, name + "_sum", labels, Series.number(sum.sum()));
        Series.line(text, name + "_count", labels, Long.toString(count));
    }
}
