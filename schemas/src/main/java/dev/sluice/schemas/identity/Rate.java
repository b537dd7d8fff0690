// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much each of many may take: a bucket of tokens apiece, refilled steadily. Forgets who has not been seen for longest, whose bucket would mostly be full again. */
public final class Rate {
    private static final int REMEMBERED = 10_000;

    private record Bucket(double tokens, Instant at) {}

    private final double perSecond;
    private final int burst;
    private final Clock clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * @param perMinute tokens that come back in a minute, at least one
     * @param burst tokens that a bucket holds
     */
    public Rate(int perMinute, int burst, Clock clock) {
        this.perSecond = perMinute / 60.0;
        this.burst = burst;
        this.clock = clock;
    }

    /** Takes a token. Zero if there was one, otherwise how long it takes until there is, and none was taken. */
    public synchronized Duration take(String who) {
        var wait = wait(who);
        if (wait.isZero()) {
            buckets.computeIfPresent(who, (_, bucket) -> new Bucket(bucket.tokens() - 1, bucket.at()));
        }
        return wait;
    }

    /** How long it takes until there is a token; zero if there is one. Takes none. */
    public synchronized Duration wait(String who) {
        var now = clock.instant();
        var bucket = buckets.merge(who, new Bucket(burst, now), (old, _) -> refilled(old, now));
        return bucket.tokens() >= 1 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - bucket.tokens()) / perSecond * 1_000));
    }

    private Bucket refilled(Bucket old, Instant now) {
        double seconds = Math.max(0, Duration.between(old.at(), now).toNanos() / 1e9);
        return new Bucket(Math.min(burst, old.tokens() + seconds * perSecond), now);
    }
}
