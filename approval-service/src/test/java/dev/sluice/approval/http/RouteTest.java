// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
