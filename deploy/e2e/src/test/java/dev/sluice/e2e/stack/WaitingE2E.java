// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that wait: what a real server's own limits leave them, and what they are told meanwhile. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WaitingE2E {
    private static final String POLICY = """
            version: 1
            hold: {approvers: [approvers], expires: 10m}
            defaults: {read: allow, session: allow, write: hold}
            """;

    private Stack stack;
    private Credentials credentials;
    private Person olivia;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy));
        credentials = stack.credentials();
        olivia = Person.at(credentials.urls().approval(), credentials.approvers().getFirst());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private static void ran(Client agent, String sql) {
        Client.Ending ending = agent.run(sql);
        assertThat(ending.sqlState()).as(ending.message()).isEmpty();
    }

    /** It would end the session, and with it everything that the client has done in it. */
    @ParameterizedTest
    @CsvSource({"idle_in_transaction_session_timeout, 14, 9101", "transaction_timeout, 17, 9102"})
    void theServersTimeoutDoesNotEndASessionInWhoseTransactionAStatementIsHeld(String parameter, int since, int salary) throws Exception {
        String sql = "UPDATE employees SET salary = " + salary + " WHERE id = 3";
        try (Client agent = Client.agent(credentials)) {
            assumeThat(Integer.parseInt(agent.value("SHOW server_version_num")) / 10_000).isGreaterThanOrEqualTo(since);
            ran(agent, "SET " + parameter + " = '5s'");
            ran(agent, "BEGIN");
            var unanswered = agent.begin(sql + " AND true");
            Client.Ending ended = Eventually.value("the hold has ended before the server's timeout", unanswered);
            assertThat(ended.sqlState()).as(ended.message()).isEqualTo("42501");
            assertThat(ended.message()).contains("nobody approved it until");
            ran(agent, "ROLLBACK");
            assertThat(agent.value("SHOW " + parameter)).as("in the same session").isEqualTo("5s");

            ran(agent, "BEGIN");
            var released = agent.begin(sql);
            assertThat(olivia.approve(olivia.awaitApproval(sql)).status()).isEqualTo(200);
            Client.Ending ran = Eventually.value("it has run", released);
            assertThat(ran.sqlState()).as(ran.message()).isEmpty();
            ran(agent, "COMMIT");
        }
        assertThat(Client.valuePast(stack, "SELECT salary FROM employees WHERE id = 3")).startsWith(String.valueOf(salary));
    }

    @Test
    void callersSeeWhoTheyAreAndWhatTheyWaitForAndNotWhatOthersDo() throws Exception {
        String sql = "UPDATE employees SET salary = 9103 WHERE id = 4";
        try (Client agent = Client.agent(credentials); Client waiting = Client.agentWith(credentials, "-c sluice.hold=wait");
                Client returning = Client.agentWith(credentials, Client.RETURN)) {
            assertThat(agent.value("SELECT sluice.whoami()")).isEqualTo(credentials.agent().user());
            assertThat(pending(agent)).isEmpty();

            var ending = waiting.begin(sql);
            JsonObject held = olivia.awaitApproval(sql);
            assertThat(pending(agent)).isEqualTo(held.getString("id") + " waiting " + sql + "\n");
            assertThat(olivia.reject(held).status()).isEqualTo(200);
            assertThat(Eventually.value("it has ended", ending).sqlState()).isEqualTo("42501");

            assertThat(returning.run(sql).sqlState()).isEqualTo("SL001");
            JsonObject ticket = olivia.awaitApproval(sql);
            assertThat(pending(agent)).isEqualTo(ticket.getString("id") + " waiting " + sql + "\n");
            assertThat(olivia.approve(ticket).status()).isEqualTo(200);
            Eventually.awaitTrue("the ticket is answered", Eventually.PATIENCE, () -> pending(agent).equals(ticket.getString("id") + " answered " + sql + "\n"));
            ran(returning, sql);
            assertThat(pending(agent)).isEmpty();
        }
    }

    private static String pending(Client client) throws SQLException {
        var lines = new StringBuilder();
        try (Statement statement = client.connection().createStatement(); ResultSet rows = statement.executeQuery("SELECT * FROM sluice.pending()")) {
            while (rows.next()) {
                lines.append(rows.getString("ticket")).append(' ').append(rows.getString("state")).append(' ').append(rows.getString("statement")).append('\n');
            }
        }
        return lines.toString();
    }
}
