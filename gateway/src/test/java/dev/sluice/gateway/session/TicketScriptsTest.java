// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.signature.StatementDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements whose clients come again, in scripts. */
class TicketScriptsTest {
    private static final HoldManner RETURNS = new HoldManner(HoldMode.RETURN, null, TransactionHold.HOLD);
    private static final HoldManner AUTO = new HoldManner(HoldMode.AUTO, Duration.ofSeconds(30), TransactionHold.HOLD);

    @Test
    void aNewStatementGetsATicketAtOnce() {
        play(RETURNS, """
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                """);
    }

    /** What they differ in is not recorded, but that they differ is. */
    @Test
    void textsThatAreShownAlikeAreHeldAsDifferentOnes() {
        var digests = new HashSet<StatementEvent.Hidden>();
        for (String sent : List.of("update held {one}", "update held {two}", "update held {one}")) {
            List<StatementEvent> recorded = SessionScript.recorded(RETURNS, """
                    client Query "%s"
                    > nothing
                    < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                    < ReadyForQuery I
                    * decided HOLD SIMPLE "update held ***"
                    * held "update held ***" as app in public
                    """.formatted(sent));
            var decided = (StatementEvent.StatementDecided) recorded.getFirst();
            var held = (StatementEvent.StatementHeld) recorded.getLast();
            assertThat(held.hidden()).isNotNull().isEqualTo(decided.hidden());
            assertThat(held.statementDigest()).isEqualTo(StatementDigest.bound(held));
            assertThat(decided.queryDigest()).isEqualTo(StatementDigest.ofText("update held ***"));
            digests.add(held.hidden());
        }
        assertThat(digests).hasSize(2);
    }

    @Test
    void anExtendedQueryGetsATicketAtItsExecute() {
        play(RETURNS, """
                client Parse "" "update held" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "update held" 0
                > Bind "" "" 0 0 0
                > Parse "sluice_refused" "refused by sluice: this text only fails the transaction of the refused statement" 0
                > Sync
                server ParseComplete
                server BindComplete
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                < ParseComplete
                < BindComplete
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                server ReadyForQuery I
                < ReadyForQuery I
                """);
    }

    @Test
    void theSameStatementAgainGetsTheSameTicket() {
        play(RETURNS, """
                ! ticket pending
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-other-9" D "ticket ticket-other-9; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:01:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }

    @Test
    void anApprovedStatementRunsWithoutAWord() {
        play(RETURNS, """
                client Query "update held"
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! ticket granted
                client Query "update held"
                > Query "update held"
                * decided HOLD SIMPLE "update held"
                * released verdict
                server CommandComplete "UPDATE 1"
                server ReadyForQuery I
                < CommandComplete "UPDATE 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void aForgedGrantBesideTheTrueOneIsRecorded() {
        play(RETURNS, """
                client Query "update held"
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! ticket granted after a forged one
                client Query "update held"
                > Query "update held"
                * decided HOLD SIMPLE "update held"
                * rejected event, the key is not known
                * released verdict
                server CommandComplete "UPDATE 1"
                server ReadyForQuery I
                < CommandComplete "UPDATE 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void aRejectedStatementIsRefusedWithTheReason() {
        play(RETURNS, """
                ! ticket rejected
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: rejected by pat: no" D "ticket ticket-other-9 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                """);
    }

    @Test
    void aVoidGrantIsRecorded() {
        play(RETURNS, """
                ! ticket void
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: its approval is void" D "ticket ticket-other-9 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                * rejected event, drift
                """);
    }

    @Test
    void whatIsNotKnownToBeApprovedDoesNotRun() {
        play(RETURNS, """
                ! ticket unavailable
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it is not known whether it is approved" D "the event log does not answer" H "try again"
                < ReadyForQuery I
                """);
    }

    @Test
    void aGrantUnderAPolicyThatHasChangedInThatMomentDoesNotCount() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted
                ! policy changed
                ! ticket decided
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                """);
    }

    @Test
    void aPatientClientIsServedAsSoonAsPeopleHaveAnswered() {
        play(AUTO, """
                client Query "update held"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted
                ! ticket decided
                > Query "update held"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * released verdict
                """);
    }

    @Test
    void aPatientClientGetsItsTicketInTheEnd() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! patience ended
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                """);
    }

    @Test
    void whoCancelsKeepsTheTicket() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! cancel
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request" D "ticket ticket-s-1 stays open" H "retry the identical statement after approval"
                < ReadyForQuery I
                """);
    }

    @Test
    void whoGoesKeepsTheTicket() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! client gone
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                ! closed
                """);
    }

    @Test
    void insideATransactionATicketFailsIt() {
        play(new HoldManner(HoldMode.WAIT, null, TransactionHold.RETURN), """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "update held"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-2" D "ticket ticket-s-2; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery E
                """);
    }

    @Test
    void insideATransactionAHoldCanBeDenied() {
        play(new HoldManner(HoldMode.WAIT, null, TransactionHold.DENY), """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "update held"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and cannot wait for it inside a transaction" D "the transaction would keep its locks for as long as people take" H "send the statement outside of a transaction block, where it waits for its approval"
                < ReadyForQuery E
                """);
    }

    @Test
    void aTicketIsVoidWhereATableHasChangedWhileItWasUsed() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted
                ! table changed
                ! ticket decided
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: its approval is void: public.t changed since it was asked for" D "ticket ticket-s-1 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected granted, public.t changed since it was asked for
                * refused 42501
                """);
    }

    @Test
    void aTicketThatEndsWhileItIsUsedRunsNothing() {
        play(AUTO, """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted
                ! hours pass
                ! ticket decided
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: its approval ended at 2026-01-01T12:05:00Z, while it was being used" D "ticket ticket-s-1 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                * rejected granted, its approval ended at 2026-01-01T12:05:00Z, while it was being used
                * refused 42501
                """);
    }

    @Test
    void whoseCredentialHasEndedMeanwhileRunsNothing() {
        play(Mode.ENFORCE, AUTO, Instant.parse("2026-01-01T12:02:00Z"), """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! ticket granted
                ! minutes pass
                ! ticket decided
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and the credential of this session ended at 2026-01-01T12:02:00Z" H "connect again with a new one"
                < ReadyForQuery I
                * decided HOLD SIMPLE "update held"
                * held "update held" as app in public
                """);
    }

    @Test
    void nobodyWaitsLongerThanTheServerLetsASessionWait() {
        play(AUTO, """
                ! server timeout 10s
                server ParameterStatus "server_version" "18.1"
                < ParameterStatus "server_version" "18.1"
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! waits 9s
                """);
    }

    @Test
    void nobodyWaitsBeyondTheEndOfTheCredential() {
        play(Mode.ENFORCE, AUTO, Instant.parse("2026-01-01T12:00:09Z"), """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! waits 9s
                """);
        play(Mode.ENFORCE, AUTO, Instant.parse("2026-01-01T12:01:00Z"), """
                client Query "update held"
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
                ! waits 30s
                """);
    }

    /** A grant that has come late is still there for whoever comes with a new credential. */
    @Test
    void whoseCredentialHasEndedUsesNothingUp() {
        play(Mode.ENFORCE, RETURNS, Instant.parse("2026-01-01T12:02:00Z"), """
                ! minutes pass
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and the credential of this session ended at 2026-01-01T12:02:00Z" H "connect again with a new one"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                ! ticket not asked for
                """);
    }
}
