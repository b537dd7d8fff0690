// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** Every script also proves that what was kept is what the client was given: the script player compares the digests. */
class KeptAnswersTest {
    @Test
    void aWholeAnswerIsKept() {
        play("""
                client Query "select kept"
                > Query "select kept"
                server RowDescription 1 "n" 0 0 23 4 -1 0
                server DataRow 1 '1'
                server DataRow 1 NULL
                server CommandComplete "SELECT 2"
                server ReadyForQuery I
                < RowDescription 1 "n" 0 0 23 4 -1 0
                < DataRow 1 '1'
                < DataRow 1 NULL
                < CommandComplete "SELECT 2"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "select kept"
                * kept 2 rows, last
                * completed [SELECT 2] rows 2
                """);
    }

    @Test
    void rowsBeyondTheLimitAreDeliveredAndNotKept() {
        play("""
                client Query "select first"
                > Query "select first"
                server RowDescription 1 "n" 0 0 23 4 -1 0
                server DataRow 1 '1'
                server DataRow 1 '2'
                server DataRow 1 '3'
                server CommandComplete "SELECT 3"
                server ReadyForQuery I
                < RowDescription 1 "n" 0 0 23 4 -1 0
                < DataRow 1 '1'
                < DataRow 1 '2'
                < DataRow 1 '3'
                < CommandComplete "SELECT 3"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "select first"
                * kept 1 rows, last
                * completed [SELECT 3] rows 3
                """);
    }

    @Test
    void theEndOfAnAnswerWaitsUntilKafkaHasAllOfIt() {
        play("""
                client Query "select kept"
                > Query "select kept"
                server RowDescription 1 "n" 0 0 23 4 -1 0
                < RowDescription 1 "n" 0 0 23 4 -1 0
                ! acks off
                server DataRow 1 '1'
                server CommandComplete "SELECT 1"
                < DataRow 1 '1'
                < CommandComplete "SELECT 1"
                server ReadyForQuery I
                < nothing
                * decided ALLOW SIMPLE "select kept"
                * kept 1 rows, last
                * completed [SELECT 1] rows 1
                ! ack
                < ReadyForQuery I
                """);
    }

    @Test
    void anAnswerThatCannotBeKeptEndsTheSession() {
        play("""
                client Query "select kept"
                > Query "select kept"
                ! acks off
                server RowDescription 1 "n" 0 0 23 4 -1 0
                server DataRow 1 '1'
                server CommandComplete "SELECT 1"
                < RowDescription 1 "n" 0 0 23 4 -1 0
                < DataRow 1 '1'
                < CommandComplete "SELECT 1"
                ! stalled
                ! open
                server ReadyForQuery I
                < ErrorResponse S "FATAL" V "FATAL" C "58030" M "the session ends because its statements cannot be recorded"
                * decided ALLOW SIMPLE "select kept"
                * kept 1 rows, last
                * completed [SELECT 1] rows 1
                ! closed
                """);
    }

    @Test
    void anExecutesAnswerIsKeptAndItsEndWaitsToo() {
        play("""
                client Parse "" "select kept" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select kept" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Sync
                ! acks off
                server ParseComplete
                server BindComplete
                server DataRow 1 'C'
                server CommandComplete "SELECT 1"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < DataRow 1 'C'
                * decided ALLOW EXECUTE "select kept"
                * kept 1 rows, last
                * completed [SELECT 1] rows 1
                ! ack
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void copiedDataIsKeptLikeRows() {
        play("""
                client Query "select kept copy"
                > Query "select kept copy"
                server CopyOutResponse 0 1 0
                server CopyData '310a'
                server CopyDone
                server CommandComplete "COPY 1"
                server ReadyForQuery I
                < CopyOutResponse 0 1 0
                < CopyData '310a'
                < CopyDone
                < CommandComplete "COPY 1"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "select kept copy"
                * kept 1 rows, last
                * completed [COPY 1] rows 0
                """);
    }
}
