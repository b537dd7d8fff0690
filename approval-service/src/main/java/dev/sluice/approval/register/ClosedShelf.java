// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Closed approvals in the order in which they came here, with the memory that each takes: which of them is to be abridged next, or forgotten, so that all
 * stay within their bounds. For one thread; {@link #bytes} for all.
 */
final class ClosedShelf {
    private final int most;
    private final long mostBytes;
    private final Map<String, Long> bytes = new LinkedHashMap<>();
    private final Set<String> whole = new LinkedHashSet<>();
    private final AtomicLong all = new AtomicLong();

    /**
     * @param most approvals
     * @param mostBytes all of them take
     */
    ClosedShelf(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** @param isWhole whether there is anything left of it that could be abridged */
    void add(String approvalId, long taken, boolean isWhole) {
        put(approvalId, taken);
        if (isWhole) {
            whole.add(approvalId);
        }
    }

    private void put(String approvalId, long taken) {
        Long before = bytes.put(approvalId, taken);
        all.addAndGet(taken - (before == null ? 0 : before));
    }

    /** Whether it was here. */
    boolean remove(String approvalId) {
        Long taken = bytes.remove(approvalId);
        all.addAndGet(taken == null ? 0 : -taken);
        whole.remove(approvalId);
        return taken != null;
    }

    /** The one that has been here the longest; null if there is none. */
    @Nullable String eldest() {
        return first(bytes.keySet());
    }

    /** The next one that is too much even if all are abridged; it is not on the shelf any more. Null if there is none. */
    @Nullable String nextToForget() {
        var eldest = eldest();
        if (eldest == null || (bytes.size() <= most && (all.get() <= mostBytes || !whole.isEmpty()))) {
            return null;
        }
        remove(eldest);
        return eldest;
    }

    /** The next one that has to be {@link #abridged}; null if there is none. */
    @Nullable String nextToAbridge() {
        var next = all.get() > mostBytes ? first(whole) : null;
        if (next != null) {
            whole.remove(next);
        }
        return next;
    }

    boolean isWhole(String approvalId) {
        return whole.contains(approvalId);
    }

    void abridged(String approvalId, long taken) {
        put(approvalId, taken);
    }

    long bytes() {
        return all.get();
    }

    private static @Nullable String first(Set<String> ids) {
        var next = ids.iterator();
        return next.hasNext() ? next.next() : null;
    }
}
