// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.verify.Finding;
import dev.sluice.audit.verify.Report;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.SampleDatabase;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import dev.sluice.schemas.event.SessionEvent.SessionBypassed;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What only the whole of gateway, server and auditor shows: who went past the gateway, and who has seen masked columns as they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditorsViewE2E {
    private Path policy;
    private Stack stack;
    private Credentials credentials;
    private Person ada;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        policy = Files.writeString(folder.resolve("policy.yaml"), """
                version: 1
                defaults: {read: allow, write: allow, schema: allow, unknown: deny}
                masks:
                  - {name: contacts, columns: ['*.*.email'], with: redact}
                  - {name: streets, columns: ['*.*.street'], with: redact, unless: "user.subject != 'nobody'"}
                """);
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy).withGatewaySettings(Map.of("watch", Map.of("every", "1s"))));
        credentials = stack.credentials();
        ada = Person.at(credentials.urls().audit(), credentials.auditor());
    }

    @AfterAll
    void stop() {
        stack.close();
    }

    @Test
    void aPolicyThatComesIntoForceIsOnRecordWithItsText() throws Exception {
        PolicyLoaded started = Eventually.await("the first is recorded", () -> loaded().stream().findFirst());
        assertThat(started.text()).isEqualTo(Files.readString(policy));
        assertThat(started.previousVersion()).isNull();
        Files.writeString(policy, Files.readString(policy) + "hold: {approvers: [approvers]}\n");
        PolicyLoaded changed = Eventually.await("its successor is recorded", () -> loaded().stream().skip(1).findFirst());
        assertThat(changed.previousVersion()).isEqualTo(started.version());
        Eventually.awaitTrue("the report counts both", Eventually.PATIENCE, () -> ada.get("/v1/sessions?state=policy").getJsonArray("sessions").size() == 2);
        assertThat(ada.get("/v1/findings").getJsonArray("findings").encode()).doesNotContain("policy");
    }

    private List<PolicyLoaded> loaded() {
        return Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name()).events(PolicyLoaded.class).toList();
    }

    private List<SessionBypassed> bypassed() {
        return Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name()).events(SessionBypassed.class).toList();
    }

    @Test
    void aSessionPastTheGatewayIsFoundAndNamed() throws Exception {
        try (Client agent = Client.agent(credentials)) {
            // A masked caller: the gateway's own connections, by which it reads the catalog, are there too.
            assertThat(agent.value("SELECT count(*) FROM customers")).isNotEmpty();
            try (Client stranger = Client.past(stack, "a stranger")) {
                SessionBypassed found = Eventually.await("the session is recorded", () -> bypassed().stream().findFirst());
                assertThat(found.target()).isEqualTo(SampleDatabase.NAME);
                assertThat(found.role()).isEqualTo(SampleDatabase.GATEWAY_ROLE);
                assertThat(found.application()).isEqualTo("a stranger");
                assertThat(found.clientAddress()).startsWith("127.0.0.1:");
                assertThat(stranger.value("SELECT pg_backend_pid()")).isEqualTo(Integer.toString(found.serverProcess()));
                inTheReport(found);
                assertThat(metrics()).contains("sluice_bypassing_sessions{target=\"shop\"} 1").contains("sluice_bypassing_sessions_total{target=\"shop\"} 1");
            }
            Eventually.awaitTrue("it is gone from the metrics", Eventually.PATIENCE, () -> metrics().contains("sluice_bypassing_sessions{target=\"shop\"} 0"));
            assertThat(agent.value("SELECT 1")).isEqualTo("1");
        }
        assertThat(bypassed()).hasSize(1);
        TrustedKeys keys = TrustedKeys.parse(Files.readString(Path.of(credentials.publicKeys().gateway())));
        Report proof = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name()).verify(keys, keys);
        assertThat(proof.allFindings()).extracting(Finding::kind).containsExactly(Finding.Kind.BYPASSED);
    }

    /** As long as masks are not bound to the catalog, whatever their rules name counts: the first statements may be recorded so. */
    @Test
    void whoHasSeenWhichMaskedColumnIsReported() throws Exception {
        try (Client agent = Client.agent(credentials)) {
            assertThat(agent.value("SELECT email FROM customers LIMIT 1")).isEqualTo("***");
            assertThat(agent.value("SELECT full_name FROM customers LIMIT 1")).isNotEmpty();
            JsonObject shown = Eventually.await("what was shown is in the report", () -> {
                assertThat(agent.value("SELECT c.street FROM customers c LIMIT 1")).isNotEqualTo("***");
                return reported("public.customers.street");
            });
            assertThat(shown.getBoolean("masked")).isFalse();
            assertThat(shown.getString("exemption")).isEqualTo("unless user.subject != 'nobody'");
            assertThat(ada.get(shown.getString("evidence")).getJsonArray("statements")).hasSizeGreaterThanOrEqualTo(shown.getInteger("statements"));
        }
        JsonObject masked = Eventually.await("what was masked is in the report", () -> reported("public.customers.email"));
        assertThat(masked.getBoolean("masked")).isTrue();
        assertThat(masked.getString("maskRule")).isEqualTo("contacts");
        assertThat(masked.getLong("statements")).isEqualTo(1);
        assertThat(ada.get(masked.getString("evidence")).getJsonArray("statements")).hasSize(1);
    }

    private Optional<JsonObject> reported(String column) throws Exception {
        return ada.get("/v1/reports/masked-columns").getJsonArray("rows").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("maskedColumn").equals(column))
                .findFirst();
    }

    private void inTheReport(SessionBypassed found) throws Exception {
        JsonObject row = Eventually.await("the auditor's report names it", () -> ada.get("/v1/reports/completeness").getJsonArray("rows").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getInteger("serverProcess") != null)
                .findFirst());
        assertThat(row.getInteger("serverProcess")).isEqualTo(found.serverProcess());
        assertThat(row.getString("application")).isEqualTo("a stranger");
        assertThat(row.getJsonArray("findings")).containsExactly("bypassed");
        assertThat(ada.get("/v1/findings?kind=bypassed").getJsonArray("findings")).hasSize(1);
        assertThat(new String(ada.bytes("/v1/reports/completeness?format=html"), java.nio.charset.StandardCharsets.UTF_8)).contains("a stranger");
    }

    private String metrics() throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + stack.gateway().controlPort() + "/metrics");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
