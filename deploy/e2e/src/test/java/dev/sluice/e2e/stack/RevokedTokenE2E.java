// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.identity.AgentToken;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose token is taken back while one of its sessions waits for people and another does nothing. */
@ExtendWith(NoBlockedEventLoop.class)
final class RevokedTokenE2E {
    private static final String SQL = "UPDATE employees SET salary = 7 WHERE id = 3";
    private static final String SECOND = "UPDATE employees SET salary = 8102 WHERE id = 3";

    @Test
    void itsSessionsEndAndWhatTheyHeldIsWithdrawn(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                version: 1
                hold: {approvers: [approvers], quorum: 1, expires: 10m}
                defaults: {read: allow, session: allow, write: hold}
                """);
        Path file = folder.resolve("agents.json");
        AgentTokens.Created robot = AgentTokens.create("robot", Set.of("agents"), "dana", null, new SecureRandom());
        AgentTokens.Created other = AgentTokens.create("other", Set.of("agents"), "dana", null, new SecureRandom());
        AgentTokens tokens = AgentTokens.NONE.with(robot.stored()).with(other.stored());
        tokens.write(file);
        try (Stack stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy));
                ServiceProcess gateway = ServiceProcess.gateway(stack.stateFolder(), "second-gateway", Map.of("SLUICE_IDENTITY_AGENT_TOKENS", file.toString()))) {
            Credentials credentials = stack.credentials();
            Person olivia = Person.at(credentials.urls().approval(), credentials.approvers().getFirst());
            String database = String.valueOf(credentials.gateway().database());
            Client waiting = Client.open(gateway.port(), database, "robot", robot.text().reveal());
            Client idle = Client.open(gateway.port(), database, "robot", robot.text().reveal());
            Client another = Client.open(gateway.port(), database, "other", other.text().reveal());
            CompletableFuture<Client.Ending> ending = waiting.begin(SQL);
            JsonObject approval = olivia.awaitApproval(SQL);

            tokens.with(revoked(robot.stored())).write(file);

            Client.Ending ended = Eventually.value("it is told", ending);
            assertThat(ended.sqlState()).isEqualTo("57P01");
            assertThat(ended.message()).contains("agent token \"robot\" has been revoked");
            Eventually.awaitTrue("its approval is withdrawn", Eventually.PATIENCE,
                    () -> olivia.approval(approval.getString("id")).getString("status").equals("withdrawn"));
            assertThat(idle.run("SELECT 1").sqlState()).isIn("57P01", "08006", "08003");
            assertThat(another.value("SELECT 1")).as("the session of another token").isEqualTo("1");

            // People answer before the gateway would have looked at its tokens by itself.
            CompletableFuture<Client.Ending> released = another.begin(SECOND);
            JsonObject second = olivia.awaitApproval(SECOND);
            tokens.with(revoked(robot.stored())).with(revoked(other.stored())).write(file);
            assertThat(olivia.approve(second).status()).isIn(200, 409);
            assertThat(Eventually.value("it is told", released).sqlState()).isEqualTo("57P01");
            assertThat(Client.valuePast(stack, "SELECT count(*) FROM employees WHERE salary = 8102")).isEqualTo("0");
        }
    }

    private static AgentToken revoked(AgentToken token) {
        return new AgentToken(token.name(), token.sha256(), token.verifier(), token.groups(), token.onBehalfOf(), token.expires(), true);
    }
}
