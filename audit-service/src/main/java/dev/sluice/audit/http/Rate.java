// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests each caller may make: so many a minute on average, a third of them at once. Every access is written down for ever, so nobody may ask
 * without end. Forgets who has not asked for longest, who could nearly always ask again.
 */
final class Rate {
    private static final int REMEMBERED = 10_000;

    /** What a caller has left at a moment. */
    private record Left(double requests, Instant at) {}

    private final double perSecond;
    private final int atOnce;
    private final Clock clock;
    private final Map<String, Left> callers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Left> eldest) {
            return size() > REMEMBERED;
        }
    };

    Rate(int perMinute, Clock clock) {
        this.perSecond = perMinute / 60.0;
        this.atOnce = Math.max(1, perMinute / 3);
        this.clock = clock;
    }

    /** Counts a request of this caller. Zero if it may be answered, otherwise how long to wait before another is, and it was not counted. */
    synchronized Duration take(String caller) {
        Instant now = clock.instant();
        Left before = callers.getOrDefault(caller, new Left(atOnce, now));
        double seconds = Math.max(0, Duration.between(before.at, now).toNanos() / 1e9);
        double left = Math.min(atOnce, before.requests + seconds * perSecond);
        boolean may = left >= 1;
        callers.put(caller, new Left(may ? left - 1 : left, now));
        return may ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - left) / perSecond * 1_000));
    }
}
