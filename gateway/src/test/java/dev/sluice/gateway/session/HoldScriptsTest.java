// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.policy.Mode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Statements that wait for people, in scripts. */
class HoldScriptsTest {
    private static final String WAITING =
            "NoticeResponse S \"NOTICE\" V \"NOTICE\" C \"00000\" M \"statement held by rule word: waiting for approval approval-s-1\" D \"approval by 1 of dba, until 2026-01-01T12:05:00Z\" H \"cancel the statement to withdraw it\"";

    @Test
    void aHeldStatementIsReleasedByItsGrantAlone() {
        play("""
                client Query "update held"
                client Query "select 2"
                > nothing
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
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
    void aClientThatWaitsIsToldSoAgainAtEachHeartbeat() {
        play("""
                client Query "update held"
                < %1$s
                ! heartbeat
                < %1$s
                ! minutes pass
                ! heartbeat
                < %1$s
                ! granted
                > Query "update held"
                ! heartbeat
                < nothing
                """.formatted(WAITING));
    }

    @Test
    void aHeartbeatDoesNotBreakIntoTheEndOfAHold() {
        play("""
                client Query "update held"
                < %1$s
                ! refused
                ! heartbeat
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: not today" D "approval approval-s-1"
                < ReadyForQuery I
                """.formatted(WAITING));
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
                * held "update held" as app in public
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
                * held "update held" as app in public
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
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted
                > Parse "" "update held" 1 23
                > Bind "" "" 0 1 '7' 0
                > Execute "" 0
                > Sync
                """);
    }

    @Test
    void theNoticeOfAHoldWaitsForTheEndOfARow() {
        play("""
                client Query "select 1"
                > Query "select 1"
                server Raw 'D\\x00\\x00\\x00\\x0b\\x00\\x01\\x00'
                client Query "update t"
                > Query "update t"
                server Raw '\\x00\\x00\\x011'
                server CommandComplete "SELECT 1"
                server ReadyForQuery I
                < DataRow 1 '1'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void aStallEndsAHoldWhoseParseAndBindHaveNotBeenSent() {
        play("""
                client Parse "" "update held" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! acks off
                ! stalled
                > Sync
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                ! granted
                > nothing
                """);
    }

    @Test
    void whatIsInFlightIsAnsweredBeforeAStatementIsHeldBehindIt() {
        play("""
                client Query "begin"
                client Query "update held"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:02:00Z; the open transaction keeps its locks meanwhile" H "cancel the statement to withdraw it"
                """);
    }

    @Test
    void aGrantThatComesAgainAfterItsUseIsRecorded() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! granted
                > Query "update held"
                * released verdict
                ! replayed
                > nothing
                * rejected event, another one was used before
                """);
    }

    @Test
    void aGrantThatIsNotValidIsRecordedAndTheHoldStaysOpen() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! forged
                > nothing
                < nothing
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected event, the signature does not verify
                ! granted
                > Query "update held"
                * released verdict
                """);
    }

    @Test
    void aHoldForWhichThereIsNoRoomAsksNobody() {
        play("""
                ! full
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "53400" M "statement needs approval by rule word and as many are held already as the gateway allows" H "try again when some of them have been decided"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }

    @Test
    void aHoldDoesNotOutlastTheCredentialOfItsRequester() {
        play(Mode.ENFORCE, Instant.parse("2026-01-01T12:02:00Z"), """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:02:00Z" H "cancel the statement to withdraw it"
                """);
        play(Mode.ENFORCE, Instant.parse("2026-01-01T13:00:00Z"), """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                """);
    }

    @Test
    void nobodyIsAskedForARequesterWhoseCredentialHasEnded() {
        play(Mode.ENFORCE, Instant.parse("2026-01-01T12:00:00Z"), """
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and the credential of this session ended at 2026-01-01T12:00:00Z" H "connect again with a new one"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }

    @Test
    void anApprovalIsForTheRoleThatTheServerNames() {
        play("""
                ! role admin
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                * decided HOLD SIMPLE "update held"
                * held "update held" as admin in public
                """);
    }

    @Test
    void whatWouldRunNobodyKnowsWhereIsNotHeld() {
        play("""
                ! surroundings unknown
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and cannot be held" D "the server did not say under which role and search_path it would run, or what the objects look like that it names, and an approval is for these alone"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }

    @Test
    void aGrantDoesNotCoverATableThatHasChangedMeanwhile() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! table changed
                ! granted
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: public.t changed since it was asked for" D "approval approval-s-1"
                < ReadyForQuery I
                """);
    }

    @Test
    void aGrantIsVoidWhenThePolicyHasChangedMeanwhile() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! policy changed
                ! granted
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: the policy has changed since it was asked for" D "approval approval-s-1"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected event, the policy has changed since it was asked for
                * refused 42501
                """);
    }

    @Test
    void theEndOfTheGatewayWithdrawsAHold() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! drain
                < ErrorResponse S "FATAL" V "FATAL" C "57P01" M "terminating connection: the gateway is shutting down"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * withdrawn
                ! closed
                """);
    }

    @Test
    void whatIsSentBehindAHoldIsBounded() {
        String flood = "select '" + "x".repeat(70_000) + "'";
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                client Query "%(F)s"
                < ErrorResponse S "ERROR" V "ERROR" C "53400" M "held statement was not released: more than 65536 bytes were sent behind a held statement" D "approval approval-s-1"
                < ReadyForQuery I
                > Query "%(F)s"
                """.replace("%(F)s", flood));
    }

    @Test
    void whatIsSentBehindAStatementIsBoundedBeforeItIsHeldToo() {
        play("""
                ! server silent
                client Query "update held"
                client Query "%(F)s"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                > Query "%(F)s"
                """.replace("%(F)s", "select '" + "x".repeat(70_000) + "'"));
    }

    @Test
    void severalStatementsInOneTextAreOneHold() {
        play("""
                client Query "select 1; update held; select 2"
                > nothing
                * decided HOLD SIMPLE "select 1; update held; select 2"
                * held "select 1; update held; select 2" as app in public
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! granted
                > Query "select 1; update held; select 2"
                """);
    }

    @Test
    void aGrantIsVoidWhereTheServerDoesNotSayWhetherAllIsAsItWas() {
        play("""
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                ! objects unknown
                ! granted
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: the server did not say whether the objects that it names are as they were" D "approval approval-s-1"
                < ReadyForQuery I
                """);
    }

    @Test
    void nothingIsHeldWhereTheServerDoesNotSayWhatItIsAbout() {
        play("""
                ! objects unknown
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and cannot be held" D "the server did not say under which role and search_path it would run, or what the objects look like that it names, and an approval is for these alone"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }
}
