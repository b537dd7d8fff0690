// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.client.AuditCommand;
import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.CustodyStore;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.signature.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class RouteInventoryTest {
    private static final Set<String> PUBLIC = Set.of("/health/live", "/health/ready", "/metrics", "/openapi.json", "/.well-known/jwks.json");
    private static List<Route> routes = List.of();
    private static Vertx vertx;

    @BeforeAll
    static void listRoutes() throws TimeoutException {
        vertx = Vertx.vertx();
        AuditConfig config = AuditConfig.READER.parse(
                "{kafka: {bootstrapServers: 'k:1'}, database: {host: d, database: d, user: u}, oidc: {issuers: [{issuer: 'https://i.test'}]}}", Map.of());
        var found = new AtomicReference<List<Route>>();
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        var rest = new RestInterface(
                                config,
                                stores(Database.open(vertx, config.database())),
                                _ -> CompletableFuture.failedFuture(new IllegalStateException("no log here")),
                                SigningKey.generate(),
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

    private static RestInterface.Stores stores(Pool pool) {
        return new RestInterface.Stores(new EvidenceStore(pool), new SessionSearch(pool), new StatementSearch(pool), new CustodyStore(pool), new ReportStore(pool));
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void everyRouteSaysWhoMayUseIt() {
        assertThat(routes).isNotEmpty().allSatisfy(route -> {
            Routes.Rule rule = route.getMetadata(Routes.RULE);
            assertThat(rule).as(route.getName()).isNotNull();
            assertThat(rule == Routes.Rule.PUBLIC).as(route.getName()).isEqualTo(PUBLIC.contains(route.getName()));
        });
    }

    @Test
    void theDescriptionNamesExactlyTheRoutesThereAreAndTheirRules() throws IOException {
        Map<String, String> served = new TreeMap<>();
        routes.forEach(route -> {
            Routes.Rule rule = route.getMetadata(Routes.RULE);
            Objects.requireNonNull(route.methods()).forEach(method -> served.put(
                    method.name().toLowerCase(Locale.ROOT) + " " + Objects.requireNonNull(route.getName()).replaceAll(":(\\w+)", "{$1}"), rule.name()));
        });
        Map<String, String> described = new TreeMap<>();
        JsonObject document = description();
        assertThat(document.getString("openapi")).startsWith("3.1.");
        assertThat(document.getJsonArray("security")).isNotEmpty();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : operations.fieldNames()) {
                JsonObject operation = operations.getJsonObject(method);
                boolean open = operation.containsKey("security") && operation.getJsonArray("security").isEmpty();
                described.put(method + " " + path, open ? "PUBLIC" : operation.getString("x-sluice-role"));
            }
        }

        assertThat(described).isEqualTo(served);
    }

    /** Of the searches; another test asks every route. */
    @Test
    void theDescriptionNamesTheParametersOfSearches() throws IOException {
        JsonObject paths = description().getJsonObject("paths");
        assertThat(parameters(paths, "/v1/statements")).isEqualTo(StatementParameters.and("sort", "limit", "cursor"));
        assertThat(parameters(paths, "/v1/statements/facets")).isEqualTo(StatementParameters.and("by", "limit"));
        assertThat(parameters(paths, "/v1/sessions")).isEqualTo(StatementParameters.ofSessionsAnd("sort", "limit", "cursor"));
        assertThat(parameters(paths, "/v1/sessions/facets")).isEqualTo(StatementParameters.ofSessionsAnd("by", "limit"));
        assertThat(parameters(paths, "/v1/export/sessions")).isEqualTo(StatementParameters.ofSessionsAnd("format", "sessionId"));
    }

    @Test
    void theHelpOfTheCommandNamesWhatListsAreFilteredBy() {
        var audit = new CommandLine(AuditCommand.class);
        assertThat(words(audit.getSubcommands().get("sessions"))).containsAll(StatementParameters.ofSessionsAnd("sort"));
        // The text that is looked for is an argument.
        assertThat(words(audit.getSubcommands().get("search"))).containsAll(StatementParameters.and("sort").stream().filter(name -> !name.equals("text")).toList());
    }

    private static List<String> words(CommandLine command) {
        return List.of(command.getUsageMessage().split("\\W+"));
    }

    private static Set<String> parameters(JsonObject paths, String path) {
        return paths.getJsonObject(path).getJsonObject("get").getJsonArray("parameters").stream()
                .map(parameter -> ((JsonObject) parameter).getString("name"))
                .collect(Collectors.toSet());
    }

    private static JsonObject description() throws IOException {
        try (InputStream stream = Objects.requireNonNull(RouteInventoryTest.class.getResourceAsStream("/dev/sluice/audit/openapi.json"))) {
            return new JsonObject(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
