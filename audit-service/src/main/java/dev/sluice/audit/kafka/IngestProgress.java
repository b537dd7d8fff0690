// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import dev.sluice.audit.projection.FindingRow;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How far reading has come, for health and metrics. Written by the consumer's thread, read by any. */
public final class IngestProgress {
    private final LongAdder records = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final Map<FindingRow.Kind, LongAdder> findings = new EnumMap<>(FindingRow.Kind.class);
    private final AtomicReference<State> state = new AtomicReference<>(new State(null, -1, 0, "not started"));

    /**
     * @param polledAt when the broker last answered
     * @param lag records behind the end of the assigned partitions, -1 while unknown
     * @param partitions how many partitions this instance reads
     * @param trouble why nothing is read, absent while all is well
     */
    public record State(@Nullable Instant polledAt, long lag, int partitions, @Nullable String trouble) {}

    /** Nothing has been read yet. */
    public IngestProgress() {
        for (FindingRow.Kind kind : FindingRow.Kind.values()) {
            findings.put(kind, new LongAdder());
        }
    }

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

    /** Findings of one kind noticed since the start of this process. */
    public long findings(FindingRow.Kind kind) {
        return Objects.requireNonNull(findings.get(kind)).sum();
    }

    void wrote(int recordCount, List<FindingRow> found) {
        records.add(recordCount);
        batches.increment();
        noticed(found);
    }

    void noticed(List<FindingRow> found) {
        found.forEach(finding -> Objects.requireNonNull(findings.get(finding.kind())).increment());
    }

    void polled(Instant now, long lag, int partitions) {
        state.set(new State(now, lag, partitions, null));
    }

    void troubled(String trouble) {
        state.updateAndGet(last -> new State(last.polledAt(), last.lag(), 0, trouble));
    }
}
