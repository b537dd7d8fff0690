// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;

/** Statements that wait for people. */
public record HoldConfig(
        @Setting(value = "Held statements at once; one more is refused with SQLSTATE 53400, as is one more while those that wait have 64 MiB of text and parameters.", defaultValue = "1000") int concurrent,
        @Setting(
                        value = "How often a waiting client gets a NOTICE. It shows people that the statement still waits, and finds clients that are gone."
                                + " `0s`: only the first.",
                        defaultValue = "15s")
                Duration heartbeat,
        @Setting(
                        value = "What a client does meanwhile, where neither the policy's rule, the client nor the target says it: `wait`, `return` (it gets"
                                + " SQLSTATE SL001 with a ticket, and sends the same statement again once it is approved) or `auto` (it waits for `patience`,"
                                + " then gets the ticket).",
                        defaultValue = "wait")
                HoldMode mode,
        @Setting(value = "How long a client waits under `auto`. Many clients of agents give up after a minute.", defaultValue = "45s") Duration patience,
        @Setting(
                        value = "What happens to a hold inside a transaction block, where neither rule, client nor target says it: `hold` for at most"
                                + " `transactionLimit`, which keeps the transaction's locks and snapshot; `deny` (SQLSTATE 42501 with the way out); or `return`"
                                + " (the ticket, and the transaction fails).",
                        defaultValue = "hold")
                TransactionHold inTransaction,
        @Setting(value = "How long a statement is held inside a transaction, at most.", defaultValue = "2m") Duration transactionLimit,
        @Setting(value = "Tickets that are open at once, of all gateways on one Kafka; one more is refused with SQLSTATE 53400.", defaultValue = "10000") int tickets) {
    public HoldConfig {
        Check.within("concurrent", 1, 100_000, concurrent);
        if (!heartbeat.isZero()) {
            Check.within("heartbeat", Duration.ofSeconds(1), Duration.ofMinutes(5), heartbeat);
        }
        Check.within("patience", Duration.ofSeconds(1), HoldManner.MOST_PATIENCE, patience);
        Check.within("transactionLimit", Duration.ofSeconds(1), Duration.ofDays(7), transactionLimit);
        Check.within("tickets", 1, 1_000_000, tickets);
    }

    /** What holds where nobody says anything else. */
    public HoldManner manner() {
        return new HoldManner(mode, patience, inTransaction);
    }
}
