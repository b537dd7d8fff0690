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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lets a held statement go: the terms that its rule names, and nothing having changed meanwhile. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReleaseTermsE2E {
    private static final String POLICY = """
            version: 1
            hold: {approvers: [approvers], expires: 10m}
            defaults: {read: allow, session: allow, write: hold}
            rules:
              - {name: small-updates, when: statement.kind == 'UPDATE', then: {hold: {autoApproveBelow: 50}}}
            """;

    private Path policy;
    private Stack stack;
    private Credentials credentials;
    private Person olivia;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy));
        credentials = stack.credentials();
        olivia = Person.at(credentials.urls().approval(), credentials.approvers().getFirst());
        inDatabase("CREATE TABLE stock AS SELECT g AS id, 0 AS amount FROM generate_series(1, 1000) g");
        inDatabase("CREATE UNIQUE INDEX ON stock (id)");
    }

    /** Some tests change the table, and the planner guesses by what was there when it was last looked at. */
    @BeforeEach
    void analyse() throws SQLException {
        inDatabase("ANALYZE stock");
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private void inDatabase(String sql) throws SQLException {
        try (Client owner = Client.past(stack)) {
            Client.Ending ending = owner.run(sql);
            assertThat(ending.sqlState()).as(ending.message()).isEmpty();
        }
    }

    private String changed(int value) throws SQLException {
        return Client.valuePast(stack, "SELECT count(*) FROM stock WHERE amount = " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c sluice.hold=wait", Client.RETURN})
    void whatThePlannerExpectsToBeSmallRunsWithoutPeople(String options) throws Exception {
        int value = options.equals(Client.RETURN) ? 11 : 12;
        String sql = "UPDATE stock SET amount = " + value + " WHERE id = 7";
        try (Client agent = Client.agentWith(credentials, options)) {
            Client.Ending ended = agent.run(sql);
            assertThat(ended.sqlState()).as(ended.message()).isEmpty();
            assertThat(ended.count()).isEqualTo(1);
        }
        Evidence sessions = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        StatementEvent.StatementHeld held =
                sessions.events(StatementEvent.StatementHeld.class).filter(event -> event.query().equals(sql)).findFirst().orElseThrow();
        assertThat(held.estimatedRows()).isEqualTo(1);
        assertThat(held.autoApproveBelow()).isEqualTo(50);
        assertThat(sessions.events(StatementEvent.StatementReleased.class)).anyMatch(released -> released.approvalId().equals(held.approvalId()));
        JsonObject approval = olivia.approval(held.approvalId());
        assertThat(approval.getString("status")).isEqualTo("granted");
        assertThat(approval.getJsonArray("votes")).isEmpty();
        assertThat(approval.encode()).contains("no human was needed: the planner expects 1 rows");
    }

    @Test
    void whatThePlannerExpectsToBeLargeTakesPeople() throws Exception {
        String sql = "UPDATE stock SET amount = 13 WHERE id BETWEEN 101 AND 900";
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(ending).isNotDone();
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("it has ended", ending).count()).isEqualTo(800);
        }
    }

    /** Two statements in one text have no plan, and a function of the database's own is not run for the sake of one. */
    @ParameterizedTest
    @ValueSource(strings = {
        "UPDATE stock SET amount = 14 WHERE id = 8; UPDATE stock SET amount = 14 WHERE id = 9",
        "UPDATE stock SET amount = 15 WHERE id = price_of(7)"
    })
    void whatThePlannerIsNotAskedAboutTakesPeople(String sql) throws Exception {
        inDatabase("CREATE OR REPLACE FUNCTION price_of(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it ran''; END'");
        try (Client agent = Client.agent(credentials, true)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(approval.getJsonObject("impact", new JsonObject()).encode()).doesNotContain("it ran");
            assertThat(ending).isNotDone();
            assertThat(olivia.reject(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("it has ended", ending).sqlState()).isEqualTo("42501");
        }
        assertThat(changed(14) + changed(15)).isEqualTo("00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ALTER TABLE stock ADD COLUMN IF NOT EXISTS weight int | public.stock",
        "BEGIN; ALTER TABLE stock RENAME TO stock_before; CREATE TABLE stock AS TABLE stock_before; DROP TABLE stock_before; COMMIT | public.stock",
        "CREATE OR REPLACE RULE keep AS ON DELETE TO stock DO INSTEAD NOTHING; DROP RULE keep ON stock; CREATE RULE kept AS ON DELETE TO stock WHERE old.id = -1 DO ALSO NOTHING | public.stock"
    })
    void whatChangesWhileAStatementIsHeldVoidsItsApproval(String change, String named) throws Exception {
        String sql = "DELETE FROM stock WHERE id > 990";
        String rows;
        try (Client agent = Client.agent(credentials); Client owner = Client.past(stack)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            rows = owner.value("SELECT count(*) FROM stock");
            for (String part : change.split("; ")) {
                assertThat(owner.run(part).message()).isEmpty();
            }
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            Client.Ending ended = Eventually.value("it has ended", ending);
            assertThat(ended.sqlState()).isEqualTo("42501");
            assertThat(ended.message()).contains("its approval is void: " + named + " changed since it was asked for");
            assertThat(Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name()).events(StatementEvent.GrantRejected.class))
                    .anyMatch(rejected -> rejected.approvalId().equals(approval.getString("id")) && rejected.reason().contains(named));
            assertThat(owner.value("SELECT count(*) FROM stock")).isEqualTo(rows);
        }
    }

    @Test
    void aRoleThatIsGivenMorePowerMeanwhileVoidsAnApproval() throws Exception {
        try (Client agent = Client.agent(credentials)) {
            String sql = "DELETE FROM stock WHERE id = 950";
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            stack.postgres().execute(SampleDatabase.NAME, "ALTER ROLE " + SampleDatabase.GATEWAY_ROLE + " BYPASSRLS");
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("it has ended", ending).message()).contains("its approval is void: the role changed since it was asked for");
        }
    }

    @Test
    void whatChangesBetweenAnApprovalAndTheStatementsReturnVoidsIt() throws Exception {
        String sql = "DELETE FROM stock WHERE id = 980";
        assertThat(sent(sql).sqlState()).isEqualTo("SL001");
        JsonObject approval = olivia.awaitApproval(sql);
        inDatabase("ALTER TABLE stock ALTER COLUMN amount SET DEFAULT 1");
        assertThat(olivia.approve(approval).status()).isEqualTo(200);
        Client.Ending ended = Client.afterVerdict(() -> sent(sql));
        assertThat(ended.sqlState()).isEqualTo("42501");
        assertThat(ended.message()).contains("its approval is void: objects that it names have changed since it was asked for");
        assertThat(sent(sql).message()).as("it may be asked for again").contains("ticket-").doesNotContain(approval.getString("id"));
    }

    @Test
    void underAnotherRoleItIsAnotherStatement() throws Exception {
        stack.postgres().execute(SampleDatabase.NAME, "CREATE ROLE clerk; GRANT clerk TO " + SampleDatabase.GATEWAY_ROLE + "; GRANT ALL ON stock TO clerk");
        String sql = "DELETE FROM stock WHERE id = 970";
        assertThat(sent(sql).sqlState()).isEqualTo("SL001");
        JsonObject approval = olivia.awaitApproval(sql);
        assertThat(olivia.approve(approval).status()).isEqualTo(200);
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            assertThat(agent.run("SET ROLE clerk").message()).isEmpty();
            assertThat(agent.run(sql).message()).contains("ticket-").doesNotContain(approval.getString("id"));
        }
        assertThat(Client.afterVerdict(() -> sent(sql)).count()).as("as it was approved").isEqualTo(1);
    }

    @Test
    void anotherPolicyVoidsAnApproval() throws Exception {
        String sql = "DELETE FROM stock WHERE id = 960";
        String ticketed = "DELETE FROM stock WHERE id = 961";
        assertThat(sent(ticketed).sqlState()).isEqualTo("SL001");
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(olivia.approve(olivia.awaitApproval(ticketed)).status()).isEqualTo(200);
            String before = policyInForce();
            Files.writeString(policy, POLICY.replace("expires: 10m", "expires: 11m"));
            Eventually.awaitTrue("the gateway has the new policy", Eventually.PATIENCE, () -> !policyInForce().equals(before));
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            Client.Ending ended = Eventually.value("it has ended", ending);
            assertThat(ended.message()).contains("its approval is void: the policy has changed since it was asked for");
        }
        assertThat(Client.afterVerdict(() -> sent(ticketed)).message()).contains("its approval is void: the policy has changed since it was asked for");
    }

    private String policyInForce() throws SQLException {
        try (Client agent = Client.agent(credentials);
                Statement statement = agent.connection().createStatement();
                ResultSet status = statement.executeQuery("SELECT * FROM sluice.status()")) {
            status.next();
            return status.getString("policy_version");
        }
    }

    private Client.Ending sent(String sql) throws SQLException {
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            return agent.run(sql);
        }
    }
}
