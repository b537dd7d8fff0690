// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.audit.verify.EvidenceFile;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.SampleDatabase;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of statements, from the client's first byte to the auditor's proof. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LifecycleE2E {
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

    @Test
    void aReadPasses() throws SQLException {
        try (Client agent = Client.agent(credentials)) {
            assertThat(agent.value("SELECT count(*) FROM customers")).isEqualTo(Client.valuePast(stack, "SELECT count(*) FROM customers"));
        }
    }

    @Test
    void aDeletionWaitsForAPersonAndLeavesEvidenceThatNobodyCanBend() throws Exception {
        String orders = Client.valuePast(stack, "SELECT count(*) FROM orders");
        String sql = "DELETE FROM orders";
        JsonObject approval;
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            approval = olivia.awaitApproval(sql);
            assertThat(Person.at(credentials.urls().approval(), credentials.agent()).approve(approval).status()).as("the requester's own vote").isEqualTo(403);
            assertThat(Person.at(credentials.urls().approval(), credentials.auditor()).approve(approval).status())
                    .as("a vote of somebody who is no approver")
                    .isIn(403, 404);
            assertThat(ending).isNotDone();
            assertThat(Client.valuePast(stack, "SELECT count(*) FROM orders")).isEqualTo(orders);
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            Client.Ending ended = Eventually.value("the deletion has ended", ending);
            assertThat(ended.sqlState()).as(ended.message()).isEmpty();
            assertThat(ended.count()).isEqualTo(Long.parseLong(orders));
            assertThat(ended.notices()).anyMatch(notice -> notice.contains(approval.getString("id")));
            assertThat(Client.valuePast(stack, "SELECT count(*) FROM orders")).isEqualTo("0");
        }
        String session = awaitStatement(approval, "completedAt").getString("sessionId");
        awaitEnd(session);
        assertThat(timeline(session))
                .containsSubsequence("session.opened", "statement.decided", "statement.held", "statement.released", "statement.completed", "session.closed")
                .contains("approval.requested", "approval.voted", "verdict.granted");
        assertThat(ada.get("/v1/sessions/" + session + "/verify").getBoolean("ok")).isTrue();
        proveOffline(session, sql);
    }

    private void proveOffline(String session, String sql) throws Exception {
        List<byte[]> lines = lines(ada.bytes("/v1/sessions/" + session + "/events"));
        Report intact = verify(session, lines);
        assertThat(intact.allFindings()).isEmpty();
        assertThat(intact.records()).isEqualTo(lines.size());
        assertThat(intact.openSessions()).isZero();
        int forgeries = 0;
        for (int line = 0; line < lines.size(); line++) {
            byte[] genuine = lines.get(line);
            String text = new String(genuine, StandardCharsets.ISO_8859_1);
            int place = text.indexOf(sql);
            // The records of the session are a chain; those of the approval refer to it, and have none of their own.
            if (place >= 0 && text.contains("\"previoushash\"")) {
                byte[] forged = genuine.clone();
                forged[place] ^= 1;
                lines.set(line, forged);
                assertThat(verify(session, lines).ok()).as("record " + line + " with a flipped bit").isFalse();
                lines.set(line, genuine);
                forgeries++;
            }
        }
        assertThat(forgeries).as("the decision and the hold have the text").isGreaterThanOrEqualTo(2);
        assertThat(verify(session, lines).ok()).isTrue();
    }

    @Test
    void aForgedGrantIsRecordedAndReleasesNothing() throws Exception {
        String sql = "UPDATE employees SET salary = 3";
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            StatementEvent.StatementHeld held = held(sql);
            var forged = new Verdict(held.approvalId(), held.sessionId(), held.statementId(), held.statementDigest(), held.requester().subject(),
                    List.of(credentials.approvers().getFirst().user()), Instant.now(), held.expiresAt());
            publish(new VerdictEvent.VerdictGranted(held.approvalId(), held.sessionId(), new VerdictSigner(SigningKey.generate()).sign(forged)));
            Eventually.awaitTrue("the rejected grant is recorded", Eventually.PATIENCE, () -> sessions()
                    .events(StatementEvent.GrantRejected.class)
                    .anyMatch(rejected -> rejected.statementId().equals(held.statementId())));
            assertThat(ending).isNotDone();
            assertThat(olivia.reject(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("the statement has ended", ending).sqlState()).isEqualTo("42501");
        }
    }

    /** In the session that it was used in, while that waits for people about something else; and nobody's proof is the worse for it. */
    @Test
    void aGrantThatIsSentAgainIsRecordedAndReleasesNothing() throws Exception {
        String first = "UPDATE employees SET salary = 5 WHERE id = 1";
        String second = "UPDATE employees SET salary = 6 WHERE id = 1";
        StatementEvent.StatementHeld held;
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(first);
            assertThat(olivia.approve(olivia.awaitApproval(first)).status()).isEqualTo(200);
            assertThat(Eventually.value("the first has ended", ending).sqlState()).isEmpty();
            held = held(first);
            var waiting = agent.begin(second);
            JsonObject approval = olivia.awaitApproval(second);
            replay(held.sessionId(), held.statementId(), held.approvalId());
            assertThat(waiting).isNotDone();
            assertThat(olivia.reject(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("the second has ended", waiting).sqlState()).isEqualTo("42501");
        }
        awaitEnd(held.sessionId());
        assertThat(ada.get("/v1/sessions/" + held.sessionId() + "/verify").getBoolean("ok")).isTrue();
    }

    @Test
    void aTicketsGrantThatIsSentAgainIsRecordedWhereItWasUsed() throws Exception {
        String sql = "UPDATE employees SET salary = 7 WHERE id = 1";
        StatementEvent.StatementReleased released;
        String session;
        try (Client agent = Client.agentWith(credentials, Client.RETURN)) {
            assertThat(agent.run(sql).sqlState()).isEqualTo("SL001");
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(olivia.approve(approval).status()).isEqualTo(200);
            assertThat(Client.afterVerdict(() -> agent.run(sql)).sqlState()).isEmpty();
            released = sessions().events(StatementEvent.StatementReleased.class).filter(one -> one.approvalId().equals(approval.getString("id"))).findFirst().orElseThrow();
            session = held(sql).sessionId();
            replay(session, released.statementId(), released.approvalId());
            assertThat(agent.value("SELECT 1")).isEqualTo("1");
        }
        awaitEnd(session);
        assertThat(ada.get("/v1/sessions/" + session + "/verify").getBoolean("ok")).isTrue();
    }

    /** Sends the grant that let a statement go again, and waits for the record of it. */
    private void replay(String sessionId, String statementId, String approvalId) throws Exception {
        StatementEvent.StatementReleased released =
                sessions().events(StatementEvent.StatementReleased.class).filter(one -> one.approvalId().equals(approvalId)).findFirst().orElseThrow();
        publish(new VerdictEvent.VerdictGranted(approvalId, sessionId, released.verdict()));
        Eventually.awaitTrue("the replay is recorded", Eventually.PATIENCE, () -> sessions()
                .events(StatementEvent.GrantRejected.class)
                .anyMatch(rejected -> rejected.statementId().equals(statementId) && rejected.reason().equals("another one was used before")));
    }

    @Test
    void anApprovalIsForTheRoleAndPathThatTheServerNames() throws Exception {
        String sql = "UPDATE employees SET salary = 4";
        try (Client agent = Client.agent(credentials)) {
            agent.value("SELECT set_config('search_path', 'public, pg_temp', false)");
            agent.begin(sql);
            olivia.awaitApproval(sql);
            StatementEvent.StatementHeld held = held(sql);
            assertThat(held.searchPath()).isEqualTo("public, pg_temp");
            assertThat(held.role()).isEqualTo(SampleDatabase.GATEWAY_ROLE);
            assertThat(held.statementDigest())
                    .isEqualTo(StatementDigest.bound(sql, held.parameters(), SampleDatabase.GATEWAY_ROLE, held.database(), "public, pg_temp", held.policyVersion(), held.catalogVersion()));
            agent.vanish();
        }
    }

    private StatementEvent.StatementHeld held(String sql) {
        return sessions().events(StatementEvent.StatementHeld.class).filter(held -> held.query().equals(sql)).findFirst().orElseThrow();
    }

    private Evidence sessions() {
        return Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
    }

    /** As somebody who can write to Kafka, and has no key of the approval-service. */
    private void publish(VerdictEvent.VerdictGranted granted) throws Exception {
        var envelope = new Envelopes(URI.create("/elsewhere"), Clock.systemUTC(), new SecureRandom()).of(granted.approvalId(), granted.sessionId(), granted);
        Map<String, Object> settings = Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.VERDICTS.name(), granted.approvalId(), new EventCodec().encode(envelope))).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatPeopleRejectFails() throws Exception {
        String sql = "DROP TABLE support_tickets";
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            assertThat(olivia.reject(approval).status()).isEqualTo(200);
            assertThat(Eventually.value("the statement has ended", ending).sqlState()).isEqualTo("42501");
            assertThat(agent.value("SELECT count(*) > 0 FROM support_tickets")).isEqualTo("t");
            assertThat(awaitStatement(approval, "refusedAt").getString("query")).isEqualTo(sql);
        }
    }

    @Test
    void whatTheClientCancelsIsWithdrawn() throws Exception {
        String sql = "UPDATE employees SET salary = 1";
        try (Client agent = Client.agent(credentials)) {
            var ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            agent.cancel();
            assertThat(Eventually.value("the statement has ended", ending).sqlState()).isEqualTo("57014");
            awaitStatus(approval, "withdrawn");
            assertThat(agent.value("SELECT 1")).isEqualTo("1");
        }
        assertThat(Client.valuePast(stack, "SELECT count(*) FROM employees WHERE salary = 1")).isEqualTo("0");
    }

    @Test
    void whoGoesAwayWithdraws() throws Exception {
        String sql = "UPDATE employees SET salary = 2";
        JsonObject approval;
        try (Client agent = Client.agent(credentials)) {
            agent.begin(sql);
            approval = olivia.awaitApproval(sql);
            agent.vanish();
        }
        awaitStatus(approval, "withdrawn");
        assertThat(olivia.approve(approval).status()).as("a vote on what was withdrawn").isEqualTo(409);
        assertThat(Client.valuePast(stack, "SELECT count(*) FROM employees WHERE salary = 2")).isEqualTo("0");
    }

    @Test
    void aWrongOrExpiredTokenOpensNothingAndIsRecorded() throws Exception {
        String genuine = credentials.agent().token();
        String wrong = genuine.substring(0, genuine.length() - 8) + "AAAAAAAA";
        String expired = stack.provider().tokenFor(Stack.AGENT, Duration.ofMinutes(-5));
        for (String token : List.of(wrong, expired, "password")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> Client.agent(credentials, token).close())
                    .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"))
                    .withMessageNotContaining(token);
        }
        Eventually.awaitTrue("three refused sessions are recorded", Eventually.PATIENCE, () -> refusedSessions() == 3);
    }

    private long refusedSessions() {
        return Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name())
                .events(SessionEvent.SessionRefused.class)
                .filter(refused -> Stack.AGENT.equals(refused.user()) && refused.sqlState().equals("28P01"))
                .count();
    }

    private void awaitStatus(JsonObject approval, String status) throws Exception {
        Eventually.awaitTrue(
                "the approval is " + status,
                Eventually.PATIENCE,
                () -> olivia.approval(approval.getString("id")).getString("status").equals(status));
    }

    private JsonObject awaitStatement(JsonObject approval, String time) throws Exception {
        return Eventually.await("the audit-service has the statement's " + time, () -> {
            var found = ada.get("/v1/statements?approvalId=" + approval.getString("id")).getJsonArray("statements");
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getJsonObject(0)).filter(statement -> statement.containsKey(time));
        });
    }

    private void awaitEnd(String session) throws Exception {
        Eventually.awaitTrue("the session has ended", Eventually.PATIENCE, () -> ada.get("/v1/sessions/" + session).containsKey("closedAt"));
    }

    private List<String> timeline(String session) throws IOException, InterruptedException {
        return ada.get("/v1/sessions/" + session + "/timeline").getJsonArray("entries").stream()
                .map(JsonObject.class::cast)
                .map(entry -> entry.getString("type").replace("dev.sluice.", "").replace(".v1", ""))
                .toList();
    }

    private Report verify(String session, List<byte[]> lines) throws IOException {
        var keys = PublicKeys.of(KeySource.read(credentials.publicKeys().gateway()), KeySource.read(credentials.publicKeys().approval()));
        var verifier = new EvidenceVerifier(keys, session);
        lines.forEach(line -> verifier.accept(EvidenceFile.record(line)));
        return verifier.report();
    }

    private static List<byte[]> lines(byte[] file) {
        var lines = new ArrayList<byte[]>();
        for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(line.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return lines;
    }
}
