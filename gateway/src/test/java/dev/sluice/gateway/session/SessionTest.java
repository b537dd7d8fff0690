// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.policy.Mode;
import org.junit.jupiter.api.Test;

/** What a client sees, what the server sees and what is recorded, in scripts. */
class SessionTest {
    @Test
    void aReadPasses() {
        play("""
                client Query "select 1"
                > Query "select 1"
                server RowDescription 1 "n" 0 0 23 4 -1 0
                server DataRow 1 '1'
                server CommandComplete "SELECT 1"
                server ReadyForQuery I
                < RowDescription 1 "n" 0 0 23 4 -1 0
                < DataRow 1 '1'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "select 1"
                * completed [SELECT 1] rows 1
                """);
    }

    @Test
    void aDeniedStatementIsAnsweredWithoutTheServer() {
        play("""
                client Query "update denied"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement denied by rule word: the word says so"
                < ReadyForQuery I
                * decided DENY SIMPLE "update denied"
                ! open
                """);
    }

    @Test
    void aDenialInATransactionFailsTheTransactionOnTheServer() {
        play("""
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "update denied"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement denied by rule word: the word says so"
                < ReadyForQuery E
                """);
    }

    @Test
    void aDenialInAPipelineSkipsToSync() {
        play("""
                client Parse "" "update denied" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Sync
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement denied by rule word: the word says so"
                server ReadyForQuery I
                < ReadyForQuery I
                """);
    }

    @Test
    void whatParseNamesAnewIsJudgedAloneWithinItsSeries() {
        play("""
                client Parse "" "update held" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted
                > Parse "" "update held" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Sync
                server ParseComplete
                server BindComplete
                server CommandComplete "UPDATE 1"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < CommandComplete "UPDATE 1"
                < ReadyForQuery I
                client Parse "" "select 1" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select 1" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Sync
                """);
    }

    @Test
    void aDenialAbortsTheImplicitTransactionOfItsPipeline() {
        play("""
                client Parse "" "update t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Parse "" "update denied" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "update t" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Parse "" "refused by sluice: this text only fails the transaction of the refused statement" 0
                > Sync
                server ParseComplete
                server BindComplete
                server CommandComplete "UPDATE 1"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < CommandComplete "UPDATE 1"
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement denied by rule word: the word says so"
                < ReadyForQuery I
                """);
    }

    @Test
    void anErrorSkipsWhatWasSentBehindItAndWhatIsStillToCome() {
        play("""
                client Parse "" "select 1" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Flush
                > Parse "" "select 1" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Flush
                server ErrorResponse S "ERROR" V "ERROR" C "42P01" M "no such table"
                < ErrorResponse S "ERROR" V "ERROR" C "42P01" M "no such table"
                client Bind "" "" 0 0 0
                client Query "update t"
                client Sync
                > Sync
                server ReadyForQuery I
                < ReadyForQuery I
                * decided ALLOW EXECUTE "select 1"
                * completed [] rows 0 42P01
                """);
    }

    @Test
    void whatFollowsAChangeOfSettingsWaitsForIt() {
        play("""
                client Query "set standard_conforming_strings = off"
                client Query "select '\\\\x'"
                > Query "set standard_conforming_strings = off"
                server CommandComplete "SET"
                server ParameterStatus "standard_conforming_strings" "off"
                server ReadyForQuery I
                < CommandComplete "SET"
                < ParameterStatus "standard_conforming_strings" "off"
                < ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "0A000" M "this text cannot be judged under client_encoding UTF8 and standard_conforming_strings off"
                < ReadyForQuery I
                """);
    }

    @Test
    void aPipelineBehindAChangeOfSettingsIsNotLeftWaitingForItself() {
        play("""
                client Parse "" "set x" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Parse "" "select 1" 0
                client Sync
                > Parse "" "set x" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Flush
                server ParseComplete
                server BindComplete
                server CommandComplete "SET"
                < ParseComplete
                < BindComplete
                < CommandComplete "SET"
                > Parse "" "select 1" 0
                > Sync
                """);
    }

    @Test
    void textThatIsNotSqlIsAnsweredAsPostgresWould() {
        play("""
                client Query "select !syntax"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error at or near \\"!\\"" P "8"
                < ReadyForQuery I
                """);
    }

    @Test
    void observingForwardsWhatEnforcingWouldRefuse() {
        play(Mode.OBSERVE, """
                client Query "update denied"
                > Query "update denied"
                * decided DENY SIMPLE "update denied"
                """);
    }

    @Test
    void aRunningStatementEndsWithItsClient() {
        play("""
                client Query "select 1"
                > Query "select 1"
                ! client gone
                ! cancelled upstream
                ! closed
                * decided ALLOW SIMPLE "select 1"
                * completed [] rows 0 08006
                """);
    }

    @Test
    void anAnswerToNothingEndsTheSession() {
        play("""
                server CommandComplete "SELECT 1"
                < ErrorResponse S "FATAL" V "FATAL" C "08P01" M "the database server sent an unexpected CommandComplete"
                ! closed
                """);
    }

    @Test
    void drainingLetsARunningStatementFinish() {
        play("""
                client Query "select 1"
                > Query "select 1"
                ! drain
                ! open
                server CommandComplete "SELECT 0"
                server ReadyForQuery I
                < CommandComplete "SELECT 0"
                < ReadyForQuery I
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: the gateway is shutting down"
                ! closed
                """);
    }

    @Test
    void theDrainsDeadlineEndsAStatementThatStillRuns() {
        play("""
                client Query "select 1"
                > Query "select 1"
                ! drain
                ! open
                < nothing
                ! drain deadline
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: the gateway is shutting down"
                ! closed
                """);
    }

    @Test
    void aMessageWithAWrongBodyIsAnErrorAndTheSessionGoesOn() {
        play("""
                client Raw 'B\\x00\\x00\\x00\\x05x'
                client Sync
                < ErrorResponse S "ERROR" V "ERROR" C "08P01" M "Bind has no zero byte after portal name"
                > Sync
                ! open
                """);
    }

    @Test
    void noWordsOfOursEndUpInsideARowThatTheServerDidNotFinish() {
        play("""
                client Query "select 1"
                > Query "select 1"
                server Raw 'D\\x00\\x00\\x00\\x20\\x00\\x01'
                ! server gone
                < Raw 'D\\x00\\x00\\x00 \\x00\\x01'
                ! closed
                """);
    }

    @Test
    void textThatASettingMayChangeIsNotJudgedInThePipelineOfThatSetting() {
        play("""
                client Parse "" "set standard_conforming_strings=off" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Parse "" "select '\\\\x'" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "set standard_conforming_strings=off" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Flush
                server ParseComplete
                server BindComplete
                server CommandComplete "SET"
                > Parse "" "refused by sluice: this text only fails the transaction of the refused statement" 0
                > Sync
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < CommandComplete "SET"
                < ErrorResponse S "ERROR" V "ERROR" C "0A000" M "this text cannot be judged in one pipeline with a statement that may change how text is read; send it after a Sync"
                < ReadyForQuery I
                """);
    }

    @Test
    void aRefusedQueryDropsTheUnnamedStatementAsAnyQueryDoes() {
        play("""
                client Parse "" "select 1" 0
                client Sync
                > Parse "" "select 1" 0
                > Sync
                server ParseComplete
                server ReadyForQuery I
                < ParseComplete
                < ReadyForQuery I
                client Query "update denied"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement denied by rule word: the word says so"
                < ReadyForQuery I
                """);
    }

    @Test
    void theClientIsNotReadOnWhileTheServerOwesTenThousandAnswers() {
        play("client Sync\n".repeat(10_000) + "! client not read\n" + "> Sync\n".repeat(10_000));
    }
}
