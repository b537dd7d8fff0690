// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The catalog that masks are bound to is older than what the server resolves statements to. */
class OldCatalogTest extends MaskedSessionScripts {
    @Test
    void whatTheCatalogStillDoesNotHaveAfterItWasReadAnewIsRefused() {
        others = Set.of(20_099);
        client("Query \"SELECT ssn FROM people\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("relation 20099 is new");
        assertThat(readings).isEqualTo(1);
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void aMaskedNameThatStandsForAnotherTableIsRefused() {
        resolvesToMasked = false;
        others = Set.of(20_001);
        client("Query \"SELECT ssn || '' FROM people\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("stands for another relation");
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void whatTheOpenTransactionHasMadeIsLookedForOnce() {
        runs("BEGIN", "BEGIN", "T");
        runs("CREATE TABLE made (id int4)", "CREATE TABLE", "T");
        int before = questions;
        others = Set.of(20_099);
        sent();
        for (int i = 0; i < 3; i++) {
            client("Query \"SELECT ssn, " + i + " FROM people, made\"");
            assertThat(sent()).contains("SELECT ssn, " + i);
            server("RowDescription " + MASKED + "\nCommandComplete \"SELECT 0\"\nReadyForQuery T");
        }

        assertThat(questions - before).isEqualTo(2 + 1 + 1);
    }

    @Test
    void rowsFromARelationThatIsNewAreNotShown() {
        client("Query \"SELECT name FROM depts\"");
        server("RowDescription 1 \"name\" 20077 1 25 -1 -1 0\nDataRow 1 'lab'\nCommandComplete \"SELECT 1\"\nReadyForQuery I");

        assertThat(told()).contains("relation 20077, or a column of it, is new").contains("ReadyForQuery").doesNotContain("'lab'");
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void aTransactionWhoseRowsAreWithheldHasFailed() {
        runs("BEGIN", "BEGIN", "T");
        told();
        client("Query \"SELECT name FROM depts\"");
        server("RowDescription 1 \"name\" 20077 1 25 -1 -1 0\nDataRow 1 'lab'\nCommandComplete \"SELECT 1\"\nReadyForQuery T");
        assertThat(told()).doesNotContain("'lab'").doesNotContain("ReadyForQuery");
        server("ErrorResponse S \"ERROR\" C \"22012\" M \"division by zero\"\nReadyForQuery E");

        assertThat(told()).contains("ReadyForQuery E");
    }
}
