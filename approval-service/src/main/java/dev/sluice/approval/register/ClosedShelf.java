// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The closed approvals in the order in which they closed, with the memory that each takes: which of them is to be abridged next, or forgotten, so that all
 * stay within their bounds. For one thread.
 */
final class ClosedShelf {
    private final int most;
    private final long mostBytes;
    private final Map<String, Long> bytes = new LinkedHashMap<>();
    private final Queue<String> whole = new ArrayDeque<>();
    private long all;

    /**
     * @param most approvals
     * @param mostBytes all of them take
     */
    ClosedShelf(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    void add(String approvalId, long taken) {
        put(approvalId, taken);
        whole.add(approvalId);
    }

    private void put(String approvalId, long taken) {
        Long before = bytes.put(approvalId, taken);
        all += taken - (before == null ? 0 : before);
    }

    /** The next one that is too much even if all are abridged; it is not on the shelf any more. Null if there is none. */
    @Nullable String nextToForget() {
        if (bytes.isEmpty() || bytes.size() <= most && (all <= mostBytes || !whole.isEmpty())) {
            return null;
        }
        var eldest = bytes.keySet().iterator().next();
        all -= bytes.remove(eldest);
        if (eldest.equals(whole.peek())) {
            whole.remove();
        }
        return eldest;
    }

    /** The next one that has to be {@link #abridged}; null if there is none. */
    @Nullable String nextToAbridge() {
        return all > mostBytes ? whole.poll() : null;
    }

    void abridged(String approvalId, long taken) {
        put(approvalId, taken);
    }

    long bytes() {
        return all;
    }
}
