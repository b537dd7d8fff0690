// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.config.ConfigReader;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.schemas.identity.TokenResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RouteInventoryTest {
    private static final Set<String> PUBLIC = Set.of("/health/live", "/health/ready", "/metrics", "/openapi.json");
    private static List<Route> routes = List.of();
    private static Vertx vertx;

    @BeforeAll
    static void listRoutes() throws TimeoutException {
        vertx = Vertx.vertx();
        AuditConfig config = ConfigReader.parse(
                "{kafka: {bootstrapServers: 'k:1'}, database: {host: d, database: d, user: u}, oidc: {issuers: [{issuer: 'https://i.test'}]}}", Map.of());
        var found = new AtomicReference<List<Route>>();
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        var rest = new RestInterface(
                                config,
                                new EvidenceStore(Database.open(vertx, config.database())),
                                new IngestProgress(),
                                _ -> CompletableFuture.completedFuture(new TokenResult.Rejected("no")),
                                Clock.systemUTC());
                        rest.init(vertx, context);
                        found.set(rest.router().getRoutes());
                        return Future.succeededFuture();
                    }
                })
                .await(20, TimeUnit.SECONDS);
        routes = Objects.requireNonNull(found.get());
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void everyRouteSaysWhoMayUseIt() {
        assertThat(routes).isNotEmpty().allSatisfy(route -> {
            Routes.Rule rule = route.getMetadata(Routes.RULE);
            assertThat(rule).as(route.getName()).isEqualTo(PUBLIC.contains(route.getName()) ? Routes.Rule.PUBLIC : Routes.Rule.AUDITOR);
        });
    }

    @Test
    void theDescriptionNamesExactlyTheRoutesThereAreAndTheirRules() throws IOException {
        Map<String, Boolean> served = new TreeMap<>();
        routes.forEach(route -> served.put(
                Objects.requireNonNull(route.getName()).replaceAll(":(\\w+)", "{$1}"), route.getMetadata(Routes.RULE) == Routes.Rule.PUBLIC));
        Map<String, Boolean> described = new TreeMap<>();
        try (InputStream stream = Objects.requireNonNull(RouteInventoryTest.class.getResourceAsStream("/dev/sluice/audit/openapi.json"))) {
            var document = new JsonObject(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(document.getString("openapi")).startsWith("3.1.");
            assertThat(document.getJsonArray("security")).isNotEmpty();
            JsonObject paths = document.getJsonObject("paths");
            for (String path : paths.fieldNames()) {
                JsonObject operation = paths.getJsonObject(path).getJsonObject("get");
                described.put(path, operation.containsKey("security") && operation.getJsonArray("security").isEmpty());
            }
        }

        assertThat(described).isEqualTo(served);
    }
}
