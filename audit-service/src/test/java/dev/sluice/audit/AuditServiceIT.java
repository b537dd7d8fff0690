// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.testing.TestIssuer;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as it is deployed, with tokens of a real issuer. */
final class AuditServiceIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Chain STORY = story();

    @TempDir
    private static Path folder = Path.of("");

    private static Servers servers;
    private static TestIssuer issuer;
    private static Vertx vertx;
    private static AuditService service;
    private static String auditor;

    private static Chain story() {
        var chain = new Chain("story").opened().allowed("select * from customers where id = 7");
        StatementHeld held = chain.held(chain.decided("delete from orders", Outcome.HOLD, List.of("write")), "delete from orders");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), Chain.verdict(held, "ann")));
        chain.completed(held.statementId(), "DELETE 9", null, 9);
        return chain.denied("drop table orders").closed();
    }

    @BeforeAll
    static void start() throws IOException, TimeoutException {
        servers = Servers.start();
        issuer = TestIssuer.start();
        vertx = Vertx.vertx();
        String gateway = Files.writeString(folder.resolve("gateway.jwks"), Chain.GATEWAY.publicKeys().toJson()).toString();
        String approval = Files.writeString(folder.resolve("approval.jwks"), Chain.APPROVAL.publicKeys().toJson()).toString();
        var config = new AuditConfig(
                new AuditConfig.Listen("127.0.0.1", 0),
                servers.kafkaConfig("rest", 2_000),
                servers.databaseConfig("rest"),
                new AuditConfig.Oidc(List.of(new AuditConfig.Issuer(issuer.uri(), "sluice", "groups", null, null))),
                new AuditConfig.Access(null, null),
                new AuditConfig.Keys(gateway, approval));
        service = AuditService.start(vertx, config).await(60, TimeUnit.SECONDS);
        auditor = issuer.token("olga", "sluice", List.of("auditors"), Instant.now().plusSeconds(600));
        servers.send(STORY);
        var ann = new Principal("ann", "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        String approvalId = "approval-of-story-s2";
        servers.send(Topics.APPROVALS.name(), approvalId, STORY.beside(new ApprovalVoted(approvalId, ann, Vote.APPROVE, "fine", "d"), approvalId, Chain.START.plusSeconds(4)));
        servers.send(Topics.VERDICTS.name(), approvalId, STORY.beside(new VerdictGranted(approvalId, "story", "jws"), approvalId, Chain.START.plusSeconds(4)));
        servers.send(new Chain("tampered").opened().allowed("select 1").allowed("select 2").closed());
        servers.send(new Chain("running").opened().allowed("select 3"));
        servers.flush();
        long all = STORY.records().size() + 2 + 6 + 3;
        Servers.await("all events", LONG, () -> servers.count("SELECT count(*) FROM rest.events") == all);
    }

    @AfterAll
    static void stop() throws IOException, TimeoutException {
        service.close().await(30, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
        issuer.close();
        servers.close();
    }

    private static HttpResponse<String> get(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).timeout(LONG);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    private static JsonObject json(String path) {
        HttpResponse<String> response = get(path, auditor);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private static List<String> strings(JsonArray array, String name) {
        return IntStream.range(0, array.size()).mapToObj(i -> String.valueOf(array.getJsonObject(i).getString(name))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/sessions", "/v1/sessions/story", "/v1/sessions/story/timeline", "/v1/sessions/story/replay", "/v1/sessions/story/verify",
        "/v1/sessions/story/events", "/v1/statements", "/v1/findings"
    })
    void nothingIsShownToStrangersOrOtherGroups(String path) {
        assertThat(get(path, "").statusCode()).isEqualTo(401);
        assertThat(get(path, "").headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(get(path, "nonsense").statusCode()).isEqualTo(401);
        assertThat(get(path, issuer.token("olga", "other", List.of("auditors"), Instant.now().plusSeconds(600))).statusCode()).isEqualTo(401);
        assertThat(get(path, issuer.token("olga", "sluice", List.of("auditors"), Instant.now().minusSeconds(600))).statusCode()).isEqualTo(401);
        HttpResponse<String> forbidden = get(path, issuer.token("dev", "sluice", List.of("developers"), Instant.now().plusSeconds(600)));
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(forbidden.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(forbidden.body()).getInteger("status")).isEqualTo(403);
    }

    @Test
    void adminsMayReadToo() {
        assertThat(get("/v1/sessions", issuer.token("root", "sluice", List.of("admins"), Instant.now().plusSeconds(600))).statusCode()).isEqualTo(200);
    }

    @Test
    void theTimelineTellsTheStoryInOrder() {
        JsonArray entries = json("/v1/sessions/story/timeline").getJsonArray("entries");

        assertThat(strings(entries, "type").stream().map(type -> type.replaceAll("dev\\.sluice\\.|\\.v1", "")))
                .containsExactly(
                        "session.opened", "statement.decided", "statement.completed", "statement.decided", "statement.held", "approval.voted",
                        "verdict.granted", "statement.released", "statement.completed", "statement.decided", "statement.completed", "session.closed");
        assertThat(entries.getJsonObject(3).getJsonObject("data").getString("query")).isEqualTo("delete from orders");
        assertThat(strings(entries, "summary")).contains("ann approved: fine", "completed: DELETE 9, 9 rows");
    }

    @Test
    void theTimelineComesInPages() {
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = json("/v1/sessions/story/timeline?limit=3" + cursor);
            paged.addAll(strings(page.getJsonArray("entries"), "digest"));
            cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
        } while (!cursor.isEmpty());

        assertThat(paged).containsExactlyInAnyOrderElementsOf(strings(json("/v1/sessions/story/timeline").getJsonArray("entries"), "digest"));
    }

    @Test
    void aReplayStreamsTheSameEntries() {
        HttpResponse<String> response = get("/v1/sessions/story/replay?speed=0", auditor);

        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(response.body().lines().filter("event: entry"::equals)).hasSize(12);
        assertThat(response.body()).endsWith("event: end\ndata: {}\n\n");
    }

    @Test
    void aReplayKeepsTime() {
        Instant start = Instant.now();
        get("/v1/sessions/running/replay?speed=4&maxGap=PT1S", auditor);

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(400), Duration.ofSeconds(20));
    }

    @Test
    void sessionsAreFilteredAndPaged() {
        assertThat(strings(json("/v1/sessions?open=true").getJsonArray("sessions"), "sessionId")).containsExactly("running");
        assertThat(json("/v1/sessions?principal=nobody").getJsonArray("sessions")).isEmpty();
        JsonObject first = json("/v1/sessions?principal=agent-7&limit=2");
        JsonObject second = json("/v1/sessions?principal=agent-7&limit=2&cursor=" + first.getString("next"));
        List<String> all = new ArrayList<>(strings(first.getJsonArray("sessions"), "sessionId"));
        all.addAll(strings(second.getJsonArray("sessions"), "sessionId"));
        assertThat(all).containsExactlyInAnyOrder("story", "tampered", "running");
        assertThat(second.containsKey("next")).isFalse();
        JsonObject story = json("/v1/sessions/story");
        assertThat(story.getInteger("statements")).isEqualTo(3);
        assertThat(story.getInteger("denied")).isEqualTo(1);
        assertThat(story.getInteger("released")).isEqualTo(1);
    }

    @Test
    void statementsAreFound() {
        assertThat(strings(json("/v1/statements?text=FROM%20Orders").getJsonArray("statements"), "query")).containsExactly("delete from orders");
        assertThat(strings(json("/v1/statements?outcome=deny").getJsonArray("statements"), "query")).containsExactly("drop table orders");
        assertThat(strings(json("/v1/statements?sqlstate=42501").getJsonArray("statements"), "query")).containsExactly("drop table orders");
        assertThat(strings(json("/v1/statements?effect=write").getJsonArray("statements"), "query")).containsExactly("delete from orders");
        assertThat(json("/v1/statements?table=public.orders&sessionId=story").getJsonArray("statements")).hasSize(3);
        assertThat(json("/v1/statements?text=100%25").getJsonArray("statements")).isEmpty();
        JsonObject held = json("/v1/statements?approvalId=approval-of-story-s2").getJsonArray("statements").getJsonObject(0);
        assertThat(held.getJsonArray("approvers")).containsExactly("ann");
        assertThat(held.getJsonArray("commandTags")).containsExactly("DELETE 9");
    }

    @Test
    void whatIsMisspeltOrImpossibleIsRefused() {
        for (String query : List.of("principle=x", "limit=0", "limit=x", "from=yesterday", "cursor=abc", "open=maybe")) {
            assertThat(get("/v1/sessions?" + query, auditor).statusCode()).as(query).isEqualTo(400);
        }
        assertThat(get("/v1/statements?outcome=perhaps", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/sessions/unknown", auditor).statusCode()).isEqualTo(404);
        assertThat(get("/v1/nothing", auditor).statusCode()).isEqualTo(404);
    }

    @Test
    void theExportIsTheExactRecordsAndVerifiesOffline() {
        HttpResponse<String> response = get("/v1/sessions/story/events", auditor);
        List<String> lines = response.body().lines().toList();

        assertThat(lines.subList(0, STORY.records().size()))
                .containsExactlyElementsOf(STORY.records().stream().map(record -> new String(record, StandardCharsets.UTF_8)).toList());
        assertThat(lines).hasSize(STORY.records().size() + 2);
        var verifier = new EvidenceVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys()));
        lines.forEach(line -> verifier.accept(line.getBytes(StandardCharsets.UTF_8)));
        assertThat(verifier.report().allFindings()).isEmpty();
    }

    @Test
    void aFlippedByteInTheStoreIsFoundAndNamed() {
        assertThat(json("/v1/sessions/story/verify").getBoolean("ok")).isTrue();
        assertThat(json("/v1/sessions/tampered/verify").getBoolean("ok")).isTrue();
        String where = " WHERE session_id = 'tampered' AND sequence = 2";
        int at = (int) servers.count("SELECT octet_length(record) / 2 FROM rest.events" + where);
        servers.execute("UPDATE rest.events SET record = set_byte(record, " + at + ", get_byte(record, " + at + ") # 1)" + where);

        JsonObject report = json("/v1/sessions/tampered/verify");
        assertThat(report.getBoolean("ok")).isFalse();
        JsonObject finding = report.getJsonArray("sessions").getJsonObject(0).getJsonArray("findings").getJsonObject(0);
        assertThat(finding.getLong("sequence")).isBetween(2L, 3L);
        assertThat(finding.getString("sessionId")).isEqualTo("tampered");

        servers.execute("UPDATE rest.events SET record = set_byte(record, " + at + ", get_byte(record, " + at + ") # 1)" + where);
        assertThat(json("/v1/sessions/tampered/verify").getBoolean("ok")).isTrue();
    }

    @Test
    void healthAndDescriptionArePublic() {
        assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
        Servers.await("ready", LONG, () -> get("/health/ready", "").statusCode() == 200);
        assertThat(new JsonObject(get("/health/ready", "").body()).getInteger("partitions")).isEqualTo(12);
        assertThat(get("/metrics", "").body()).contains("sluice_audit_records_total");
        assertThat(new JsonObject(get("/openapi.json", "").body()).getString("openapi")).startsWith("3.1");
    }
}
