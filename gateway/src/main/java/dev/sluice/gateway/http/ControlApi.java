// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import dev.sluice.gateway.config.HttpConfig;
import dev.sluice.gateway.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.function.Supplier;

/** The control API while it runs. */
public final class ControlApi {
    private static final int MAX_LINE_BYTES = 2_048;
    private static final int MAX_HEADER_BYTES = 8_192;
    private static final int IDLE_SECONDS = 30;

    private final HttpServer server;

    private ControlApi(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param version what {@code /version} answers
     * @return fails if the address is taken
     */
    public static Future<ControlApi> start(
            Vertx vertx, HttpConfig config, List<ReadinessCheck> checks, Metrics metrics, Supplier<PolicyStatus> policy, String version) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(new ControlRoutes(checks, metrics, policy, version).router(vertx))
                .listen(config.port(), config.host())
                .map(ControlApi::new);
    }

    /** The port that is listened on, also where the configuration left the choice. */
    public int port() {
        return server.actualPort();
    }

    /** Stops to listen and ends open connections. */
    public Future<Void> close() {
        return server.close();
    }
}
