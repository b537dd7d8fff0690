// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What reports count, and that each figure links to exactly what it has counted. */
final class ReportsIT extends ServiceCase {
    private static final List<String> REPORTS = List.of("destructive", "masked-columns", "denied", "policies", "completeness");

    /** A session in which everything happens once that a report tells apart. */
    @BeforeAll
    static void sendAllEnds() {
        var chain = new Chain("ends").opened();
        StatementHeld automatic = held(chain, "delete from a");
        chain.add(new StatementReleased(automatic.statementId(), automatic.approvalId(), Chain.verdict(automatic)));
        chain.completed(automatic.statementId(), "DELETE 1", null, 1);
        refused(chain, "delete from b", "rejected by bob: no");
        refused(chain, "delete from c", "nobody approved it in time");
        refused(chain, "delete from d", "the event log is away");
        StatementHeld withdrawn = held(chain, "delete from e");
        chain.add(new StatementWithdrawn(withdrawn.statementId(), withdrawn.approvalId(), "cancelled")).completed(withdrawn.statementId(), null, "57014", 0);
        denied(chain, "waits for ticket-1");
        denied(chain, "ticket-1: rejected by bob");
        String detected = chain.decided("select note from tickets", Outcome.ALLOW, List.of("read"));
        chain.add(new StatementCompleted(
                detected, List.of(), "42501", 0, 0, "ab".repeat(32), 1, "I", null, null, null, null, List.of(new Detection("iban", "note", 1, Detection.Action.DENY))));
        chain.add(new StatementCompleted(
                chain.decided("delete from g returning *", Outcome.ALLOW, List.of("write")), List.of(), "42501", 0, 0, "ab".repeat(32), 1, "I", null, null, null, null,
                List.of(new Detection("iban", "note", 1, Detection.Action.DENY))));
        chain.add(new StatementCompleted(
                chain.decided("delete from h; commit; select 1/0", Outcome.ALLOW, List.of("write")), List.of("DELETE 3", "COMMIT"), "22012", 0, 0, "ab".repeat(32), 1, "I", null,
                null));
        chain.completed(chain.decided("delete from i; select 1/0", Outcome.ALLOW, List.of("write")), "DELETE 3", "22012", 0);
        chain.completed(chain.decided("delete from j", Outcome.ALLOW, List.of("write")), null, "08006", 0);
        chain.decided("delete from k", Outcome.ALLOW, List.of("write"));
        chain.allowed("select 1").closed();
        servers.send(chain);
        var stranger = new Chain("stranger").add(new SessionRefused("mallory", "shop", "127.0.0.1:1", "28P01", "no valid token"));
        servers.send(stranger);
        servers.send(new Chain("policy").add(new PolicyLoaded("0a1b2c3d4e5f", "enforce", null, "/etc/sluice/policy.yaml", "version: 1\n")).closed());
        servers.send(Topics.SESSIONS.name(), "junk", "no event".getBytes(StandardCharsets.UTF_8));
        servers.flush();
        Servers.await("all ends", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id IN ('ends', 'stranger', 'junk', 'policy')")
                == chain.records().size() + 4);
    }

    private static StatementHeld held(Chain chain, String query) {
        return chain.held(chain.decided(query, Outcome.HOLD, List.of("write")), query);
    }

    private static void refused(Chain chain, String query, String reason) {
        StatementHeld held = held(chain, query);
        chain.add(new StatementRefused(held.statementId(), held.approvalId(), "42501", reason)).completed(held.statementId(), null, "42501", 0);
    }

    private static void denied(Chain chain, String reason) {
        chain.completed(chain.decided("delete from f", Outcome.DENY, List.of("write"), reason), null, "SL001", 0);
    }

    private static Map<String, Long> figures(String path) {
        Map<String, Long> figures = new LinkedHashMap<>();
        json(path).getJsonArray("figures").forEach(figure -> figures.put(((JsonObject) figure).getString("name"), ((JsonObject) figure).getLong("value")));
        return figures;
    }

    @Test
    void whatPeopleApprovedIsToldFromWhatAnEstimateLetPass() {
        assertThat(figures("/v1/reports/destructive?target=shop"))
                .containsAllEntriesOf(Map.of("approved", 1L, "autoApproved", 1L, "rejected", 2L, "expired", 1L, "void", 1L, "withdrawn", 1L, "waiting", 1L, "denied", 1L))
                .containsEntry("ranUnapproved", 3L)
                .containsEntry("endUnknown", 2L);
    }

    @Test
    void whatWasDeniedIsToldByWhom() {
        assertThat(figures("/v1/reports/denied?target=shop")).containsAllEntriesOf(
                Map.of("denied", 1L, "rejected", 2L, "expired", 1L, "void", 1L, "waiting", 1L, "detected", 2L, "statements", 8L));
        assertThat(figures("/v1/reports/denied")).containsEntry("refusedSessions", 1L);
        assertThat(strings(json("/v1/reports/denied").getJsonArray("rows"), "sessionId")).contains("stranger", "ends", "story");
    }

    @Test
    void aPolicyIsThereThoughItHasDecidedNothing() {
        assertThat(figures("/v1/reports/policies")).containsEntry("loads", 1L);
        JsonObject load = json("/v1/sessions?state=policy").getJsonArray("sessions").getJsonObject(0);
        assertThat(load.getString("policyVersion")).isEqualTo("0a1b2c3d4e5f");
        assertThat(load.getString("policyLoadedAt")).isNotNull();
        assertThat(json("/v1/sessions/policy/timeline").encode()).contains("the gateway judges by policy 0a1b2c3d4e5f (enforce)");
    }

    @Test
    void eachFigureLinksToExactlyWhatItHasCounted() {
        int compared = 0;
        for (String query : List.of("", "?target=shop", "?from=2026-11-23T08:00:02Z&to=2026-11-23T08:00:09Z")) {
            for (String report : REPORTS) {
                for (Object each : json("/v1/reports/" + report + query).getJsonArray("figures")) {
                    JsonObject figure = (JsonObject) each;
                    assertThat(listed(figure.getString("evidence"))).as(report + query + " " + figure).isEqualTo(figure.getLong("value"));
                    compared++;
                }
                for (Object row : json("/v1/reports/" + report + query).getJsonArray("rows")) {
                    assertThat(get(((JsonObject) row).getString("evidence"), auditor).statusCode()).as(report + " " + row).isEqualTo(200);
                }
            }
        }
        assertThat(compared).isGreaterThan(80);
    }

    @Test
    void statementsAreFoundByWhoRejectedThemAndSessionsByWhatTheyBelongTo() {
        assertThat(strings(json("/v1/statements?approver=bob").getJsonArray("statements"), "refusalReason")).containsExactly("rejected by bob: no");
        assertThat(json("/v1/statements?approver=bo").getJsonArray("statements")).isEmpty();
        assertThat(strings(json("/v1/statements?approver=ann").getJsonArray("statements"), "sessionId")).containsExactly("story");
        assertThat(strings(json("/v1/sessions?application=psql").getJsonArray("sessions"), "sessionId")).contains("ends", "story").doesNotContain("stranger");
        assertThat(json("/v1/sessions?application=other").getJsonArray("sessions")).isEmpty();
        assertThat(strings(json("/v1/sessions?trace=4bf92f3577b34da6a3ce929d0e0e4736").getJsonArray("sessions"), "sessionId")).contains("ends", "story").doesNotContain("stranger");
        assertThat(json("/v1/sessions?trace=00000000000000000000000000000001").getJsonArray("sessions")).isEmpty();
    }

    @Test
    void sessionsAreFoundByWhatHappenedInThem() {
        assertThat(found("table=public.orders&effect=read&sort=started")).contains("story", "ends", "running").doesNotContain("stranger");
        assertThat(found("approver=bob")).containsExactly("ends");
        assertThat(found("approver=ann&principal=agent-7&to=2030-01-01T00:00:00Z")).containsExactly("story");
        assertThat(found("outcome=hold&minRows=9&maxRows=9&maxDuration=PT1S&sort=-statements")).containsExactly("story");
        assertThat(found("sqlstate=08006&end=end-unknown&destructive=true&group=agents&from=2020-01-01T00:00:00Z&sort=-duration")).containsExactly("ends");
        assertThat(found("text=DROP%20TABLE&rule=rule-DENY&target=shop")).containsExactly("story");
        // Of one and the same statement.
        assertThat(found("text=drop%20table&outcome=allow")).isEmpty();
        assertThat(found("column=orders.total&to=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(get("/v1/sessions?sort=rows", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/sessions?sessionId=story", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/sessions/facets?by=rule", auditor).statusCode()).isEqualTo(400);
        assertThat(strings(json("/v1/sessions/facets?by=principal&approver=ann").getJsonArray("values"), "value")).containsExactly("agent-7");
        assertThat(strings(json("/v1/sessions/facets?by=state").getJsonArray("values"), "value")).contains("closed", "refused", "policy", "signed");
        assertThat(get("/v1/export/sessions?format=ndjson&approver=bob", auditor).body()).contains("rejected by bob").doesNotContain("drop table orders");
        assertThat(command("audit", "sessions", "--url", "http://127.0.0.1:" + service.port(), "--token-file", token(), "-f", "approver=bob")).contains("ends").doesNotContain("story");
    }

    private static List<String> found(String filters) {
        return strings(json("/v1/sessions?" + filters).getJsonArray("sessions"), "sessionId");
    }

    private static String token() {
        try {
            return Files.writeString(folder.resolve("token"), auditor).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many there are behind a link, page by page. */
    private static long listed(String link) {
        if (link.startsWith("/v1/statements/facets")) {
            return json(link).getJsonArray("values").size();
        }
        long count = 0;
        String cursor = "";
        do {
            JsonObject page = json(link + (link.contains("?") ? "&" : "?") + "limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            String list = page.fieldNames().stream().filter(name -> page.getValue(name) instanceof JsonArray).findFirst().orElseThrow();
            count += page.getJsonArray(list).size();
            cursor = page.getString("next", "");
        } while (!cursor.isEmpty());
        return count;
    }

    @Test
    void theFormsOfAReport() {
        for (String report : REPORTS) {
            String csv = get("/v1/reports/" + report + "?format=csv", auditor).body();
            assertThat(csv).startsWith("figure,value,evidence\r\n").contains("\r\n\r\n", ",evidence\r\n");
            HttpResponse<String> page = get("/v1/reports/" + report + "?format=html", auditor);
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(page.body()).startsWith("<!doctype html>").endsWith("</html>").doesNotContain("<script");
        }
        assertThat(json("/v1/reports/denied?from=2030-01-01T00:00:00Z").getJsonArray("rows")).isEmpty();
        assertThat(get("/v1/reports/denied?format=pdf", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/statements?end=nowhere", auditor).statusCode()).isEqualTo(400);
        assertThat(get("/v1/sessions?state=nowhere", auditor).statusCode()).isEqualTo(400);
    }

    @Test
    void aTableHasEveryRowAndADocumentSaysWhereItStops() {
        servers.rows("SET search_path = rest", "SELECT create_day('2001-01-02')");
        servers.execute("INSERT INTO rest.statements (session_id, statement_id, day, started_at, target, outcome, query)"
                + " SELECT 'many', n::text, '2001-01-02', timestamptz '2001-01-02' + n * interval '1 second', 'many', 'deny', 'drop' FROM generate_series(1, 5200) n");
        try {
            assertThat(get("/v1/reports/denied?target=many&format=csv", auditor).body().lines().filter(line -> line.contains("/v1/sessions/many/timeline"))).hasSize(5_200);
            JsonObject document = json("/v1/reports/denied?target=many");
            assertThat(document.getJsonArray("rows")).hasSize(5_000);
            assertThat(document.getBoolean("truncated")).isTrue();
            assertThat(json("/v1/reports/denied?target=shop").getBoolean("truncated")).isFalse();
        } finally {
            servers.execute("DELETE FROM rest.statements WHERE session_id = 'many'");
        }
    }
}
