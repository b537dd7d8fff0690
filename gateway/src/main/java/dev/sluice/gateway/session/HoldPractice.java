// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.policy.Decision;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this session's client waits for people. A rule's word comes before the client's, the client's before its target's, and that before the gateway's.
 *
 * @param manner of the client, the target and the gateway, nothing unsaid
 * @param transactionLimit how long a statement is held inside a transaction, at most
 */
public record HoldPractice(HoldManner manner, Duration transactionLimit) {
    /** What is done with one statement. */
    sealed interface Way {
        record Wait() implements Way {}

        /** {@code patience} is zero where the ticket is given at once. */
        record Ticket(Duration patience) implements Way {}

        record Deny() implements Way {}
    }

    Way of(Decision.Hold terms, boolean inTransaction) {
        HoldManner said = terms.manner().orElse(manner);
        HoldMode mode = said.mode() == null ? HoldMode.WAIT : said.mode();
        if (mode == HoldMode.RETURN) {
            return new Way.Ticket(Duration.ZERO);
        }
        TransactionHold inside = inTransaction && said.inTransaction() != null ? said.inTransaction() : TransactionHold.HOLD;
        return switch (inside) {
            case DENY -> new Way.Deny();
            case RETURN -> new Way.Ticket(Duration.ZERO);
            case HOLD -> mode == HoldMode.WAIT ? new Way.Wait() : new Way.Ticket(shorter(said.patience(), inTransaction));
        };
    }

    private Duration shorter(@Nullable Duration patience, boolean inTransaction) {
        Duration said = patience == null ? Duration.ZERO : patience;
        return inTransaction && transactionLimit.compareTo(said) < 0 ? transactionLimit : said;
    }
}
