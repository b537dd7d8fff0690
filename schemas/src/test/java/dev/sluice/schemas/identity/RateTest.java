// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RateTest {
    private final SettableClock clock = new SettableClock(Instant.EPOCH);
    private final Rate rate = new Rate(60, 3, clock);

    @Test
    void letsABurstThroughAndThenOnePerSecond() {
        for (int request = 0; request < 3; request++) {
            assertThat(rate.take("bob")).isZero();
        }
        assertThat(rate.take("bob")).isBetween(Duration.ofMillis(900), Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(rate.take("bob")).isZero();
        assertThat(rate.take("bob")).isPositive();
    }

    @Test
    void everyoneHasTheirOwn() {
        for (int request = 0; request < 4; request++) {
            rate.take("bob");
        }
        assertThat(rate.take("carol")).isZero();
    }

    @Test
    void nothingIsSavedUpBeyondTheBurst() {
        rate.take("bob");
        clock.advance(Duration.ofHours(1));
        for (int request = 0; request < 3; request++) {
            assertThat(rate.take("bob")).isZero();
        }
        assertThat(rate.take("bob")).isPositive();
    }

    @Test
    void askingTakesNothing() {
        for (int request = 0; request < 10; request++) {
            assertThat(rate.wait("bob")).isZero();
        }
    }
}
