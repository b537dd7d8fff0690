// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** What is sent and answered only once it is recorded, in scripts. */
class RecordingScriptsTest {
    @Test
    void aWriteWaitsForItsRecord() {
        play("""
                ! acks off
                client Query "update t"
                > nothing
                ! ack
                > Query "update t"
                """);
    }

    @Test
    void aChangeOfObjectsIsToldOfAgainWhenItsTransactionHasEnded() {
        play("""
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "create t"
                > Query "create t"
                server CommandComplete "CREATE TABLE"
                server ReadyForQuery T
                < CommandComplete "CREATE TABLE"
                < ReadyForQuery T
                client Query "commit"
                > Query "commit"
                server CommandComplete "COMMIT"
                server ReadyForQuery I
                < CommandComplete "COMMIT"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "begin"
                * completed [BEGIN] rows 0
                * decided ALLOW SIMPLE "create t"
                * completed [CREATE TABLE] rows 0
                * catalog changed
                * decided ALLOW SIMPLE "commit"
                * completed [COMMIT] rows 0
                * catalog changed
                """);
    }

    @Test
    void aReadMayRunWhileItIsRecordedButItsAnswerWaits() {
        play("""
                ! acks off
                client Query "select 1"
                > Query "select 1"
                server CommandComplete "SELECT 0"
                server ReadyForQuery I
                < nothing
                ! ack
                < CommandComplete "SELECT 0"
                < ReadyForQuery I
                """);
    }

    @Test
    void aReadWaitsForItsRecordWhenKafkaHasNotAnsweredLately() {
        play("""
                ! later
                ! acks off
                client Query "select 1"
                > nothing
                ! ack
                > Query "select 1"
                """);
    }

    @Test
    void aParseThatIsNotExecutedIsRecordedBeforeItIsSent() {
        play("""
                client Parse "s" "select 1" 0
                client Describe S "s"
                > nothing
                client Sync
                * decided ALLOW PARSE "select 1"
                > Parse "s" "select 1" 0
                > Describe S "s"
                > Sync
                server ParseComplete
                server ParameterDescription 0
                server NoData
                server ReadyForQuery I
                < ParseComplete
                < ParameterDescription 0
                < NoData
                < ReadyForQuery I
                """);
    }

    @Test
    void statementsAreRefusedWhileTheyCannotBeRecordedAndTheSessionGoesOn() {
        play("""
                ! acks off
                client Query "update t"
                > nothing
                ! stalled
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                client Query "select 1"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                ! ack
                ! recovered
                client Query "select 1"
                > Query "select 1"
                """);
    }

    @Test
    void anUnsentPipelineIsTakenBackWholeWhenItCannotBeRecorded() {
        play("""
                ! acks off
                client Parse "" "update t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > nothing
                ! stalled
                > Sync
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                server ReadyForQuery I
                < ReadyForQuery I
                ! open
                """);
    }

    @Test
    void aStallAfterAnErrorTakesBackOnlyWhatIsStillOwed() {
        play("""
                client Parse "" "select 1" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                > Parse "" "select 1" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                ! acks off
                client Parse "" "update t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > nothing
                server ParseComplete
                server BindComplete
                server ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                < ParseComplete
                < BindComplete
                < ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                ! stalled
                > Sync
                server ReadyForQuery I
                < ReadyForQuery I
                ! open
                """);
    }

    @Test
    void whatWaitsForItsRecordIsTakenBackByCancelAndTheServerHearsNothing() {
        play("""
                ! acks off
                client Query "update t"
                client Query "update u"
                > nothing
                ! cancel
                ! not cancelled upstream
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "update t"
                * decided ALLOW SIMPLE "update u"
                * completed [] rows 0 57014
                * completed [] rows 0 57014
                * decided ALLOW SIMPLE "update u"
                ! ack
                > Query "update u"
                """);
    }

    @Test
    void cancelOfAnUnsentPipelineSkipsToItsSync() {
        play("""
                ! acks off
                client Parse "" "update t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > nothing
                ! cancel
                ! not cancelled upstream
                > Sync
                server ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                ! ack
                > nothing
                client Query "update u"
                > Query "update u"
                """);
    }

    @Test
    void cancelOfAnUnsentStatementFailsItsTransaction() {
        play("""
                client Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                > Query "begin"
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                ! acks off
                client Query "update t"
                > nothing
                ! cancel
                ! not cancelled upstream
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery E
                """);
    }

    @Test
    void whatIsBeingReadIsTakenBackByCancel() {
        play("""
                ! reading off
                client Query "update t"
                client Query "select 1"
                ! cancel
                ! not cancelled upstream
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                > nothing
                ! read
                > Query "select 1"
                """);
    }

    @Test
    void whatIsBeingResolvedIsTakenBackByCancelWithWhatWaitsBeforeIt() {
        play("""
                ! masked
                ! acks off
                client Query "update t"
                client Query "update u"
                ! binding off
                client Query "update v"
                ! cancel
                ! not cancelled upstream
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                ! ack
                ! bound
                > nothing
                ! bound
                > Query "update u"
                ! bound
                > Query "update v"
                """);
    }

    @Test
    void whatIsBeingResolvedIsTakenBackByCancel() {
        play("""
                ! masked
                ! binding off
                client Query "update t"
                ! cancel
                ! not cancelled upstream
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                ! bound
                > nothing
                """);
    }

    @Test
    void answersStayInOrderWhenTheRecordStallsWhileAStatementIsBeingRead() {
        play("""
                ! acks off
                client Query "update one"
                ! reading off
                client Query "denied two"
                client Query "update three"
                > nothing
                ! stalled
                < nothing
                ! read
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "update one"
                * completed [] rows 0 58030
                * decided DENY SIMPLE "update one"
                * decided DENY SIMPLE "denied two"
                * decided DENY SIMPLE "update three"
                """);
    }

    @Test
    void aStatementThatIsBeingReadWhenTheRecordStallsIsRefused() {
        play("""
                ! reading off
                client Query "select 1"
                ! stalled
                < nothing
                ! read
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                * decided DENY SIMPLE "select 1"
                """);
    }
}
