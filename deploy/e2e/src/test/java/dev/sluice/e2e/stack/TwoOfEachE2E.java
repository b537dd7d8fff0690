// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways and two approval-services on one Kafka, of which one of each ends in the middle of an approval. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoOfEachE2E {
    private Stack stack;
    private Credentials credentials;
    private Person olivia;
    private Person pat;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                version: 1
                hold: {approvers: [approvers], quorum: 2, expires: 10m}
                defaults: {read: allow, session: allow, write: hold}
                """);
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy));
        credentials = stack.credentials();
        olivia = Person.at(credentials.urls().approval(), credentials.approvers().get(0));
        pat = Person.at(credentials.urls().approval(), credentials.approvers().get(1));
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private Client.Ending sent(int gateway, String sql) throws SQLException {
        try (Client agent = Client.agentAt(gateway, credentials, Client.RETURN)) {
            return agent.run(sql);
        }
    }

    @Test
    void anApprovalOutlivesTheGatewayAndTheReplicaThatItBeganWith() throws Exception {
        String sql = "UPDATE employees SET salary = salary + 1 WHERE id = 1";
        String before = Client.valuePast(stack, "SELECT salary::numeric::int FROM employees WHERE id = 1");
        try (ServiceProcess gateway = ServiceProcess.gateway(stack.stateFolder(), "second-gateway");
                ServiceProcess approvals = ServiceProcess.approvals(stack.stateFolder(), "second-approvals")) {
            assertThat(sent(gateway.port(), sql).sqlState()).isEqualTo("SL001");
            var there = new Person(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:" + approvals.port()), olivia.token());
            JsonObject approval = Eventually.await("the other replica has the approval", () -> {
                try {
                    return there.openApprovals().isEmpty() ? Optional.empty() : Optional.of(there.approval(there.openApprovals().getFirst()));
                } catch (java.io.IOException notReady) {
                    return Optional.empty();
                }
            });
            assertThat(there.approve(approval).status()).isIn(200, 202);
            approvals.kill();
            gateway.kill();
            assertThat(sent(credentials.gateway().port(), sql).message()).as("the same ticket elsewhere").contains(approval.getString("id"));
            Eventually.awaitTrue("the second vote counts", Eventually.PATIENCE, () -> pat.approve(approval).status() == 200);
        }
        Client.Ending ended = Client.afterVerdict(() -> sent(credentials.gateway().port(), sql));
        assertThat(ended.sqlState()).as(ended.message()).isEmpty();
        assertThat(Client.valuePast(stack, "SELECT salary::numeric::int FROM employees WHERE id = 1")).isEqualTo(Integer.toString(Integer.parseInt(before) + 1));
        try (ServiceProcess again = ServiceProcess.gateway(stack.stateFolder(), "third-gateway")) {
            assertThat(sent(again.port(), sql).sqlState()).as("a gateway that has just started knows that it was used").isEqualTo("SL001");
        }
        assertThat(Client.valuePast(stack, "SELECT salary::numeric::int FROM employees WHERE id = 1")).isEqualTo(Integer.toString(Integer.parseInt(before) + 1));
    }

    @Test
    void whoWaitsAtAGatewayThatEndsIsToldAndWithdrawn() throws Exception {
        String sql = "UPDATE employees SET salary = 7 WHERE id = 3";
        try (ServiceProcess gateway = ServiceProcess.gateway(stack.stateFolder(), "ending-gateway");
                Client agent = Client.agentAt(gateway.port(), credentials, "-c sluice.hold=wait")) {
            CompletableFuture<Client.Ending> ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            gateway.terminate();
            assertThat(Eventually.value("it is told", ending).sqlState()).isEqualTo("57P01");
            Eventually.awaitTrue("its approval is withdrawn", Eventually.PATIENCE,
                    () -> olivia.approval(approval.getString("id")).getString("status").equals("withdrawn"));
        }
    }
}
