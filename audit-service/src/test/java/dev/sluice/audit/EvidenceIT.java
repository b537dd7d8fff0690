// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What can be taken away and proven, and what tampering with the store comes to. */
final class EvidenceIT extends ServiceCase {
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

    @Test
    void aStatementThatCameAgainHasItsApprovalInTheSessionInWhichItRan() throws IOException {
        var asks = new Chain("asks").opened();
        String query = "delete from orders where id = 9";
        StatementHeld ticket = Chain.ticket(asks.held(asks.decided(query, Outcome.HOLD, List.of("write")), query), "ticket-9", "asks");
        var returns = new Chain("returns").opened();
        String statementId = returns.decided(query, Outcome.HOLD, List.of("write"));
        returns.add(new StatementReleased(statementId, "ticket-9", Chain.verdict(ticket, "ann"), ticket)).completed(statementId, "DELETE 1", null, 1).closed();
        var ann = new Principal("ann", "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        byte[] vote = asks.beside(new ApprovalVoted("ticket-9", ann, Vote.APPROVE, "fine", "d"), "ticket-9", Chain.START.plusSeconds(4));
        servers.send(Topics.APPROVALS.name(), "ticket-9", vote);
        servers.send(Topics.VERDICTS.name(), "ticket-9", asks.beside(new VerdictGranted("ticket-9", "asks", "jws"), "ticket-9", Chain.START.plusSeconds(5)));
        servers.send(returns);
        servers.flush();
        Servers.await("all of it", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id = 'returns' OR subject = 'ticket-9'")
                == returns.records().size() + 2);

        List<String> told = List.of("approval.voted", "verdict.granted");
        assertThat(strings(json("/v1/sessions/returns/timeline").getJsonArray("entries"), "type").stream().map(type -> type.replaceAll("dev.sluice.|.v1", "")))
                .containsSubsequence("statement.decided", "approval.voted", "verdict.granted", "statement.released");
        assertThat(get("/v1/sessions/returns/replay?speed=0", auditor).body()).contains(told);
        assertThat(get("/v1/sessions/returns/events", auditor).body()).contains(told);
        assertThat(json("/v1/sessions/returns/verify").getLong("records")).isEqualTo(returns.records().size() + 2L);
        assertThat(json("/v1/sessions/returns/verify").getBoolean("ok")).isTrue();
        Path bundle = Files.write(folder.resolve("returns.zip"), download("/v1/export/sessions?sessionId=returns"));
        String keys = Files.writeString(folder.resolve("both.jwks"), Chain.GATEWAY.publicKeys().and(Chain.APPROVAL.publicKeys())
                        .and(TrustedKeys.parse(get("/.well-known/jwks.json", "").body())).toJson())
                .toString();
        assertThat(command("verify", bundle.toString(), "--keys", keys)).contains(returns.records().size() + 2 + " records", " 0 findings");

        servers.execute("UPDATE rest.events SET record = convert_to(replace(convert_from(record, 'UTF8'), 'fine', 'good'), 'UTF8')"
                + " WHERE subject = 'ticket-9' AND topic = 'sluice.approvals'");
        assertThat(strings(json("/v1/sessions/returns/verify").getJsonArray("findings"), "kind")).containsExactly("approval-changed");
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
    void aReplayEndsWithItsToken() {
        Instant end = Instant.now().plusSeconds(4);
        String body = get("/v1/sessions/running/replay?follow=true", issuer.token("olga", "sluice", List.of("auditors"), end)).body();
        assertThat(Instant.now()).isBetween(end.minusSeconds(1), end.plusSeconds(20));
        assertThat(body).contains("event: entry").doesNotContain("event: end");
    }

    @Test
    void aPauseOfAReplayEndsWithItsTokenToo() {
        Instant end = Instant.now().plusSeconds(4);
        String body = get("/v1/sessions/story/replay?speed=0.000001&maxGap=P1D", issuer.token("olga", "sluice", List.of("auditors"), end)).body();
        assertThat(body).doesNotContain("event: end");
    }

    @Test
    void largeChunksOfKeptAnswersComeAFewAtATime() throws TimeoutException {
        servers.rows("SET search_path = rest", "SELECT create_day('2001-01-01')");
        servers.execute("INSERT INTO rest.results SELECT '2001-01-01', 'large', 's', n, 't', 0, n, now(), convert_to(repeat('x', 3000000), 'UTF8') FROM generate_series(0, 4) n");
        var pool = Database.open(vertx, servers.databaseConfig("rest"));
        try {
            var store = new EvidenceStore(pool);
            List<Long> pieces = new ArrayList<>();
            EvidenceStore.Filed last = null;
            List<EvidenceStore.Filed> piece = store.results("large", last, 16).await(20, TimeUnit.SECONDS);
            while (!piece.isEmpty()) {
                pieces.add(piece.stream().mapToLong(filed -> filed.raw().value().length).sum());
                last = piece.getLast();
                piece = store.results("large", last, 16).await(20, TimeUnit.SECONDS);
            }
            assertThat(pieces).containsExactly(6_000_000L, 6_000_000L, 3_000_000L);
        } finally {
            pool.close().await(20, TimeUnit.SECONDS);
            servers.execute("DELETE FROM rest.results WHERE session_id = 'large'");
        }
    }

    @Test
    void aPageOfLongQueriesEndsEarlyAndGoesOn() {
        servers.rows("SET search_path = rest", "SELECT create_day('2001-01-03')");
        servers.execute("INSERT INTO rest.statements (session_id, statement_id, day, started_at, target, principal, outcome, query)"
                + " SELECT 'long', n::text, '2001-01-03', timestamptz '2001-01-03' + n * interval '1 second', 'long', 'lou', 'allow', repeat('x', 1500000) FROM generate_series(1, 7) n");
        try {
            for (String sort : List.of("", "&sort=started", "&sort=-duration", "&text=xxx")) {
                List<Integer> pages = new ArrayList<>();
                List<String> found = new ArrayList<>();
                String cursor = "";
                do {
                    JsonObject page = json("/v1/statements?target=long&limit=500" + sort + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
                    found.addAll(strings(page.getJsonArray("statements"), "statementId"));
                    pages.add(page.getJsonArray("statements").size());
                    assertThat(page.encode()).doesNotContain("pagebehind", "pagethere");
                    cursor = page.getString("next", "");
                } while (!cursor.isEmpty());
                assertThat(pages).as(sort).containsExactly(3, 3, 1);
                assertThat(found).as(sort).doesNotHaveDuplicates().hasSize(7);
            }
            assertThat(get("/v1/export/statements?target=long", auditor).body().lines()).hasSize(8);
        } finally {
            servers.execute("DELETE FROM rest.statements WHERE session_id = 'long'");
        }
    }

    @Test
    void anAccessThatNobodyHasSignedIsListedAsSuch() {
        String admin = issuer.token("root", "sluice", List.of("auditors", "admins"), Instant.now().plusSeconds(600));
        var mallory = new Principal("mallory", "https://issuer.test", Principal.Method.OIDC, Set.of("auditors"), null);
        byte[] forged = STORY.beside(new EvidenceAccessed(mallory, "127.0.0.1", "GET", "/v1/sessions", null, List.of(), true, null), "forged", Chain.START);
        servers.send(Topics.AUDIT.name(), "forged", forged);
        servers.flush();
        assertThat(get("/v1/sessions?target=forging", auditor).statusCode()).isEqualTo(200);
        Servers.await("both", LONG, () -> servers.count("SELECT count(*) FROM rest.accesses WHERE caller = 'mallory' OR parameters = '{target=forging}'") == 2);

        JsonObject unproven = new JsonObject(get("/v1/accesses?proven=false", admin).body());
        assertThat(strings(unproven.getJsonArray("accesses"), "caller")).containsExactly("mallory");
        assertThat(unproven.getJsonArray("accesses").getJsonObject(0).getString("eventId")).contains("~");
        assertThat(strings(new JsonObject(get("/v1/accesses?proven=true", admin).body()).getJsonArray("accesses"), "caller")).contains("olga").doesNotContain("mallory");
        assertThat(strings(json("/v1/findings?kind=unproven").getJsonArray("findings"), "detail")).anyMatch(detail -> detail.startsWith("an access is listed"));
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

    /** Whoever may write to the database may do any of this, and all of it is found without believing anything else that is in there. */
    @Test
    void whateverIsDoneToTheRecordsInTheStoreIsFoundAndNamed() {
        var chain = new Chain("stored").opened().allowed("select 1").allowed("select 2").closed();
        servers.send(chain);
        servers.flush();
        Servers.await("the session", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id = 'stored'") == chain.records().size());
        servers.execute("CREATE TABLE rest.kept AS SELECT * FROM rest.events WHERE session_id = 'stored'");
        String forged = Chain.APPROVAL.keyId();
        Map<String, String> tampering = new LinkedHashMap<>();
        tampering.put("DELETE FROM rest.events WHERE session_id = 'stored' AND sequence = 2", "gap");
        tampering.put("DELETE FROM rest.events WHERE session_id = 'stored' AND sequence = 5", "truncated");
        tampering.put("UPDATE rest.events SET record_offset = record_offset + CASE sequence WHEN 2 THEN 100000 ELSE 0 END WHERE session_id = 'stored'", "reordered");
        tampering.put(
                "UPDATE rest.events SET record = convert_to(replace(convert_from(record, 'UTF8'), 'select 2', 'select 3'), 'UTF8') WHERE session_id = 'stored' AND sequence = 3",
                "broken-link");
        tampering.put(
                "INSERT INTO rest.events (day, session_id, topic, partition, record_offset, recorded_at, record) SELECT day, session_id, topic, partition, 999999, recorded_at,"
                        + " convert_to(replace(convert_from(record, 'UTF8'), 'select 1', 'select 9'), 'UTF8') FROM rest.kept WHERE sequence = 1",
                "duplicate");
        tampering.put(
                "UPDATE rest.events SET record = convert_to(regexp_replace(convert_from(record, 'UTF8'), '\"signature\":\"[^\"]*\"', '\"signature\":\"a." + forged + ".c\"'), 'UTF8')"
                        + " WHERE session_id = 'stored' AND sequence = 5",
                "bad-signature");
        tampering.forEach((change, finding) -> {
            assertThat(json("/v1/sessions/stored/verify").getBoolean("ok")).isTrue();
            servers.execute(change);
            JsonObject report = json("/v1/sessions/stored/verify");
            assertThat(report.getBoolean("ok")).as(change).isFalse();
            assertThat(strings(report.getJsonArray("sessions").getJsonObject(0).getJsonArray("findings"), "kind")).as(change).contains(finding);
            servers.execute("DELETE FROM rest.events WHERE session_id = 'stored'; INSERT INTO rest.events SELECT * FROM rest.kept");
        });
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
}
