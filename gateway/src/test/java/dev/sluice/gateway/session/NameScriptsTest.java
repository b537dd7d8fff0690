// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StandsFor;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.StatementDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that the client gives to statements, and what they stand for, in scripts. */
class NameScriptsTest {
    @Test
    void aPrepareThatFailsDoesNotChangeWhatExecuteIsJudgedBy() {
        play("""
                client Query "PREPARE p AS update t"
                > Query "PREPARE p AS update t"
                server CommandComplete "PREPARE"
                server ReadyForQuery I
                < CommandComplete "PREPARE"
                < ReadyForQuery I
                client Query "PREPARE p AS select 1"
                > Query "PREPARE p AS select 1"
                server ErrorResponse S "ERROR" V "ERROR" C "42P05" M "exists"
                server ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "42P05" M "exists"
                < ReadyForQuery I
                client Query "EXECUTE p"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-3" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                """);
    }

    private static final HoldManner RETURNS = new HoldManner(HoldMode.RETURN, null, TransactionHold.HOLD);

    private static StatementHeld heldAfter(String preparing, String executing) {
        String done = "CommandComplete \"PREPARE\"\n";
        List<StatementEvent> recorded = SessionScript.recorded(RETURNS, """
                client Query "%s"
                > Query "%s"
                %sserver ReadyForQuery I
                %s< ReadyForQuery I
                client Query "%s"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-2" D "ticket ticket-s-2; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                """.formatted(preparing, preparing, ("server " + done).repeat(preparing.split(";").length), ("< " + done).repeat(preparing.split(";").length), executing));
        return (StatementHeld) recorded.getLast();
    }

    @Test
    void whatAPreparedStatementStandsForIsPartOfWhatIsApproved() {
        StatementHeld held = heldAfter("PREPARE p AS update t one", "EXECUTE p");
        assertThat(held.query()).isEqualTo("EXECUTE p");
        assertThat(held.standsFor()).containsExactly(new StandsFor("p", "PREPARE p AS update t one", List.of(), List.of()));
        assertThat(held.statementDigest())
                .isEqualTo(StatementDigest.bound(held))
                .isNotEqualTo(heldAfter("PREPARE p AS update t all", "EXECUTE p").statementDigest());
    }

    /** Else one of them could be put in the other's place. */
    @Test
    void ofATextWithSeveralStatementsOnlyTheOneThatGivesTheNameIsShown() {
        assertThat(heldAfter("PREPARE q AS update t; PREPARE p AS update u", "EXECUTE p").standsFor())
                .containsExactly(new StandsFor("p", "PREPARE p AS update u", List.of(), List.of()));
    }

    @Test
    void whatIsPreparedInTheSameTextIsSaidByThatText() {
        List<StatementEvent> recorded = SessionScript.recorded(SessionScript.WAITS, """
                client Query "PREPARE p AS update t; EXECUTE p"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                """);
        assertThat(((StatementHeld) recorded.getLast()).standsFor()).isNull();
    }

    @Test
    void aStatementOfTheProtocolIsShownWithItsTypes() {
        List<StatementEvent> recorded = SessionScript.recorded(SessionScript.WAITS, """
                client Parse "p" "update t" 1 23
                client Sync
                > Parse "p" "update t" 1 23
                > Sync
                server ParseComplete
                server ReadyForQuery I
                < ParseComplete
                < ReadyForQuery I
                client Query "EXECUTE p"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                """);
        assertThat(((StatementHeld) recorded.getLast()).standsFor()).containsExactly(new StandsFor("p", "update t", List.of(23L), List.of()));
    }

    @Test
    void aCursorIsShownWithWhatItReads() {
        List<StatementEvent> recorded = SessionScript.recorded(SessionScript.WAITS, DECLARED + """
                client Query "delete held at c"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-2" D "approval by 1 of dba, until 2026-01-01T12:02:00Z; the open transaction keeps its locks meanwhile" H "cancel the statement to withdraw it"
                """);
        assertThat(((StatementHeld) recorded.getLast()).standsFor()).containsExactly(new StandsFor("c", "DECLARE c CURSOR FOR select 1", List.of(), List.of()));
    }

    private static final String DECLARED = """
            client Query "DECLARE c CURSOR FOR select 1"
            > Query "DECLARE c CURSOR FOR select 1"
            server CommandComplete "DECLARE CURSOR"
            server ReadyForQuery T
            < CommandComplete "DECLARE CURSOR"
            < ReadyForQuery T
            """;

    /** When it came again its cursor could stand elsewhere. */
    @Test
    void aStatementAtACursorGetsNoTicket() {
        play(RETURNS, DECLARED + """
                client Query "delete held at c"
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and cannot be given a ticket" D "it works on the row at which a cursor stands, and that may be another one when the statement comes again" H "name the row by its key, or wait for the approval (options='-c sluice.hold=wait')"
                < ReadyForQuery E
                """);
    }

    @Test
    void aStatementAtACursorThatIsNotKnownIsNotShownToAnybody() {
        play("""
                client Query "delete held at c"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and cannot be shown to approvers" D "the gateway does not know the text that \\"c\\" stands for" H "send the statement itself, without a name that stands for it"
                < ReadyForQuery I
                """);
    }

    @Test
    void executeOfANameThatNobodyPreparedIsRefused() {
        play("""
                client Query "EXECUTE p"
                > Query "SELECT \\"refused by sluice\\""
                server ErrorResponse S "ERROR" V "ERROR" C "42703" M "no such column"
                server ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "26000" M "prepared statement \\"p\\" does not exist"
                < ReadyForQuery I
                """);
    }

    @Test
    void executeOfAStatementThatUsesNamesItselfIsRefused() {
        play("""
                client Parse "p" "PREPARE t AS update x" 0
                client Sync
                > Parse "p" "PREPARE t AS update x" 0
                > Sync
                server ParseComplete
                server ReadyForQuery I
                < ParseComplete
                < ReadyForQuery I
                client Query "EXECUTE p"
                > Query "SELECT \\"refused by sluice\\""
                server ErrorResponse S "ERROR" V "ERROR" C "42703" M "no such column"
                server ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "it is not clear what EXECUTE \\"p\\" would run" D "the name is being given a new meaning, or stands for a statement that itself uses or changes names" H "wait for the answer to PREPARE before EXECUTE, and send utility statements as they are"
                < ReadyForQuery I
                """);
    }

    @Test
    void aPortalThatIsBeingClosedIsWaitedForAndThenMissing() {
        play("""
                client Parse "" "EXECUTE p" 0
                client Bind "" "" 0 0 0
                client Close P ""
                client Execute "" 0
                client Sync
                > Parse "" "EXECUTE p" 0
                > Bind "" "" 0 0 0
                > Close P ""
                > Flush
                server ParseComplete
                server BindComplete
                server CloseComplete
                > Parse "sluice_refused" "refused by sluice: this text only fails the transaction of the refused statement" 0
                > Sync
                server ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < CloseComplete
                < ErrorResponse S "ERROR" V "ERROR" C "34000" M "portal \\"\\" does not exist"
                < ReadyForQuery I
                * decided ALLOW PARSE "EXECUTE p"
                """);
    }

    @Test
    void theServerIsAskedForItsOwnObjectionsToAnUnclearName() {
        String bound = """
                client Query "begin"
                client Parse "" "EXECUTE p" 0
                client Bind "" "" 0 0 0
                client Sync
                > Query "begin"
                > Parse "" "EXECUTE p" 0
                > Bind "" "" 0 0 0
                > Sync
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                server ParseComplete
                server BindComplete
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                < ParseComplete
                < BindComplete
                < ReadyForQuery T
                client Execute "" 0
                client Sync
                > Describe P ""
                > Parse "sluice_refused" "SELECT \\"refused by sluice\\"" 0
                > Sync
                """;
        play(bound + """
                server NoData
                server ErrorResponse S "ERROR" V "ERROR" C "42703" M "no such column"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "26000" M "prepared statement \\"p\\" does not exist"
                < ReadyForQuery E
                """);
        play(bound + """
                server NoData
                server ErrorResponse S "ERROR" V "ERROR" C "25P02" M "failed before"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "25P02" M "current transaction is aborted, commands ignored until end of transaction block"
                < ReadyForQuery E
                """);
        play(bound + """
                server ErrorResponse S "ERROR" V "ERROR" C "34000" M "no portal"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "34000" M "portal \\"\\" does not exist"
                < ReadyForQuery E
                """);
    }

    @Test
    void executeWaitsForThePrepareThatMakesItClear() {
        play("""
                client Query "PREPARE p AS select 1"
                client Query "DEALLOCATE p"
                client Query "PREPARE p AS select 2"
                client Query "EXECUTE p"
                > Query "PREPARE p AS select 1"
                > Query "DEALLOCATE p"
                > Query "PREPARE p AS select 2"
                server CommandComplete "PREPARE"
                server ReadyForQuery I
                server CommandComplete "DEALLOCATE"
                server ReadyForQuery I
                server CommandComplete "PREPARE"
                server ReadyForQuery I
                > Query "EXECUTE p"
                < CommandComplete "PREPARE"
                < ReadyForQuery I
                < CommandComplete "DEALLOCATE"
                < ReadyForQuery I
                < CommandComplete "PREPARE"
                < ReadyForQuery I
                """);
    }

    @Test
    void theServerIsAskedForAPortalThatAFailedBindMayHaveLeftBehind() {
        play("""
                client Query "begin"
                client Query "explode"
                > Query "begin"
                > Query "explode"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                server ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                server ReadyForQuery E
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                < ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                < ReadyForQuery E
                client Execute "" 0
                client Sync
                > Describe P ""
                > Parse "sluice_refused" "SELECT \\"refused by sluice\\"" 0
                > Sync
                server NoData
                server ErrorResponse S "ERROR" V "ERROR" C "25P02" M "failed before"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "25P02" M "current transaction is aborted, commands ignored until end of transaction block"
                < ReadyForQuery E
                """);
    }

    /** What it waits for may fail the transaction, and leave its portal behind. */
    @Test
    void aPortalThatIsNotKnownWaitsForWhatIsOnItsWay() {
        play("""
                client Query "begin"
                client Query "explode"
                client Execute "" 0
                client Sync
                > Query "begin"
                > Query "explode"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                server ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                server ReadyForQuery E
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                < ErrorResponse S "ERROR" V "ERROR" C "22012" M "division by zero"
                < ReadyForQuery E
                > Describe P ""
                > Parse "sluice_refused" "SELECT \\"refused by sluice\\"" 0
                > Sync
                server NoData
                server ErrorResponse S "ERROR" V "ERROR" C "25P02" M "failed before"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "25P02" M "current transaction is aborted, commands ignored until end of transaction block"
                < ReadyForQuery E
                """);
    }

    private static String asTheServerSaysIt(String requests, String... answers) {
        String given = String.join("\n", answers) + "\n";
        return requests + requests.replace("client", ">") + given + given.replace("server", "<");
    }

    @Test
    void deallocateAllLeavesTheUnnamedStatement() {
        play(asTheServerSaysIt("""
                client Parse "" "DEALLOCATE ALL" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                """, "server ParseComplete", "server BindComplete", "server CommandComplete \"DEALLOCATE ALL\"", "server ReadyForQuery I")
                + asTheServerSaysIt("""
                client Bind "" "" 0 0 0
                client Sync
                """, "server BindComplete", "server ReadyForQuery I"));
    }

    @Test
    void thePortalThatHasEndedTheTransactionIsTheServersToRefuse() {
        play(asTheServerSaysIt("""
                client Parse "" "commit" 0
                client Bind "p" "" 0 0 0
                client Execute "p" 0
                client Flush
                """, "server ParseComplete", "server BindComplete", "server CommandComplete \"COMMIT\"")
                + asTheServerSaysIt("""
                client Execute "p" 0
                client Sync
                """, "server ErrorResponse S \"ERROR\" V \"ERROR\" C \"55000\" M \"portal \\\"p\\\" cannot be run\"", "server ReadyForQuery I"));
    }

    @Test
    void aNameWithManyMeaningsOnTheirWayWaitsForTheAnswers() {
        String texts = """
                client Parse "" "select 1" 0
                client Sync
                client Parse "" "update t" 0
                client Sync
                client Parse "" "select 3" 0
                client Sync
                """;
        String answers = """
                server ParseComplete
                server ReadyForQuery I
                """;
        play(texts + """
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                """ + texts.replace("client", ">") + answers.repeat(3) + answers.replace("server", "<").repeat(3) + """
                > Bind "" "" 0 0 0
                > Execute "" 0
                > Sync
                * decided ALLOW PARSE "select 1"
                * decided ALLOW PARSE "update t"
                * decided ALLOW PARSE "select 3"
                * decided ALLOW EXECUTE "select 3"
                """);
    }
}
