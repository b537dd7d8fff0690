// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Grants that come, or are used, when the credentials of those who gave them may have ended, in scripts. */
final class GrantLapseScriptsTest {
    private static final HoldManner AUTO = new HoldManner(HoldMode.AUTO, Duration.ofSeconds(30), TransactionHold.HOLD);

    @Test
    void aGrantThatStandsReleasesItsStatement() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted for another minute
                > Query "update held"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * released verdict
                """);
    }

    @Test
    void aGrantThatHasEndedWhenItComesEndsTheHold() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted until now
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: the grant ended with its approver's credential at 2026-01-01T12:00:00Z, ask again for a new one" D "approval approval-s-1"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected event, the grant ended with its approver's credential at 2026-01-01T12:00:00Z, ask again for a new one
                * refused 42501
                """);
    }

    @Test
    void aTicketWhoseGrantEndsWhileItIsUsedRunsNothing() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted until now
                ! ticket decided
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: its approval is void: the grant ended with its approver's credential at 2026-01-01T12:00:00Z, ask again for a new one" D "ticket ticket-s-1 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected granted, the grant ended with its approver's credential at 2026-01-01T12:00:00Z, ask again for a new one
                * refused 42501
                """);
    }
}
