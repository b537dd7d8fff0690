// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a session waits for, in the order of its marks: records of its chain, which are acknowledged in order but have entries of the log's own
 * between them, and parts of answers, which are acknowledged by themselves. A mark is reached when all before it are.
 */
final class MarkTrail {
    /** A part of an answer. */
    static final class Part {
        private boolean acknowledged;
    }

    /** A {@link Long}, the sequence of a record, or a {@link Part}. */
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();

    private long through = -1;
    private long reached;

    void record(long sequence) {
        waiting.addLast(sequence);
    }

    Part part() {
        var part = new Part();
        waiting.addLast(part);
        return part;
    }

    /** The highest mark that is reached, now that the chain's records are acknowledged up to this sequence. */
    long acknowledged(long throughSequence) {
        through = throughSequence;
        return reached();
    }

    /** As {@link #acknowledged(long)}, now that this part is. */
    long acknowledged(Part part) {
        part.acknowledged = true;
        return reached();
    }

    /** The highest mark that was reached before. */
    long mark() {
        return reached;
    }

    private long reached() {
        while (isReached(waiting.peekFirst())) {
            waiting.removeFirst();
            reached++;
        }
        return reached;
    }

    private boolean isReached(@Nullable Object first) {
        return first instanceof Long sequence && sequence <= through || first instanceof Part part && part.acknowledged;
    }
}
