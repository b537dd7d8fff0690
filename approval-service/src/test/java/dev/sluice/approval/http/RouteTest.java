// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalAssessed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.EarlierStatement;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every route has a rule, and the description says what the routes do. */
final class RouteTest {
    private static final Set<String> FOR_EVERYBODY = Set.of("/health/live", "/health/ready", "/.well-known/jwks.json", "/openapi.json");

    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void everyRouteOfTheRouterHasARule() {
        var routes = rest.api.router().getRoutes();

        assertThat(routes).hasSameSizeAs(rest.api.endpoints());
        assertThat(routes).allSatisfy(route -> assertThat((Object) route.getMetadata("endpoint")).as("rule of %s", route.getPath()).isInstanceOf(Endpoint.class));
    }

    @Test
    void onlyWhatIsForEverybodyAnswersWithoutAToken() {
        rest.ask(rest.hold("a1"));
        for (var endpoint : rest.api.endpoints()) {
            var path = endpoint.path().replace("{approvalId}", "a1").replace("{messageId}", "m1");
            var answer = rest.client.send(rest.client.request(path, "").method(endpoint.method().name(), BodyPublishers.noBody()));

            assertThat(answer.status()).as(path).isEqualTo(FOR_EVERYBODY.contains(path) ? 200 : 401);
        }
    }

    @Test
    void whatIsForAdministratorsIsForNobodyElse() {
        for (var endpoint : rest.api.endpoints()) {
            if (endpoint instanceof Endpoint.ForAdmins) {
                var answer = rest.client.send(rest.client.request(endpoint.path().replace("{messageId}", "m1"), rest.bob())
                        .method(endpoint.method().name(), BodyPublishers.noBody()));

                assertThat(answer.problem()).as(endpoint.path()).isEqualTo("not-an-admin");
            }
        }
    }

    @Test
    void readingChangesNothing() {
        rest.ask(rest.hold("a1"));
        var before = rest.log.events();
        for (var endpoint : rest.api.endpoints()) {
            if (endpoint.method().equals(HttpMethod.GET) && !endpoint.path().endsWith("/stream")) {
                var path = endpoint.path().replace("{approvalId}", "a1");
                assertThat(rest.client.get(path + "?vote=approve&shownDigest=digest-of-a1", rest.issuer.token("bob", "dba", "admins")).status())
                        .as(path)
                        .isIn(200, 400);
            } else {
                assertThat(endpoint.method()).as(endpoint.path()).isIn(HttpMethod.GET, HttpMethod.POST);
            }
        }
        assertThat(rest.log.events()).isEqualTo(before);
    }

    @Test
    void theDescriptionNamesExactlyTheRoutes() {
        var described = new TreeSet<String>();
        description().path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            if (!operation.getKey().equals("parameters")) {
                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                boolean open = operation.getValue().path("security").isArray() && operation.getValue().path("security").isEmpty();
                assertThat(open).as(path.getKey()).isEqualTo(FOR_EVERYBODY.contains(path.getKey()));
            }
        }));

        assertThat(described).containsExactlyInAnyOrderElementsOf(
                rest.api.endpoints().stream().map(endpoint -> endpoint.method() + " " + endpoint.path()).toList());
    }

    /** Requests that a program which has the description alone would think of. */
    @Test
    void everyParameterIsDescribedAndNoOther() {
        var description = new Description();
        for (var endpoint : rest.api.endpoints()) {
            var path = endpoint.path();
            var method = endpoint.method().name();
            var inPath = Pattern.compile("\\{(\\w+)}").matcher(path).results().map(match -> match.group(1)).toList();
            boolean lists = path.equals("/v1/approvals");
            var headers = new TreeSet<String>();
            if (endpoint.method().equals(HttpMethod.POST)) {
                headers.add(Repetitions.HEADER);
            }
            if (path.equals("/v1/approvals/{approvalId}")) {
                headers.add("If-None-Match");
            } else if (path.endsWith("/votes")) {
                headers.add("If-Match");
            }
            assertThat(description.parameters(path, method, "path")).as(path).containsExactlyInAnyOrderElementsOf(inPath);
            assertThat(description.parameters(path, method, "query")).as(path).isEqualTo(lists ? ListRequest.PARAMETERS : Set.of());
            assertThat(description.parameters(path, method, "header")).as(path).isEqualTo(headers);
        }
    }

    /** Each of them by the fixture's client. */
    @Test
    void statusAndHeadersOfWhatEveryRouteMayRefuseAreDescribed() {
        rest.ask(rest.hold("a1"));
        for (var endpoint : rest.api.endpoints()) {
            var path = endpoint.path().replace("{approvalId}", "a1").replace("{messageId}", "m1");
            rest.client.send(rest.client.request(path, "").method(endpoint.method().name(), BodyPublishers.noBody()));
            rest.client.send(rest.client.request(path, "nonsense").method(endpoint.method().name(), BodyPublishers.noBody()));
            var wrong = rest.client.send(rest.client.request(path, rest.bob()).method("DELETE", BodyPublishers.noBody()));
            assertThat(wrong.status()).as(path).isEqualTo(405);
        }
        for (int request = 0; request < 60; request++) {
            rest.client.get("/v1/approvals", "nonsense");
        }
        for (var endpoint : rest.api.endpoints()) {
            if (!(endpoint instanceof Endpoint.Public)) {
                var path = endpoint.path().replace("{approvalId}", "a1").replace("{messageId}", "m1");
                var tooMany = rest.client.send(rest.client.request(path, rest.bob()).method(endpoint.method().name(), BodyPublishers.noBody()));
                assertThat(tooMany.problem()).as(path).isEqualTo("too-many-requests");
            }
        }
    }

    @Test
    void answersAreAsDescribed() {
        rest.ask(rest.hold("a1").query("DELETE FROM orders WHERE id = $1", new Parameter(23, "text", "7"), new Parameter(0, "text", null)));
        rest.ask(rest.hold("a2"));
        rest.append(new ApprovalWithdrawn("a2", "gone"), rest.clock.instant());

        check(rest.client.get("/v1/approvals?limit=1", rest.bob()), "Page");
        check(rest.client.get("/v1/approvals/a1", rest.bob()), "Approval");
        check(rest.client.get("/v1/approvals/a2", rest.bob()), "Approval");
        check(rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1"), "Approval");
        check(rest.client.vote("a1", rest.bob(), "reject", "digest-of-a1"), "Problem");
        check(rest.client.get("/v1/approvals/none", rest.bob()), "Problem");
        check(rest.client.get("/v1/approvals", ""), "Problem");
        check(rest.client.get("/health/ready", ""), "Readiness");
        rest.webhooks.giveUp("a3");
        var admin = rest.issuer.token("erin", "admins");
        check(rest.client.get("/v1/webhooks", admin), "Webhooks");
        var dead = rest.client.get("/v1/webhooks/dead-letters", admin);
        check(dead, "DeadLetters");
        check(rest.client.post("/v1/webhooks/dead-letters/" + dead.json().at("/deadLetters/0/messageId").asText() + "/redelivery", admin, "{}"), "Requeued");
    }

    /** Everything that an approval can have. */
    @Test
    void aFullApprovalIsAsDescribed() {
        var cell = new Impact.Cell("x", false, true);
        var impact = new Impact(
                "session", 3L, 2L, new Impact.Sample("public.orders", List.of("id"), List.of(new Impact.Row(List.of(cell))), false),
                List.of(new Impact.Table("public.orders", "table", "delete", 8192L, 10L, List.of("id"), List.of("id"))),
                List.of(new Impact.Cascade("public.lines", "public.orders", "fk", "deletes the rows that refer to it", null)),
                List.of(new Impact.Trigger("public.orders", "t", "AFTER DELETE FOR EACH ROW", "keep()")),
                List.of(new Impact.Lock("public.orders", "ROW EXCLUSIVE", "writing to the same rows")), List.of(new Impact.Dependent("view v", "public.orders")), "no table is written anew",
                List.of(new Impact.Missing("locks", "nobody looked")));
        var earlier = new EarlierStatement(
                rest.clock.instant(), StatementEvent.Outcome.ALLOW, "rule", List.of("SELECT"), List.of(new StatementEvent.RelationAccess(null, "t", "read")), "SELECT 1", true);
        var plain = rest.hold("a1").requester(Holds.person("al\u0456ce", "agents")).held();
        var held = new StatementEvent.StatementHeld(
                plain.statementId(), plain.approvalId(), plain.sessionId(), plain.statementDigest(), "EXECUTE p", plain.parameters(), plain.facts(), plain.rule(), plain.reason(),
                plain.approverGroups(), plain.quorum(), plain.expiresAt(), plain.requester(), plain.target(), plain.database(), plain.application(), plain.clientAddress(), true,
                plain.quorums(), plain.autoApproveBelow(), plain.estimatedRows(), plain.role(), plain.searchPath(), plain.mode(), plain.policyVersion(), plain.catalogVersion(),
                plain.hidden(), List.of(new StatementEvent.StandsFor("p", "DELETE FROM orders WHERE id = $1", List.of(23L), List.of(new Parameter(23, "text", "7")))));
        rest.append(new ApprovalRequested("a1", held, new SessionSoFar(false, 1, 0, 0, List.of(earlier)), null), rest.clock.instant());
        rest.append(new ApprovalAssessed("a1", impact, null), rest.clock.instant());

        var answer = rest.client.get("/v1/approvals/a1", rest.bob());

        check(answer, "Approval");
        assertThat(answer.json().path("impact").path("cascades")).hasSize(1);
        assertThat(answer.json().path("session").path("latest")).hasSize(1);
        assertThat(answer.json().path("statement").path("standsFor")).hasSize(1);
        assertThat(answer.json().path("misleading").path(0).path("visible").asText()).isEqualTo("al\\u{456}ce");
        assertThat(answer.json().path("requester").path("subject").asText()).isEqualTo("al\u0456ce");
        check(rest.client.get("/v1/approvals", rest.bob()), "Page");
    }

    @Test
    void aVoteThatDoesNotComeBackIsAnsweredAsDescribed() {
        rest.ask(rest.hold("a1"));
        rest.log.stopReading();

        var answer = rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1");

        assertThat(answer.status()).isEqualTo(202);
        check(answer, "Pending");
    }

    @Test
    void streamsSendSummariesAsDescribed() throws IOException, InterruptedException {
        rest.ask(rest.hold("a1"));
        try (var lines = new BufferedReader(new InputStreamReader(rest.client.stream("/v1/approvals/stream", rest.bob()), StandardCharsets.UTF_8))) {
            var line = lines.readLine();
            while (!line.startsWith("data: ")) {
                line = lines.readLine();
            }
            assertThat(errors(line.substring("data: ".length()), "ApprovalSummary")).as(line).isEmpty();
        }
    }

    @Test
    void theTestOfTheDescriptionCanFail() {
        assertThat(errors("{\"vote\": \"approve\"}", "Vote")).isNotEmpty();
        assertThat(errors("{\"vote\": \"approve\", \"shownDigest\": \"d\"}", "Vote")).isEmpty();
    }

    private void check(RestClient.Answer answer, String schema) {
        assertThat(errors(answer.response().body(), schema)).as(answer.response().body()).isEmpty();
    }

    private List<?> errors(String body, String schema) {
        var document = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$ref\": \"#/components/schemas/" + schema + "\", \"components\": "
                + description().path("components") + "}";
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document, InputFormat.JSON).validate(body, InputFormat.JSON);
    }

    private JsonNode description() {
        var json = rest.client.get("/openapi.json", "").json();
        assertThat(json.path("openapi").asText()).startsWith("3.1");
        return new ObjectMapper().valueToTree(json);
    }
}
