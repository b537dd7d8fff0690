// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of statements beside the decision: long texts, traces, times, and the rows that the policy of the quick start keeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordingE2E {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    private Stack stack;
    private Credentials credentials;
    private Person ada;

    @BeforeAll
    void start(@TempDir Path folder) {
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")));
        credentials = stack.credentials();
        ada = Person.at(credentials.urls().audit(), credentials.auditor());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    private JsonObject awaitStatement(String filter) throws Exception {
        var found = new JsonObject[1];
        Eventually.awaitTrue("the statement is found by " + filter, Eventually.PATIENCE, () -> {
            JsonArray statements = new JsonObject(Buffer.buffer(ada.bytes("/v1/statements?" + filter))).getJsonArray("statements");
            found[0] = statements.isEmpty() ? null : statements.getJsonObject(0);
            return found[0] != null && found[0].getString("completedAt") != null;
        });
        return found[0];
    }

    @Test
    void theFirstRowsOfAnAnswerAreThereAsTheClientSawThem() throws Exception {
        try (Client agent = Client.agent(credentials)) {
            assertThat(agent.run("SELECT g AS number, CASE WHEN g = 2 THEN NULL ELSE 'row ' || g END AS word FROM generate_series(1, 250) g /*traceparent='00-"
                    + TRACE_ID + "-00f067aa0ba902b7-01'*/").sqlState()).isEmpty();
        }
        JsonObject statement = awaitStatement("trace=" + TRACE_ID);
        assertThat(statement.getLong("resultRows")).isEqualTo(100);
        assertThat(statement.getBoolean("resultWhole")).isFalse();
        assertThat(statement.getLong("totalMicros")).isPositive();

        String path = "/v1/sessions/" + statement.getString("sessionId") + "/statements/" + statement.getString("statementId") + "/results?limit=60";
        JsonObject first = new JsonObject(Buffer.buffer(ada.bytes(path)));
        assertThat(first.getJsonArray("columns").getJsonObject(1).getString("name")).isEqualTo("word");
        assertThat(first.getJsonArray("rows")).hasSize(60);
        assertThat(first.getJsonArray("rows").getJsonArray(1).getValue(1)).isNull();
        JsonObject second = new JsonObject(Buffer.buffer(ada.bytes(path + "&cursor=" + first.getString("next"))));
        assertThat(second.getJsonArray("rows")).hasSize(40);
        assertThat(second.getJsonArray("rows").getJsonArray(39).getString(1)).isEqualTo("row 100");
        assertThat(second.getString("next")).isNull();
        String replay = new String(ada.bytes("/v1/sessions/" + statement.getString("sessionId") + "/replay?speed=0"), StandardCharsets.UTF_8);
        assertThat(replay).contains("event: rows\n").contains("\"row 100\"").doesNotContain("\"row 101\"");
    }

    @Test
    void whatWasKeptIsProvenByTheChain() throws Exception {
        try (Client agent = Client.agent(credentials)) {
            assertThat(agent.value("SELECT 'proof'")).isEqualTo("proof");
        }
        Evidence results = Evidence.read(stack.kafka().bootstrapServers(), Topics.RESULTS.name());
        Evidence sessions = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        List<StatementCompleted> kept = sessions.events(StatementCompleted.class).filter(completed -> completed.results() != null).toList();
        assertThat(kept).isNotEmpty().allSatisfy(completed -> {
            var bytes = Buffer.buffer();
            results.events(ResultRecorded.class)
                    .filter(chunk -> chunk.statementId().equals(completed.statementId()))
                    .forEach(chunk -> bytes.appendBytes(Base64.getDecoder().decode(chunk.data())));
            assertThat(HashChain.hash(bytes.getBytes())).isEqualTo(Objects.requireNonNull(completed.results()).digest());
            assertThat(completed.results().whole()).isEqualTo(completed.results().digest().equals(completed.digest()));
        });
    }

    @Test
    void aParameterOfThirtyMegabytesPassesAndIsRecordedWhole() throws Exception {
        byte[] photo = new byte[30_000_000];
        Arrays.fill(photo, (byte) 7);
        try (Client agent = Client.agent(credentials);
                PreparedStatement statement = agent.connection().prepareStatement("SELECT length(?), 'thirty megabytes'")) {
            statement.setBytes(1, photo);
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(photo.length);
            }
        }
        JsonObject statement = awaitStatement("text=thirty%20megabytes");
        String path = "/v1/sessions/" + statement.getString("sessionId") + "/statements/" + statement.getString("statementId") + "/parts?parameter=0";
        assertThat(new String(ada.bytes(path), StandardCharsets.UTF_8).equals(Base64.getEncoder().encodeToString(photo))).isTrue();
    }

    @Test
    void aRefusedStatementOfTenMegabytesIsRecordedWhole() throws Exception {
        String query = "UPDATE customers SET city = 'ten megabytes " + "x".repeat(10_000_000) + "' WHERE id = 1";
        try (Client agent = Client.agent(credentials)) {
            // More than people can be shown, and changes wait for people.
            assertThat(agent.run(query).sqlState()).isEqualTo("54000");
            assertThat(agent.value("SELECT 'still here'")).isEqualTo("still here");
        }
        Evidence sessions = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        StatementDecided decided = sessions.events(StatementDecided.class).filter(event -> event.queryParts() != null).findFirst().orElseThrow();
        var whole = new StringBuilder();
        sessions.events(StatementParted.class)
                .filter(part -> part.statementId().equals(decided.statementId()))
                .forEach(part -> whole.append(part.text()));
        assertThat(HashChain.hash(whole.toString().getBytes(StandardCharsets.UTF_8))).isEqualTo(decided.queryDigest());
        assertThat(sessions.entries()).allSatisfy(entry -> assertThat(entry.bytes().length).isLessThan(1_000_000));
    }
}
