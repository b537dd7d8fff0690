// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerTimeoutsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Moment NOW = new Moment(NOON, TimeUnit.SECONDS.toNanos(100));

    @Test
    void asksForWhatTheServerHasAndWhatCounts() {
        assertThat(ServerTimeouts.toAsk(18, TransactionStatus.IDLE, false)).containsExactly("idle_session_timeout");
        assertThat(ServerTimeouts.toAsk(17, TransactionStatus.IN_TRANSACTION, false)).containsExactly("idle_in_transaction_session_timeout", "transaction_timeout");
        assertThat(ServerTimeouts.toAsk(16, TransactionStatus.IN_TRANSACTION, false)).containsExactly("idle_in_transaction_session_timeout");
        assertThat(ServerTimeouts.toAsk(13, TransactionStatus.IDLE, false)).isEmpty();
        assertThat(ServerTimeouts.toAsk(18, TransactionStatus.IDLE, true)).as("between extended-query messages").containsExactly("transaction_timeout");
        assertThat(ServerTimeouts.toAsk(0, TransactionStatus.IN_TRANSACTION, false)).isEmpty();
    }

    @Test
    void readsWhatShowWrites() {
        assertThat(ServerTimeouts.duration("0")).isZero();
        assertThat(ServerTimeouts.duration("1500")).isEqualTo(Duration.ofMillis(1500));
        assertThat(ServerTimeouts.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(ServerTimeouts.duration("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(ServerTimeouts.duration("5min")).isEqualTo(Duration.ofMinutes(5));
        assertThat(ServerTimeouts.duration("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(ServerTimeouts.duration("1d")).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void theFirstOneCountsALittleEarlier() {
        assertThat(ServerTimeouts.first(Map.of("idle_session_timeout", "0"), NOW, 0)).isNull();
        assertThat(ServerTimeouts.first(Map.of("idle_in_transaction_session_timeout", "20s"), NOW, 0))
                .isEqualTo(new ServerTimeouts.Limit("idle_in_transaction_session_timeout", "20s", NOON.plusSeconds(18)));
        assertThat(ServerTimeouts.first(
                        Map.of("idle_in_transaction_session_timeout", "20s", "transaction_timeout", "1min"), NOW, TimeUnit.SECONDS.toNanos(50)))
                .as("of a minute, 50 seconds have gone")
                .isEqualTo(new ServerTimeouts.Limit("transaction_timeout", "1min", NOON.plusSeconds(5)));
    }
}
