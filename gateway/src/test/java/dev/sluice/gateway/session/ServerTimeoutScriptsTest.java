// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** A client that waits is told how long the server lets it, and nobody is asked who could not answer in that time. */
class ServerTimeoutScriptsTest {
    private static final String VERSION = """
            server ParameterStatus "server_version" "18.1"
            < ParameterStatus "server_version" "18.1"
            """;

    private static final String IN_TRANSACTION = VERSION + """
            client Query "begin"
            > Query "begin"
            * decided ALLOW SIMPLE "begin"
            server CommandComplete "BEGIN"
            server ReadyForQuery T
            < CommandComplete "BEGIN"
            < ReadyForQuery T
            * completed [BEGIN] rows 0
            """;

    @Test
    void aHoldEndsBeforeTheServerWouldEndAnIdleSession() {
        play(VERSION + """
                ! server timeout 10s
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:00:09Z; no longer, because of the server's idle_session_timeout of 10s" H "cancel the statement to withdraw it"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! heartbeat
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:00:09Z; no longer, because of the server's idle_session_timeout of 10s" H "cancel the statement to withdraw it"
                """);
    }

    @Test
    void insideATransactionItEndsBeforeTheServerWouldEndAnIdleOne() {
        play(IN_TRANSACTION + """
                ! server timeout 10s
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:00:09Z; the open transaction keeps its locks meanwhile; no longer, because of the server's idle_in_transaction_session_timeout of 10s" H "cancel the statement to withdraw it"
                """);
    }

    /** Of ten seconds five have gone. */
    @Test
    void aTransactionsWholeTimeCountsFromItsBeginning() {
        play(IN_TRANSACTION + """
                ! server timeout 10s
                ! later
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:00:04Z; the open transaction keeps its locks meanwhile; no longer, because of the server's transaction_timeout of 10s" H "cancel the statement to withdraw it"
                """);
    }

    @Test
    void nobodyIsAskedWhereTheServerWouldNotWaitASecond() {
        play(VERSION + """
                ! server timeout 1s
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and the server would end the session before people could answer" D "the server's idle_session_timeout is 1s" H "ask for a ticket (options='-c sluice.hold=return'), or set a longer idle_session_timeout"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }
}
