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
}
