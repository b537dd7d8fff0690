// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.session.HoldPractice.Way;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who decides how a client waits: the rule before the client, the client before its target, the target before the gateway. */
final class HoldPracticeTest {
    private static final HoldManner GATEWAY = new HoldManner(HoldMode.WAIT, Duration.ofSeconds(40), TransactionHold.HOLD);
    private static final Duration TRANSACTION_LIMIT = Duration.ofMinutes(2);

    private static Way of(HoldManner rule, HoldManner client, HoldManner target, boolean inTransaction) {
        var terms = new Decision.Hold("rule", null, List.of("dba"), 1, Duration.ofMinutes(5), List.of(), null, rule);
        // As a session is established: each part of the first that says something about it.
        return new HoldPractice(client.orElse(target).orElse(GATEWAY), TRANSACTION_LIMIT).of(terms, inTransaction);
    }

    private static HoldManner mode(HoldMode mode) {
        return new HoldManner(mode, null, null);
    }

    private static HoldManner inside(TransactionHold inTransaction) {
        return new HoldManner(null, null, inTransaction);
    }

    @Test
    void theRuleComesBeforeTheClientAndTheClientBeforeTheTarget() {
        HoldManner unsaid = HoldManner.UNSAID;
        assertThat(of(unsaid, unsaid, unsaid, false)).isEqualTo(new Way.Wait());
        assertThat(of(unsaid, unsaid, mode(HoldMode.RETURN), false)).isEqualTo(new Way.Ticket(Duration.ZERO));
        assertThat(of(unsaid, mode(HoldMode.WAIT), mode(HoldMode.RETURN), false)).isEqualTo(new Way.Wait());
        assertThat(of(mode(HoldMode.RETURN), mode(HoldMode.WAIT), mode(HoldMode.WAIT), false)).isEqualTo(new Way.Ticket(Duration.ZERO));
        assertThat(of(mode(HoldMode.WAIT), mode(HoldMode.RETURN), mode(HoldMode.RETURN), false)).isEqualTo(new Way.Wait());
    }

    @Test
    void eachPartIsTheFirstThatSomebodySays() {
        assertThat(of(mode(HoldMode.AUTO), new HoldManner(HoldMode.AUTO, Duration.ofSeconds(7), null), HoldManner.UNSAID, false)).isEqualTo(new Way.Ticket(Duration.ofSeconds(7)));
        assertThat(of(mode(HoldMode.AUTO), HoldManner.UNSAID, HoldManner.UNSAID, false)).isEqualTo(new Way.Ticket(Duration.ofSeconds(40)));
        assertThat(of(inside(TransactionHold.HOLD), inside(TransactionHold.DENY), inside(TransactionHold.RETURN), true)).isEqualTo(new Way.Wait());
        assertThat(of(HoldManner.UNSAID, inside(TransactionHold.DENY), inside(TransactionHold.RETURN), true)).isEqualTo(new Way.Deny());
        assertThat(of(HoldManner.UNSAID, HoldManner.UNSAID, inside(TransactionHold.RETURN), true)).isEqualTo(new Way.Ticket(Duration.ZERO));
    }

    @Test
    void whatIsSaidOfTransactionsCountsInsideOfThemOnly() {
        assertThat(of(inside(TransactionHold.DENY), HoldManner.UNSAID, HoldManner.UNSAID, false)).isEqualTo(new Way.Wait());
        // A ticket at once keeps no locks, so nothing needs to be denied.
        assertThat(of(new HoldManner(HoldMode.RETURN, null, TransactionHold.DENY), HoldManner.UNSAID, HoldManner.UNSAID, true)).isEqualTo(new Way.Ticket(Duration.ZERO));
    }

    @Test
    void insideATransactionNobodyIsMorePatientThanItsLimit() {
        var patient = new HoldManner(HoldMode.AUTO, Duration.ofMinutes(10), null);
        assertThat(of(patient, HoldManner.UNSAID, HoldManner.UNSAID, false)).isEqualTo(new Way.Ticket(Duration.ofMinutes(10)));
        assertThat(of(patient, HoldManner.UNSAID, HoldManner.UNSAID, true)).isEqualTo(new Way.Ticket(TRANSACTION_LIMIT));
    }
}
