// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after a failure: doubled each time up to a bound, then shortened by chance, to no less than half, so that receivers are not asked by everybody at once. */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    /** @param failures at least 1 */
    Duration after(int failures) {
        long nanos = longest.toNanos();
        int doublings = Math.min(failures - 1, 40);
        if (first.toNanos() <= nanos >> doublings) {
            nanos = first.toNanos() << doublings;
        }
        return Duration.ofNanos(nanos - (long) (random.nextDouble() * nanos / 2));
    }
}
