// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.CustodyStore;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.signature.SigningKey;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What one caller can ask for has an end. */
final class BoundsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void beyondTheRateNothingIsAnsweredAndNothingIsWrittenDown() throws IOException, InterruptedException, TimeoutException {
        Vertx vertx = Vertx.vertx();
        var written = new AtomicInteger();
        try (HttpClient client = HttpClient.newHttpClient()) {
            AuditConfig config = AuditConfig.READER.parse(
                    "{listen: {port: 0}, kafka: {bootstrapServers: 'k:1'}, database: {host: 127.0.0.1, port: 1, database: d, user: u},"
                            + " oidc: {issuers: [{issuer: 'https://i.test'}]}, limits: {requestsPerMinute: 9}}",
                    Map.of());
            var pool = Database.open(vertx, config.database());
            var rest = new RestInterface(
                    config,
                    new RestInterface.Stores(new EvidenceStore(pool), new SessionSearch(pool), new StatementSearch(pool), new CustodyStore(pool), new ReportStore(pool)),
                    _ -> {
                        written.incrementAndGet();
                        return CompletableFuture.failedFuture(new IllegalStateException("no log here"));
                    },
                    SigningKey.generate(),
                    new IngestProgress(),
                    token -> CompletableFuture.completedFuture(new TokenResult.Verified(
                            new Principal(token, "https://i.test", Principal.Method.OIDC, Set.of("nobody"), null), NOW.plusSeconds(60))),
                    Clock.fixed(NOW, ZoneOffset.UTC));
            vertx.deployVerticle(rest, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)).await(20, TimeUnit.SECONDS);

            for (int i = 0; i < 3; i++) {
                assertThat(ask(client, rest.port(), "olga").statusCode()).isEqualTo(503);
            }
            HttpResponse<String> refused = ask(client, rest.port(), "olga");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(refused.body()).contains("too-many-requests");
            assertThat(written).hasValue(3);
            assertThat(ask(client, rest.port(), "another").statusCode()).isEqualTo(503);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static HttpResponse<String> ask(HttpClient client, int port, String who) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions")).header("Authorization", "Bearer " + who).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void noMoreReplaysRunAtOnceThanMay() {
        var streams = new OpenStreams(1);
        streams.run(() -> assertThatThrownBy(() -> streams.run(() -> {}))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.status()).isEqualTo(429)));
        assertThatThrownBy(() -> streams.run(() -> {
                    throw Problem.internal();
                }))
                .isInstanceOf(Problem.class);
        var ran = new AtomicInteger();
        streams.run(ran::incrementAndGet);
        assertThat(ran).as("whatever a replay ends with, its place is free again").hasValue(1);
    }
}
