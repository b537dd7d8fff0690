// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** A grant that comes when it can let nothing go any more is recorded, whatever the session does by then. */
class RejectedGrantScriptsTest {
    /** The first statement was held, let go, and has ended. */
    private static final String FIRST = """
            client Query "update held"
            < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
            * decided HOLD SIMPLE "update held"
            * held "update held" as app in public
            ! granted
            > Query "update held"
            * released verdict
            server CommandComplete "UPDATE 1"
            server ReadyForQuery I
            < CommandComplete "UPDATE 1"
            < ReadyForQuery I
            * completed [UPDATE 1] rows 0
            """;

    private static final String SECOND = """
            client Query "update held"
            < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
            * decided HOLD SIMPLE "update held"
            * held "update held" as app in public
            """;

    @Test
    void aReplayWhileAnotherStatementIsHeldIsRecorded() {
        play(FIRST + SECOND + """
                ! replayed
                > nothing
                < nothing
                * rejected event, another one was used before
                ! granted
                > Query "update held"
                * released verdict
                """);
    }

    @Test
    void aReplayOfAnyEarlierApprovalIsRecorded() {
        play(FIRST + SECOND + """
                ! granted
                > Query "update held"
                * released verdict
                server CommandComplete "UPDATE 1"
                server ReadyForQuery I
                < CommandComplete "UPDATE 1"
                < ReadyForQuery I
                * completed [UPDATE 1] rows 0
                ! replayed
                * rejected event, another one was used before
                > nothing
                """);
    }

    @Test
    void aReplayOfAGrantThatWasVoidIsRecorded() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! table changed
                ! granted
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: public.t changed since it was asked for" D "approval approval-s-1"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected event, public.t changed since it was asked for
                * refused 42501
                ! replayed
                > nothing
                * rejected event, another one was used before
                """);
    }

    /** The gateway has matched it to the hold when the client takes its statement back. */
    @Test
    void aGrantThatCrossesTheEndOfItsHoldIsRecorded() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! cancel
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * withdrawn
                ! granted late
                > nothing
                * rejected event, its statement waited for it no longer
                """);
    }

    @Test
    void aGrantWhoseStatementIsTakenBackWhileTheServerIsAskedIsRecorded() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! server silent
                ! granted
                ! client gone
                > nothing
                * rejected event, its statement waited for it no longer
                * withdrawn
                ! closed
                """);
    }

    @Test
    void aGrantForAnotherSessionIsNotThisOnesToRecord() {
        play(FIRST + """
                ! replayed to another session
                > nothing
                """);
    }
}
