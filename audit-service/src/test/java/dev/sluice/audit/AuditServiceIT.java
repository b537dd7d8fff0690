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
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
import picocli.CommandLine;

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
                new AuditConfig.Access(Set.of("auditors", "shop-auditors", "other-auditors"), null, Map.of("auditors", Set.of("*"), "shop-auditors", Set.of("shop"))),
                new AuditConfig.Keys(gateway, approval),
                null,
                null);
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
        "/v1/sessions/story/events", "/v1/statements", "/v1/statements/facets?by=rule", "/v1/findings", "/v1/accesses", "/v1/legal-holds", "/v1/dropped-sessions", "/v1/export/sessions", "/v1/export/statements", "/v1/reports/destructive", "/v1/reports/denied", "/v1/reports/policies", "/v1/reports/completeness"
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
    void anAuditorSeesTheTargetsGrantedToTheirGroupsAndNoMore() {
        String shop = issuer.token("sam", "sluice", List.of("shop-auditors"), Instant.now().plusSeconds(600));
        String other = issuer.token("otto", "sluice", List.of("other-auditors"), Instant.now().plusSeconds(600));

        assertThat(strings(new JsonObject(get("/v1/sessions", shop).body()).getJsonArray("sessions"), "sessionId")).contains("story", "tampered", "running");
        assertThat(get("/v1/sessions/story/timeline", shop).statusCode()).isEqualTo(200);
        for (String list : List.of("sessions", "statements", "findings")) {
            assertThat(new JsonObject(get("/v1/" + list, other).body()).getJsonArray(list)).as(list).isEmpty();
        }
        assertThat(new JsonObject(get("/v1/statements/facets?by=principal", other).body()).getJsonArray("values")).isEmpty();
        for (String path : List.of("", "/timeline", "/replay", "/verify", "/events")) {
            HttpResponse<String> hidden = get("/v1/sessions/story" + path, other);
            assertThat(hidden.statusCode()).as(path).isEqualTo(404);
            assertThat(hidden.body()).isEqualTo(get("/v1/sessions/unknown" + path, other).body().replace("unknown", "story"));
        }
    }

    @Test
    void everyAccessIsOnRecordBeforeItIsAnswered() {
        String root = issuer.token("root", "sluice", List.of("admins"), Instant.now().plusSeconds(600));
        String eve = issuer.token("eve", "sluice", List.of("developers"), Instant.now().plusSeconds(600));
        assertThat(get("/v1/sessions/story/replay?speed=0", issuer.token("iris", "sluice", List.of("auditors"), Instant.now().plusSeconds(600))).statusCode()).isEqualTo(200);
        assertThat(get("/v1/statements?text=secret", eve).statusCode()).isEqualTo(403);

        Servers.await("both accesses", LONG, () -> accesses(root, "iris").size() == 1 && accesses(root, "eve").size() == 1);
        JsonObject replay = accesses(root, "iris").getJsonObject(0);
        assertThat(replay.getString("route")).isEqualTo("/v1/sessions/{sessionId}/replay");
        assertThat(replay.getString("sessionId")).isEqualTo("story");
        assertThat(replay.getJsonArray("parameters")).containsExactly("speed=0");
        assertThat(replay.getBoolean("permitted")).isTrue();
        JsonObject refused = accesses(root, "eve").getJsonObject(0);
        assertThat(refused.getBoolean("permitted")).isFalse();
        assertThat(refused.getString("reason")).contains("auditors");
        assertThat(get("/v1/accesses", auditor).statusCode()).isEqualTo(403);
    }

    private static JsonArray accesses(String token, String caller) {
        return new JsonObject(get("/v1/accesses?caller=" + caller, token).body()).getJsonArray("accesses");
    }

    @Test
    void adminsPlaceAndLiftLegalHolds() {
        String root = issuer.token("root", "sluice", List.of("admins"), Instant.now().plusSeconds(600));
        String hold = new JsonObject().put("kind", "principal").put("value", "agent-7").put("reason", "case 4711").encode();
        assertThat(send("POST", "/v1/legal-holds", auditor, hold).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/v1/legal-holds", root, "{}").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/v1/legal-holds", root, hold.replace("principal", "planet")).statusCode()).isEqualTo(400);
        HttpResponse<String> placed = send("POST", "/v1/legal-holds", root, hold);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(202);
        String id = new JsonObject(placed.body()).getString("legalHoldId");

        Servers.await("the hold", LONG, () -> get("/v1/legal-holds?inForce=true", root).body().contains(id));
        assertThat(send("POST", "/v1/legal-holds/" + id + "/lift", root, "{\"reason\":\"closed\"}").statusCode()).isEqualTo(202);
        Servers.await("its end", LONG, () -> get("/v1/legal-holds?inForce=false", root).body().contains(id));
        assertThat(send("POST", "/v1/legal-holds/nobody/lift", root, "{\"reason\":\"closed\"}").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> send(String method, String path, String token, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .timeout(LONG)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    @Test
    void aReplayFollowsASessionThatRunsToItsEnd() throws IOException, InterruptedException {
        var chain = new Chain("live").opened();
        servers.send(chain);
        servers.flush();
        Servers.await("its beginning", LONG, () -> get("/v1/sessions/live", auditor).statusCode() == 200);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/v1/sessions/live/replay?speed=0&follow=true"))
                .header("Authorization", "Bearer " + auditor)
                .build();
        Iterator<String> lines = CLIENT.send(request, HttpResponse.BodyHandlers.ofLines()).body().iterator();
        assertThat(types(lines, 1)).containsExactly("dev.sluice.session.opened.v1");

        int sent = chain.records().size();
        StatementHeld held = chain.held(chain.decided("vacuum full", Outcome.HOLD, List.of("admin")), "vacuum full");
        sent = sendFrom(chain, sent);
        assertThat(types(lines, 2)).containsExactly("dev.sluice.statement.decided.v1", "dev.sluice.statement.held.v1");
        servers.send(
                Topics.VERDICTS.name(), held.approvalId(), chain.beside(new VerdictGranted(held.approvalId(), "live", "jws"), held.approvalId(), Chain.START.plusSeconds(4)));
        servers.flush();
        assertThat(types(lines, 1)).containsExactly("dev.sluice.verdict.granted.v1");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), Chain.verdict(held, "ann"))).completed(held.statementId(), "VACUUM", null, 0).closed();
        sendFrom(chain, sent);
        assertThat(types(lines, 3))
                .containsExactly("dev.sluice.statement.released.v1", "dev.sluice.statement.completed.v1", "dev.sluice.session.closed.v1");
        assertThat(lines.next()).isEqualTo("event: end");
    }

    private static int sendFrom(Chain chain, int sent) {
        List<byte[]> records = chain.records();
        records.subList(sent, records.size()).forEach(record -> servers.send(Topics.SESSIONS.name(), chain.sessionId(), record));
        servers.flush();
        return records.size();
    }

    private static List<String> types(Iterator<String> lines, int count) {
        List<String> types = new ArrayList<>();
        while (types.size() < count) {
            String line = lines.next();
            if (line.startsWith("data: ")) {
                types.add(new JsonObject(line.substring("data: ".length())).getString("type"));
            }
        }
        if (!lines.next().isEmpty()) {
            throw new AssertionError("an event ends with an empty line");
        }
        return types;
    }

    @Test
    void statementsAreCountedAndSorted() {
        JsonObject facet = json("/v1/statements/facets?by=outcome&sessionId=story");
        assertThat(strings(facet.getJsonArray("values"), "value")).containsExactly("allow", "deny", "hold");
        assertThat(facet.getBoolean("capped")).isFalse();
        assertThat(strings(json("/v1/statements/facets?by=table&sessionId=story").getJsonArray("values"), "value")).containsExactly("orders", "public.orders");
        assertThat(strings(json("/v1/statements?sessionId=story&sort=-rows").getJsonArray("statements"), "query").getFirst()).isEqualTo("delete from orders");
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = json("/v1/statements?sessionId=story&sort=rows&limit=1" + cursor);
            paged.addAll(strings(page.getJsonArray("statements"), "query"));
            cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactly("drop table orders", "select * from customers where id = 7", "delete from orders");
        String other = json("/v1/statements?sessionId=story&sort=rows&limit=1").getString("next");
        assertThat(get("/v1/statements?sessionId=story&limit=1&cursor=" + other, auditor).statusCode()).isEqualTo(400);
        assertThat(json("/v1/statements?words=orders%20delete&sessionId=story").getJsonArray("statements")).hasSize(1);
        assertThat(json("/v1/statements?group=agents&sessionId=story&minRows=9&maxDuration=PT1S&approver=ann").getJsonArray("statements")).hasSize(1);
        assertThat(json("/v1/statements?group=nobody").getJsonArray("statements")).isEmpty();
        assertThat(json("/v1/statements?to=2026-11-22T00:00:00Z").getJsonArray("statements")).isEmpty();
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
        assertThat(strings(json("/v1/sessions?open=true").getJsonArray("sessions"), "sessionId")).contains("running").doesNotContain("story", "tampered");
        assertThat(json("/v1/sessions?principal=nobody").getJsonArray("sessions")).isEmpty();
        List<String> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = json("/v1/sessions?principal=agent-7&group=agents&limit=2" + cursor);
            all.addAll(strings(page.getJsonArray("sessions"), "sessionId"));
            cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
        } while (!cursor.isEmpty());
        assertThat(all).doesNotHaveDuplicates().contains("story", "tampered", "running");
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
        assertThat(get("/v1/statements?sort=beauty", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/statements/facets", auditor).statusCode()).isEqualTo(400);
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
    void aBundleVerifiesOfflineAndTheLiveTopicToo() throws IOException {
        Path bundle = folder.resolve("evidence.zip");
        String all = Files.writeString(
                        folder.resolve("all.jwks"),
                        Chain.GATEWAY.publicKeys().and(Chain.APPROVAL.publicKeys()).and(TrustedKeys.parse(get("/.well-known/jwks.json", "").body())).toJson())
                .toString();
        Files.write(bundle, download("/v1/export/sessions?principal=agent-7"));

        assertThat(command("verify", bundle.toString(), "--keys", all, "--allow-open")).contains("session story:", "session running:", " 0 findings");
        assertThat(command("verify", "--kafka", servers.kafka().bootstrapServers(), "--keys", all, "--allow-open", "--json")).contains("\"ok\" : true");
        Files.write(bundle, download("/v1/export/sessions?sessionId=story"));
        assertThat(command("verify", bundle.toString(), "--keys", all)).contains("1 sessions (0 open), 0 findings");
        assertThat(get("/v1/export/sessions?sessionId=story", issuer.token("otto", "sluice", List.of("other-auditors"), Instant.now().plusSeconds(600))).statusCode())
                .isEqualTo(404);
    }

    private static byte[] download(String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).header("Authorization", "Bearer " + auditor).build();
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    /** What the command prints, whatever its exit code. */
    private static String command(String... arguments) {
        var out = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));
        command.execute(arguments);
        return out.toString();
    }

    @Test
    void reportsCountAndLinkToTheirEvidence() {
        JsonObject destructive = json("/v1/reports/destructive?target=shop");
        JsonObject figures = new JsonObject();
        destructive.getJsonArray("figures").forEach(figure -> figures.put(((JsonObject) figure).getString("name"), ((JsonObject) figure).getLong("value")));
        assertThat(figures.getLong("statements")).isGreaterThanOrEqualTo(2);
        assertThat(figures.getLong("approved")).isEqualTo(1);
        assertThat(figures.getLong("denied")).isEqualTo(1);
        assertThat(figures.getLong("ranUnapproved")).isZero();
        for (Object row : destructive.getJsonArray("rows")) {
            assertThat(get(((JsonObject) row).getString("evidence"), auditor).statusCode()).isEqualTo(200);
        }
        for (String report : List.of("destructive", "denied", "policies", "completeness")) {
            for (Object figure : json("/v1/reports/" + report).getJsonArray("figures")) {
                assertThat(get(((JsonObject) figure).getString("evidence"), auditor).statusCode()).as(report + " " + figure).isEqualTo(200);
            }
            assertThat(get("/v1/reports/" + report + "?format=csv", auditor).body()).contains(",evidence\r\n");
            HttpResponse<String> page = get("/v1/reports/" + report + "?format=html", auditor);
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(page.body()).startsWith("<!doctype html>").endsWith("</html>").doesNotContain("<script");
        }
        assertThat(json("/v1/reports/denied?from=2030-01-01T00:00:00Z").getJsonArray("rows")).isEmpty();
        assertThat(get("/v1/reports/denied?format=pdf", auditor).statusCode()).isEqualTo(400);
    }

    @Test
    void theCommandLineAsksTheSame() throws IOException {
        String token = Files.writeString(folder.resolve("token"), auditor).toString();
        String url = "http://127.0.0.1:" + service.port();
        assertThat(command("audit", "sessions", "--url", url, "--token-file", token, "-f", "principal=agent-7")).contains("story", "closed").contains("running");
        assertThat(command("audit", "search", "from orders", "--url", url, "--token-file", token, "-f", "outcome=hold")).contains("delete from orders", "9 rows");
        assertThat(command("audit", "show", "story", "--url", url, "--token-file", token)).contains("verdict.granted", "completed: DELETE 9, 9 rows", "session.closed");
        assertThat(command("audit", "replay", "story", "--speed", "0", "--url", url, "--token-file", token).lines()).hasSize(12);
        Path bundle = folder.resolve("command.zip");
        command("audit", "export", "-f", "sessionId=story", "-o", bundle.toString(), "--url", url, "--token-file", token);
        assertThat(Files.readAllBytes(bundle)).startsWith('P', 'K');
        assertThat(command("audit", "export", "--format", "csv", "-f", "sessionId=story", "--url", url, "--token-file", token)).contains("drop table orders");
        assertThat(command("audit", "report", "denied", "--url", url, "--token-file", token)).contains("drop table orders").contains("/v1/sessions/story/timeline");
        assertThat(command("audit", "show", "nothing", "--url", url, "--token-file", token)).contains("No session nothing has been recorded");
        assertThat(command("audit", "sessions", "--url", "http://127.0.0.1:1", "--token-file", token)).contains("cannot be reached");
    }

    @Test
    void statementsAreExportedAsATable() {
        List<String> lines = get("/v1/export/statements?sessionId=story", auditor).body().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.getFirst()).startsWith("startedAt,sessionId,statementId,principal");
        assertThat(lines).anySatisfy(line -> assertThat(line).contains(",drop table orders,").contains(",deny,"));
        assertThat(get("/v1/export/statements?format=ndjson&sessionId=story", auditor).body().lines()).hasSize(3).allSatisfy(line -> new JsonObject(line));
        assertThat(get("/v1/export/statements?format=xml", auditor).statusCode()).isEqualTo(400);
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
        assertThat(new JsonObject(get("/health/ready", "").body()).getInteger("partitions")).isEqualTo(15);
        assertThat(get("/metrics", "").body()).contains("sluice_audit_records_total");
        assertThat(new JsonObject(get("/openapi.json", "").body()).getString("openapi")).startsWith("3.1");
    }
}
