// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** Statements that wait for people, in scripts. */
class HoldScriptsTest {
    @Test
    void aHeldStatementIsReleasedByItsGrantAlone() {
        play("""
                client Query "update held"
                client Query "select 2"
                > nothing
                * decided HOLD SIMPLE "update held"
                * held "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted another
                > nothing
                ! granted
                * released verdict
                * decided ALLOW SIMPLE "select 2"
                > Query "update held"
                > Query "select 2"
                """);
    }

    @Test
    void aGrantIsRecordedBeforeTheStatementIsSent() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! acks off
                ! granted
                > nothing
                ! ack
                > Query "update held"
                """);
    }

    @Test
    void aRefusedHoldIsAnError() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! refused
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: not today" D "approval approval-s-1"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held"
                * refused 42501
                """);
    }

    @Test
    void cancelWithdrawsAHold() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! cancel
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                ! granted another
                > nothing
                ! open
                """);
    }

    @Test
    void theClientsGoingWithdrawsAHold() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! client gone
                * decided HOLD SIMPLE "update held"
                * held "update held"
                * withdrawn
                ! closed
                """);
    }

    @Test
    void aHeldPreparedStatementIsHeldWhenItIsExecuted() {
        play("""
                client Parse "" "update held" 1 23
                client Bind "" "" 0 1 '7' 0
                client Execute "" 0
                client Sync
                > Parse "" "update held" 1 23
                > Bind "" "" 0 1 '7' 0
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted
                > Execute "" 0
                > Sync
                """);
    }
}
