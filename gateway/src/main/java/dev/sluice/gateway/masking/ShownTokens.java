// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers at least the last {@value #ENTRIES} tokens that were shown, by a few bits each: it knows every one of them, and takes one in 50 others for one
 * of them. Two filters take turns: when one is full the older is forgotten. For use by many threads; what two of them do at once may let a filter
 * take a few entries more.
 */
final class ShownTokens {
    static final int ENTRIES = 400_000;

    private static final int BITS = 1 << 22;
    private static final int PROBES = 4;

    /** One filter with the number of its entries; both are made when there is something to remember. */
    private static final class Filter {
        private final AtomicLongArray bits = new AtomicLongArray(BITS / Long.SIZE);
        private final AtomicInteger entries = new AtomicInteger();

        boolean has(long hash) {
            for (int probe = 0; probe < PROBES; probe++) {
                int bit = bit(hash, probe);
                if ((bits.get(bit >>> 6) & 1L << bit) == 0) {
                    return false;
                }
            }
            return true;
        }

        void add(long hash) {
            for (int probe = 0; probe < PROBES; probe++) {
                int bit = bit(hash, probe);
                bits.getAndAccumulate(bit >>> 6, 1L << bit, (before, set) -> before | set);
            }
            entries.incrementAndGet();
        }

        private static int bit(long hash, int probe) {
            return (int) hash + probe * (int) (hash >>> 32) & BITS - 1;
        }
    }

    private record Filters(Filter newer, Filter older) {}

    private static final Filter NOTHING = new Filter();

    private volatile Filters filters = new Filters(NOTHING, NOTHING);

    /** @param hash of the token, all of its bits as good as random */
    void add(long hash) {
        Filters now = filters;
        if (now.newer.has(hash)) {
            return;
        }
        if (now.newer == NOTHING || now.newer.entries.get() >= ENTRIES) {
            now = renewed(now);
        }
        now.newer.add(hash);
    }

    private synchronized Filters renewed(Filters seen) {
        if (filters == seen) {
            filters = new Filters(new Filter(), seen.newer);
        }
        return filters;
    }

    boolean has(long hash) {
        Filters now = filters;
        return now.newer.has(hash) || now.older.has(hash);
    }
}
