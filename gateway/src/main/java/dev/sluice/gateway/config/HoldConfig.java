// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;

/** Statements that wait for people. */
public record HoldConfig(
        @Setting(value = "Held statements at once; one more is refused with SQLSTATE 53400.", defaultValue = "1000") int concurrent,
        @Setting(
                        value = "How often a waiting client gets a NOTICE. It shows people that the statement still waits, and finds clients that are gone.",
                        defaultValue = "15s")
                Duration heartbeat,
        @Setting(
                        value = "What happens to a hold inside a transaction block: `refuse` (SQLSTATE 42501 with the way out) or `wait`, which keeps the"
                                + " transaction's locks and snapshot for as long as people take.",
                        defaultValue = "refuse")
                InTransaction inTransaction) {
    /** What a hold does inside a transaction block. */
    public enum InTransaction { REFUSE, WAIT }

    public HoldConfig {
        Check.within("concurrent", 1, 100_000, concurrent);
        Check.within("heartbeat", Duration.ofSeconds(1), Duration.ofMinutes(5), heartbeat);
    }
}
