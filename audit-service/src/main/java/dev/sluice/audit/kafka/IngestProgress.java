// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How far reading has come, for health and metrics. Written by the consumer's thread, read by any. */
public final class IngestProgress {
    private final LongAdder records = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder findings = new LongAdder();
    private final AtomicReference<State> state = new AtomicReference<>(new State(null, -1, 0, "not started"));

    /**
     * @param polledAt when the broker last answered
     * @param lag records behind the end of the assigned partitions, -1 while unknown
     * @param partitions how many partitions this instance reads
     * @param trouble why nothing is read, absent while all is well
     */
    public record State(@Nullable Instant polledAt, long lag, int partitions, @Nullable String trouble) {}

    /** The latest state. */
    public State state() {
        return state.get();
    }

    /** Records written since the start of this process. */
    public long records() {
        return records.sum();
    }

    /** Transactions committed since the start of this process. */
    public long batches() {
        return batches.sum();
    }

    /** Findings noticed since the start of this process. */
    public long findings() {
        return findings.sum();
    }

    void wrote(int recordCount, int findingCount) {
        records.add(recordCount);
        batches.increment();
        findings.add(findingCount);
    }

    void polled(Instant now, long lag, int partitions) {
        state.set(new State(now, lag, partitions, null));
    }

    void troubled(String trouble) {
        state.updateAndGet(last -> new State(last.polledAt(), last.lag(), 0, trouble));
    }
}
