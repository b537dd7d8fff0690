// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the interface answers, and to whom. */
final class AuditServiceIT extends ServiceCase {
    @ParameterizedTest
    @ValueSource(strings = {
        "/v1/sessions", "/v1/sessions/story", "/v1/sessions/story/timeline", "/v1/sessions/story/replay", "/v1/sessions/story/verify",
        "/v1/sessions/story/events", "/v1/statements", "/v1/statements/facets?by=rule", "/v1/findings", "/v1/accesses", "/v1/legal-holds", "/v1/dropped-sessions", "/v1/export/sessions", "/v1/export/statements", "/v1/reports/destructive", "/v1/reports/masked-columns", "/v1/reports/denied", "/v1/reports/policies", "/v1/reports/completeness"
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

    @Test
    void statementsAreFoundByTheColumnsThatTheyName() {
        for (String column : List.of("total", "orders.total", "public.orders.total", "public.customers.phone")) {
            assertThat(json("/v1/statements?sessionId=story&column=" + column).getJsonArray("statements")).as(column).hasSize(3);
        }
        for (String column : List.of("nothing", "customers.total", "sales.orders.total")) {
            assertThat(json("/v1/statements?sessionId=story&column=" + column).getJsonArray("statements")).as(column).isEmpty();
        }
    }

    @Test
    void aColumnIsFoundMaskedOrUnmasked() {
        assertThat(json("/v1/statements?sessionId=story&column=public.customers.phone&unmasked=true").getJsonArray("statements")).hasSize(3);
        assertThat(json("/v1/statements?sessionId=story&column=public.customers.phone&unmasked=false").getJsonArray("statements")).isEmpty();
        assertThat(json("/v1/statements?sessionId=story&maskedColumn=email&unmasked=false").getJsonArray("statements")).hasSize(3);
        assertThat(json("/v1/statements?sessionId=story&maskedColumn=email&unmasked=true").getJsonArray("statements")).isEmpty();
        assertThat(get("/v1/statements?column=phone&unmasked=true", auditor).statusCode()).isEqualTo(400);
    }

    @Test
    void statementsAreCountedByTheGroupsOfTheirCallers() {
        JsonObject facet = json("/v1/statements/facets?by=group&sessionId=story");
        assertThat(facet.getJsonArray("values")).contains(new JsonObject().put("value", "agents").put("statements", 3));
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
    void healthAndDescriptionArePublic() {
        assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
        Servers.await("ready", LONG, () -> get("/health/ready", "").statusCode() == 200);
        assertThat(new JsonObject(get("/health/ready", "").body()).getInteger("partitions")).isEqualTo(21);
        assertThat(get("/metrics", "").body()).contains("sluice_audit_records_total").contains("sluice_audit_findings_total{kind=\"gap\"} 0");
        assertThat(new JsonObject(get("/openapi.json", "").body()).getString("openapi")).startsWith("3.1");
    }

    private static JsonArray accesses(String token, String caller) {
        return new JsonObject(get("/v1/accesses?caller=" + caller, token).body()).getJsonArray("accesses");
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
}
