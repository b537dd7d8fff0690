// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.CustodyStore;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.schemas.identity.Rate;
import dev.sluice.schemas.identity.TokenVerifier;
import dev.sluice.schemas.signature.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The REST interface as a verticle. Deploy it with virtual threads. */
public final class RestInterface extends VerticleBase {
    private static final int IDLE_SECONDS = 120;
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final AuditConfig config;
    private final Stores stores;
    private final AuditJournal journal;
    private final SigningKey key;
    private final IngestProgress progress;
    private final TokenVerifier tokens;
    private final Clock clock;
    private @Nullable HttpServer server;

    /** What is read from the database. */
    public record Stores(EvidenceStore evidence, SessionSearch sessions, StatementSearch statements, CustodyStore custody, ReportStore reports) {}

    /** {@code key} signs evidence bundles. */
    public RestInterface(
            AuditConfig config, Stores stores, AuditJournal journal, SigningKey key, IngestProgress progress, TokenVerifier tokens, Clock clock) {
        this.config = config;
        this.stores = stores;
        this.journal = journal;
        this.key = key;
        this.progress = progress;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setMaxHeaderSize(MAX_HEADER_BYTES).setCompressionSupported(true);
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen(Objects.requireNonNull(config.listen().port()), Objects.requireNonNull(config.listen().host()))
                .onSuccess(listening -> server = listening);
    }

    /** The port that is listened on, once started. */
    public int port() {
        return Objects.requireNonNull(server).actualPort();
    }

    Router router() {
        EvidenceStore store = stores.evidence();
        int perMinute = Objects.requireNonNull(config.limits().requestsPerMinute());
        var rate = new Rate(perMinute, Math.max(1, perMinute / 3), clock);
        var routes = new Routes(vertx, new Callers(tokens, config.access()), store, journal, rate);
        new HealthRoutes(store, progress, Objects.requireNonNull(config.kafka().readyLag()), clock).addTo(routes);
        new EvidenceRoutes(store, stores.sessions(), stores.statements()).addTo(routes);
        var statements = new StatementRoutes(store);
        statements.addTo(routes);
        new SessionRoutes(store, statements, Objects.requireNonNull(config.limits().streams()), clock).addTo(routes);
        new VerifyRoute(store, config.keys()).addTo(routes);
        new ExportRoutes(store, stores.sessions(), stores.statements(), config.keys(), key, clock).addTo(routes);
        new ReportRoutes(stores.reports()).addTo(routes);
        new CustodyRoutes(stores.custody(), journal).addTo(routes);
        return routes.router();
    }
}
