// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.SampleDatabase;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What approvers are shown is what runs: nothing of it can be exchanged between their answer and its run. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShownTextE2E {
    private static final String POLICY = """
            version: 1
            hold: {approvers: [approvers], expires: 10m}
            defaults: {read: allow, session: allow, write: hold, schema: hold, unknown: hold}
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
        inDatabase("CREATE TABLE accounts (id int PRIMARY KEY, name text, owner text)");
        inDatabase("INSERT INTO accounts VALUES (1, 'dine', 'a'), (2, 'boss', 'b'), (3, 'token: one', 'c'), (4, 'token: two', 'd')");
        inDatabase("GRANT ALL ON accounts TO PUBLIC");
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private void inDatabase(String sql) throws SQLException {
        try (Client owner = owner()) {
            Client.Ending ending = owner.run(sql);
            assertThat(ending.sqlState()).as(ending.message()).isEmpty();
        }
    }

    private Client owner() throws SQLException {
        return Client.open(stack.postgres().port(), SampleDatabase.NAME, SampleDatabase.GATEWAY_ROLE, stack.sampleDatabasePassword());
    }

    private String owned(String owner) throws SQLException {
        try (Client direct = owner()) {
            return direct.value("SELECT string_agg(name, ',' ORDER BY id) FROM accounts WHERE owner = '" + owner + "'");
        }
    }

    private Client.Ending sent(String sql) throws SQLException {
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            return agent.run(sql);
        }
    }

    @Test
    void aConstantIsShownHoweverItIsWritten() throws Exception {
        String sql = "UPDATE accounts SET owner = 'me' WHERE name = U&'\\0064ine'";
        assertThat(sent(sql).sqlState()).isEqualTo("SL001");
        JsonObject approval = olivia.awaitApproval(sql);
        JsonObject assessed = assessed(approval.getString("id"));
        assertThat(assessed.getJsonObject("impact").getLong("exactRows")).as("what cannot be counted is not said to be counted").isIn(null, 1L);
        assertThat(olivia.approve(approval).status()).isEqualTo(200);

        assertThat(sent("UPDATE accounts SET owner = 'me' WHERE name = U&'\\0062oss'").sqlState()).as("another text, which nobody has approved").isEqualTo("SL001");
        assertThat(Client.afterVerdict(() -> sent(sql)).count()).isEqualTo(1);
        assertThat(owned("me")).isEqualTo("dine");
    }

    @Test
    void whatIsHiddenIsToldAndCannotBeExchanged() throws Exception {
        String sql = "UPDATE accounts SET owner = 'you' WHERE name = 'token: one' OR 1 = 2";
        String shown = "UPDATE accounts SET owner = 'you' WHERE name = '***' OR 1 = 2";
        assertThat(sent(sql).sqlState()).isEqualTo("SL001");
        JsonObject approval = olivia.awaitApproval(shown);
        assertThat(approval.getJsonObject("statement").getJsonObject("visible").getJsonArray("notices").encode()).contains("One constant of it is hidden");
        JsonObject impact = assessed(approval.getString("id")).getJsonObject("impact");
        assertThat(impact.containsKey("exactRows")).isFalse();
        assertThat(impact.encode()).contains("the text that would be counted has hidden constants");
        assertThat(olivia.approve(approval).status()).isEqualTo(200);

        Client.Ending other = sent("UPDATE accounts SET owner = 'you' WHERE name = 'token: two' OR 1 = 2");
        assertThat(other.sqlState()).isEqualTo("SL001");
        assertThat(other.message()).doesNotContain(approval.getString("id"));
        Client.Ending ended = Client.afterVerdict(() -> sent(sql));
        assertThat(ended.sqlState()).as(ended.message()).isEmpty();
        assertThat(ended.count()).isEqualTo(1);
        assertThat(owned("you")).isEqualTo("token: one");
        Evidence sessions = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        assertThat(sessions.events(StatementEvent.StatementDecided.class).filter(decided -> decided.query().equals(shown)).map(StatementEvent.StatementDecided::hidden).distinct())
                .as("two texts that are shown alike").hasSize(2).doesNotContainNull();
    }

    @Test
    void aPreparedStatementIsShownAndAnotherOfItsNameIsAnotherStatement() throws Exception {
        String prepare = "PREPARE p (int) AS UPDATE accounts SET owner = 'them' WHERE id = $1";
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            assertThat(agent.run(prepare).sqlState()).isEmpty();
            assertThat(agent.run("EXECUTE p(2)").sqlState()).isEqualTo("SL001");
        }
        JsonObject approval = olivia.awaitApproval("EXECUTE p(2)");
        assertThat(approval.getJsonObject("statement").getJsonArray("standsFor").getJsonObject(0).getString("raw")).isEqualTo(prepare);
        assertThat(olivia.approve(approval).status()).isEqualTo(200);
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            assertThat(agent.run("PREPARE p (int) AS UPDATE accounts SET owner = 'them'").sqlState()).isEmpty();
            Client.Ending other = agent.run("EXECUTE p(2)");
            assertThat(other.sqlState()).as(other.message()).isEqualTo("SL001");
            assertThat(other.message()).doesNotContain(approval.getString("id"));
        }
        Client.Ending ended = Client.afterVerdict(() -> {
            try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
                assertThat(agent.run(prepare).sqlState()).isEmpty();
                return agent.run("EXECUTE p(2)");
            }
        });
        assertThat(ended.sqlState()).as(ended.message()).isEmpty();
        assertThat(owned("them")).isEqualTo("boss");
    }

    private JsonObject assessed(String id) throws Exception {
        return Eventually.await("it is known what it would do", () -> Optional.of(olivia.approval(id)).filter(approval -> approval.getJsonObject("impact") != null));
    }
}
