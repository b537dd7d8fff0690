// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not wait for people: they get a ticket and send the same statement again. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TicketsE2E {
    private static final Pattern TICKET = Pattern.compile("ticket (ticket-[0-9a-f-]+)");

    private Stack stack;
    private Credentials credentials;
    private Person olivia;
    private Person ada;

    @BeforeAll
    void start(@TempDir Path folder) {
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")));
        credentials = stack.credentials();
        olivia = Person.at(credentials.urls().approval(), credentials.approvers().getFirst());
        ada = Person.at(credentials.urls().audit(), credentials.auditor());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private Client.Ending sent(String options, String sql) throws SQLException {
        try (Client agent = Client.agentWith(credentials, options)) {
            return agent.run(sql);
        }
    }

    private static String ticket(Client.Ending ending) {
        assertThat(ending.sqlState()).as(ending.message()).isEqualTo("SL001");
        Matcher matcher = TICKET.matcher(ending.message());
        assertThat(matcher.find()).as(ending.message()).isTrue();
        return matcher.group(1);
    }

    @Test
    void anApprovedStatementRunsOnceWhenItComesAgain() throws Exception {
        String sql = "UPDATE employees SET salary = 4001 WHERE id = 1";
        String ticket = ticket(sent(Client.RETURN, sql));
        JsonObject approval = olivia.awaitApproval(sql);
        assertThat(approval.getString("id")).isEqualTo(ticket);
        assertThat(ticket(sent(Client.RETURN, sql))).as("the same statement from another session").isEqualTo(ticket);
        assertThat(olivia.openApprovals()).filteredOn(id -> id.startsWith("ticket-")).contains(ticket);
        assertThat(olivia.approve(approval).status()).isEqualTo(200);

        Client.Ending ended = Client.afterVerdict(() -> sent(Client.RETURN, sql));
        assertThat(ended.sqlState()).as(ended.message()).isEmpty();
        assertThat(ended.count()).isEqualTo(1);
        assertThat(Client.valuePast(stack, "SELECT salary FROM employees WHERE id = 1")).startsWith("4001");
        assertThat(ticket(sent(Client.RETURN, sql))).as("the approval is used up").isNotEqualTo(ticket);

        StatementEvent.StatementReleased released = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name())
                .events(StatementEvent.StatementReleased.class)
                .filter(release -> release.approvalId().equals(ticket))
                .reduce((first, second) -> {
                    throw new AssertionError("released twice");
                })
                .orElseThrow();
        assertThat(released.ticket()).isNotNull();
        JsonObject statement = Eventually.await("the audit-service knows of the run", () -> {
            var found = ada.get("/v1/statements?approvalId=" + ticket).getJsonArray("statements").stream()
                    .map(JsonObject.class::cast)
                    .filter(one -> one.containsKey("completedAt"))
                    .findFirst();
            return found;
        });
        Eventually.awaitTrue("the session has ended", Eventually.PATIENCE, () -> ada.get("/v1/sessions/" + statement.getString("sessionId")).containsKey("closedAt"));
        assertThat(ada.get("/v1/sessions/" + statement.getString("sessionId") + "/verify").getBoolean("ok")).isTrue();
    }

    @Test
    void aRejectionIsToldOnceAndThenAnotherMayBeAskedFor() throws Exception {
        String sql = "UPDATE employees SET salary = 4002";
        String ticket = ticket(sent(Client.RETURN, sql));
        assertThat(olivia.reject(olivia.awaitApproval(sql)).status()).isEqualTo(200);
        Client.Ending ended = Client.afterVerdict(() -> sent(Client.RETURN, sql));
        assertThat(ended.sqlState()).isEqualTo("42501");
        assertThat(ended.message()).contains("rejected by " + credentials.approvers().getFirst().user());
        assertThat(ticket(sent(Client.RETURN, sql))).isNotEqualTo(ticket);
    }

    @Test
    void otherParametersAreAnotherStatement() throws Exception {
        assertThat(ticket(sent(Client.RETURN, "UPDATE employees SET salary = 4003"))).isNotEqualTo(ticket(sent(Client.RETURN, "UPDATE employees SET salary = 4004")));
    }

    @Test
    void aPatientClientWaitsAndRuns() throws Exception {
        String sql = "UPDATE employees SET salary = 4005 WHERE id = 2";
        try (Client agent = Client.agentWith(credentials, "-c sluice.hold=auto:50s")) {
            CompletableFuture<Client.Ending> ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(ending).isNotDone();
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            Client.Ending ended = Eventually.value("it has run", ending);
            assertThat(ended.sqlState()).as(ended.message()).isEmpty();
            assertThat(ended.count()).isEqualTo(1);
        }
    }

    @Test
    void aPatientClientGetsItsTicketInTheEnd() throws Exception {
        assertThat(ticket(sent("-c sluice.hold=auto:1s", "UPDATE employees SET salary = 4006"))).startsWith("ticket-");
    }

    @Test
    void aPatientClientGetsItsTicketBeforeTheServerEndsItsSession() throws Exception {
        try (Client agent = Client.agentWith(credentials, "-c sluice.hold=auto:50s")) {
            assertThat(agent.run("SET idle_session_timeout = '3s'").sqlState()).isEmpty();

            assertThat(ticket(agent.run("UPDATE employees SET salary = 4007"))).startsWith("ticket-");
            assertThat(agent.run("SELECT 1").sqlState()).as("the session lives").isEmpty();
        }
    }
}
