// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;

/** How the gateway ends. */
public record DrainConfig(
        @Setting(
                        value = "After SIGTERM: how long running statements may finish. Idle sessions end at once with SQLSTATE 57P01, held"
                                + " statements are withdrawn, and what still runs at the deadline is cancelled.",
                        defaultValue = "30s")
                Duration deadline) {
    public DrainConfig {
        Check.within("deadline", Duration.ZERO, Duration.ofHours(1), deadline);
    }
}
