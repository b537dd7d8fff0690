// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts connections and cancel requests over all event loops, so that strangers cannot use the gateway up. Safe for many threads. */
final class ConnectionLimits {
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Addresses whose cancel requests are counted at a time; beyond it, the counts of past seconds are dropped. */
    private static final int MAX_CANCELLING_ADDRESSES = 10_000;

    private final ListenerSettings settings;
    private final LongSupplier nanoClock;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger unauthenticated = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final Map<String, Integer> unauthenticatedByAddress = new ConcurrentHashMap<>();
    private final Map<String, Cancels> cancels = new ConcurrentHashMap<>();

    private record Cancels(long second, int count) {}

    ConnectionLimits(ListenerSettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /** One connection's place in the counts. Used by its event loop only. */
    final class Place {
        private final String address;
        private boolean proven;
        private boolean left;

        private Place(String address) {
            this.address = address;
        }

        /** The caller is proven: it no longer counts as a stranger. */
        void proven() {
            if (!proven && !left) {
                proven = true;
                forgetStranger(address);
            }
        }

        void leave() {
            if (!left) {
                if (!proven) {
                    forgetStranger(address);
                }
                left = true;
                connections.decrementAndGet();
            }
        }
    }

    /** A place for a new connection, or null with nothing counted if there is none left. */
    @Nullable Place enter(String address) {
        if (connections.incrementAndGet() > settings.maxConnections()) {
            connections.decrementAndGet();
            refused.incrementAndGet();
            return null;
        }
        int strangers = unauthenticated.incrementAndGet();
        int fromAddress = unauthenticatedByAddress.merge(address, 1, Integer::sum);
        if (strangers > settings.maxUnauthenticated() || fromAddress > settings.maxUnauthenticatedPerAddress()) {
            forgetStranger(address);
            connections.decrementAndGet();
            refused.incrementAndGet();
            return null;
        }
        return new Place(address);
    }

    /** Whether a CancelRequest from this address may be looked at. */
    boolean mayCancel(String address) {
        long second = nanoClock.getAsLong() / SECOND_NANOS;
        if (cancels.size() >= MAX_CANCELLING_ADDRESSES) {
            cancels.values().removeIf(count -> count.second() != second);
        }
        if (cancels.size() >= MAX_CANCELLING_ADDRESSES && !cancels.containsKey(address)) {
            return false;
        }
        Cancels now = cancels.merge(address, new Cancels(second, 1),
                (old, first) -> old.second() == second ? new Cancels(second, Math.min(old.count(), settings.cancelsPerSecond()) + 1) : first);
        return now.count() <= settings.cancelsPerSecond();
    }

    int connections() {
        return connections.get();
    }

    int strangers() {
        return unauthenticated.get();
    }

    /** Connections turned away at the door since the start. */
    long turnedAway() {
        return refused.get();
    }

    private void forgetStranger(String address) {
        unauthenticated.decrementAndGet();
        unauthenticatedByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
}
