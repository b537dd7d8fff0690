// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.lineage.Disagreement;
import org.junit.jupiter.api.Test;

/** What a masked caller's statement means may change between the moment when it is resolved and the one when it runs. */
class MaskedSessionTest extends MaskedSessionScripts {
    @Test
    void whatFollowsTheEndOfAFailedTransactionDoesNotRunUnresolved() {
        runs("BEGIN", "BEGIN", "T");
        client("Query \"SELECT 1/0\"");
        server("ErrorResponse S \"ERROR\" C \"22012\" M \"division by zero\"\nReadyForQuery E");
        sent();
        told();

        client("Query \"ROLLBACK; INSERT INTO mine SELECT ssn FROM people\"");

        assertThat(sent()).doesNotContain("INSERT");
        client("Query \"SELECT ssn FROM people\"");
        assertThat(sent()).contains("SELECT ssn");
    }

    @Test
    void behindTheEndOfATransactionThatChangedThePathNothingIsResolved() {
        runs("BEGIN", "BEGIN", "T");
        runs("SET LOCAL search_path = other", "SET", "T");
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        runs("ROLLBACK TO a", "ROLLBACK", "T");
        resolvesToMasked = false;
        sent();

        client("Query \"COMMIT; SELECT ssn || '' FROM people\"");

        assertThat(sent()).doesNotContain("COMMIT");
    }

    @Test
    void behindTheEndOfATransactionThatChangedNothingAllIsAsBefore() {
        runs("BEGIN", "BEGIN", "T");

        client("Query \"COMMIT; SELECT ssn FROM people\"");

        assertThat(sent()).contains("COMMIT; SELECT ssn");
    }

    @Test
    void aPlanDoesNotOutliveTheImplicitTransactionThatItWasMadeIn() {
        client("Parse \"t\" \"SET LOCAL search_path = other\" 0", "Bind \"\" \"t\" 0 0 0", "Execute \"\" 0", "Parse \"s\" \"SELECT ssn FROM people\" 0");
        resolvesToMasked = false;
        server("ParseComplete\nBindComplete\nNoData\nCommandComplete \"SET\"");
        client("Sync");
        server("ParseComplete\nReadyForQuery I");
        resolvesToMasked = true;
        int before = questions;

        client("Bind \"\" \"s\" 0 0 0", "Execute \"\" 0", "Sync");
        server("BindComplete\nRowDescription " + MASKED + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(before).isEqualTo(1);
        assertThat(questions).isEqualTo(2);
        assertThat(told()).contains("***").doesNotContain("912");
    }

    @Test
    void aPlanIsRememberedOnceATransactionIsOver() {
        runs("SET search_path = public", "SET", "I");
        for (int i = 0; i < 3; i++) {
            client("Query \"SELECT ssn FROM people\"");
            server("RowDescription " + MASKED + "\nCommandComplete \"SELECT 0\"\nReadyForQuery I");
        }

        assertThat(questions).isEqualTo(1);
    }

    private void bindsPortal() {
        client("Parse \"\" \"SELECT name FROM depts\" 0", "Bind \"c\" \"\" 0 0 0", "Sync");
        server("ParseComplete\nBindComplete\nReadyForQuery T");
    }

    private void declaresCursor() {
        client("Query \"DECLARE c CURSOR FOR SELECT ssn FROM people\"");
        server("CommandComplete \"DECLARE CURSOR\"\nReadyForQuery T");
        sent();
    }

    @Test
    void aCursorIsNotTakenForAPortalThatASavepointHasEnded() {
        runs("BEGIN", "BEGIN", "T");
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        bindsPortal();
        runs("ROLLBACK TO a", "ROLLBACK", "T");
        declaresCursor();

        client("Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aCursorIsNotTakenForAPortalThatATransactionHasEnded() {
        runs("BEGIN", "BEGIN", "T");
        bindsPortal();
        client("Query \"COMMIT; BEGIN\"");
        server("CommandComplete \"COMMIT\"\nCommandComplete \"BEGIN\"\nReadyForQuery T");
        declaresCursor();

        client("Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aCursorIsNotTakenForAPortalThatMayNotBeMade() {
        runs("BEGIN", "BEGIN", "T");
        declaresCursor();
        runs("SAVEPOINT a", "SAVEPOINT", "T");
        sent();

        client("Parse \"\" \"SELECT name FROM depts\" 0", "Bind \"c\" \"\" 0 0 0", "Sync", "Query \"ROLLBACK TO a\"", "Execute \"c\" 0", "Sync");

        assertThat(sent()).doesNotContain("Execute \"c\"");
    }

    @Test
    void aPortalIsDescribedBeforeItsRowsAreShown() {
        resolvesToMasked = false;
        client("Parse \"\" \"SELECT ssn FROM people\" 0", "Bind \"\" \"\" 0 0 0", "Execute \"\" 0", "Sync");

        assertThat(sent()).contains("Describe P \"\"");
        server("ParseComplete\nBindComplete\nRowDescription " + MASKED + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(told()).contains("the server says that the result shows public.people.ssn").doesNotContain("912");
        assertThat(disagreements).containsExactly(Disagreement.DESCRIPTION);
    }

    @Test
    void anAnswerOfOtherColumnsThanThoseThatWereResolvedIsWithheld() {
        client("Query \"SELECT ssn FROM people\"");
        server("RowDescription " + PLAIN + "\nDataRow 1 '912-84-7735'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(told()).contains("other columns than those that the statement was resolved to").doesNotContain("912");
        assertThat(disagreements).as("the catalog is old, and the walk was right").isEmpty();
    }

    @Test
    void errorsOfConstraintsThatWerePutOffTellNoValue() {
        runs("BEGIN", "BEGIN", "T");
        runs("UPDATE people SET id = 4", "UPDATE 1", "T");
        told();

        client("Query \"COMMIT\"");
        server("ErrorResponse S \"ERROR\" C \"23503\" M \"violates\" D \"Key (ssn)=(912-84-7735) is still referenced\"\nReadyForQuery I");

        assertThat(told()).contains("23503").doesNotContain("912");
    }

    @Test
    void errorsAtTheEndOfASeriesTellNoValueEither() {
        client("Parse \"\" \"UPDATE people SET id = 4\" 0", "Bind \"\" \"\" 0 0 0", "Execute \"\" 0", "Sync");
        server("ParseComplete\nBindComplete\nNoData\nCommandComplete \"UPDATE 1\"");
        server("ErrorResponse S \"ERROR\" C \"23503\" M \"violates\" D \"Key (ssn)=(912-84-7735) is still referenced\"\nReadyForQuery I");
        assertThat(told()).contains("23503").doesNotContain("912");

        client("Query \"INSERT INTO depts VALUES ('lab')\"");
        server("ErrorResponse S \"ERROR\" C \"23505\" M \"duplicate\" D \"Key (name)=(lab) already exists.\"\nReadyForQuery I");
        assertThat(told()).contains("Key (name)=(lab) already exists.");
    }

    @Test
    void explainTellsPlansOfMaskedColumnsAndNoSizes() {
        client("Query \"EXPLAIN SELECT ssn FROM people\"");
        assertThat(sent()).contains("EXPLAIN SELECT");
        server("RowDescription 1 \"QUERY PLAN\" 0 0 25 -1 -1 0\nDataRow 1 'Seq Scan on people'\nCommandComplete \"EXPLAIN\"\nReadyForQuery I");
        assertThat(told()).contains("Seq Scan");

        client("Query \"EXPLAIN (ANALYZE) SELECT ssn FROM people\"");
        assertThat(sent()).isEmpty();
        assertThat(told()).contains("EXPLAIN ANALYZE would tell sizes");
    }

    @Test
    void rowsOfCopyAreMaskedInUtf8Alone() {
        client("Query \"COPY (SELECT ssn FROM people) TO STDOUT\"");
        assertThat(sent()).contains("COPY");
        server("CopyOutResponse 0 1 0\nCopyDone\nCommandComplete \"COPY 0\"\nReadyForQuery I");

        client("Query \"SET client_encoding = 'SJIS'\"");
        server("CommandComplete \"SET\"\nParameterStatus \"client_encoding\" \"SJIS\"\nReadyForQuery I");
        sent();
        told();
        client("Query \"COPY (SELECT ssn FROM people) TO STDOUT\"");
        assertThat(sent()).isEmpty();
        assertThat(told()).contains("SET client_encoding = 'UTF8'");
    }
}
