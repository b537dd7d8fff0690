// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** Sessions of agents whose token is taken back, in scripts. */
final class RevokedTokenScriptsTest {
    @Test
    void aTokenThatIsRevokedWithdrawsAHoldAndEndsTheSession() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! token revoked
                ! granted
                > nothing
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: agent token a has been revoked"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * withdrawn
                ! closed
                """);
    }

    @Test
    void aTokenThatIsRevokedBetweenAGrantAndItsRecordKeepsTheStatementBack() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! acks off
                ! granted
                ! token revoked
                ! ack
                > nothing
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: agent token a has been revoked"
                ! closed
                """);
    }

    @Test
    void aTokenThatIsRevokedCancelsWhatRuns() {
        play("""
                client Query "select 1"
                > Query "select 1"
                ! token revoked
                ! cancelled upstream
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: agent token a has been revoked"
                ! closed
                """);
    }
}
