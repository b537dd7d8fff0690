// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code sluice policy explain --url}, with a real server. */
final class PolicyExplainIT {
    private static final String STARTER = Path.of("..", "deploy", "policies", "starter.yaml").toString();

    private static TestDatabase database;

    @BeforeAll
    static void start() throws IOException, SQLException {
        database = new TestDatabase();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY, name text, ssn text)",
                "INSERT INTO customers VALUES (1, 'ann', '123-45-6789')",
                "CREATE VIEW people AS SELECT id, name, ssn AS number FROM customers");
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    private static String explain(String sql, String caller) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        new CommandLine(PolicyCommand.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(
                "explain", STARTER, sql, "--as", caller, "--target", "shop", "--url", "postgres://postgres@127.0.0.1:" + database.port() + "/postgres");
        return out + err.toString();
    }

    @Test
    void masksAreThoseOfEachColumn() {
        assertThat(explain("SELECT id, number, name FROM people", "ada:dev"))
                .contains("output       id from public.customers.id\n")
                .contains("output       number from public.customers.ssn, masked: Partial[keepFirst=0, keepLast=4]")
                .contains("output       name from public.customers.name\n")
                .contains("depends on a masked column: yes");
    }

    @Test
    void whatMasksRefuseIsSaid() {
        assertThat(explain("SELECT id FROM customers WHERE ssn LIKE '1%'", "ada:dev"))
                .contains("conditions   public.customers.ssn")
                .contains("refused      a condition on the masked column public.customers.ssn would tell its values");
    }

    @Test
    void whoMaySeeEverythingIsToldTheLineageAllTheSame() {
        assertThat(explain("SELECT ssn FROM customers", "ada:privacy"))
                .contains("output       ssn from public.customers.ssn\n")
                .contains("none for this caller");
    }

    @Test
    void masksThatMatchNothingAreWarnings() {
        assertThat(explain("SELECT 1", "ada")).contains("warning      mask '*.*.ssn': '*.*.iban' matches no column of database 'postgres'");
    }

    @Test
    void aQueryInsideAnotherStatementIsLookedAt() {
        assertThat(explain("EXPLAIN SELECT ssn FROM customers", "ada")).contains("output       ssn from public.customers.ssn");
        assertThat(explain("COPY customers TO STDOUT", "ada")).contains("output       ssn from public.customers.ssn, masked");
        assertThat(explain("SELECT 1; SELECT ssn FROM customers", "ada")).contains("statement 2").contains("output       ssn from public.customers.ssn, masked");
    }

    @Test
    void nothingRuns() throws SQLException {
        assertThat(explain("DELETE FROM customers WHERE id = 1", "ada")).contains("decision     allow");
        assertThat(database.ask("SELECT count(*) FROM customers")).isEqualTo("1");
    }

    @Test
    void whatTheServerObjectsToIsSaid() {
        assertThat(explain("SELECT nonsense FROM customers", "ada")).contains("the server objects to the statement").contains("nonsense");
    }
}
