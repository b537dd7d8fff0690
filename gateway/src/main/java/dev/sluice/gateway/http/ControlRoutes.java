// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import dev.sluice.gateway.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The routes and what they answer. */
final class ControlRoutes {
    /** Key of a route's metadata that holds its {@link Access}. */
    static final String ACCESS = "access";

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final List<ReadinessCheck> checks;
    private final Metrics metrics;
    private final Supplier<PolicyStatus> policy;
    private final String version;

    ControlRoutes(List<ReadinessCheck> checks, Metrics metrics, Supplier<PolicyStatus> policy, String version) {
        this.checks = List.copyOf(checks);
        this.metrics = metrics;
        this.policy = policy;
        this.version = version;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        add(router, "/health/live", Access.ANYONE, this::live);
        add(router, "/health/ready", Access.ANYONE, this::ready);
        add(router, "/metrics", Access.ANYONE, this::metrics);
        add(router, "/version", Access.ANYONE, this::version);
        add(router, "/policy", Access.LOOPBACK, this::policy);
        router.errorHandler(404, context -> fail(context, 404, "there is nothing here; try /health/live, /health/ready, /metrics, /version or /policy"));
        router.errorHandler(405, context -> fail(context, 405, "only GET and HEAD are answered here"));
        router.errorHandler(500, context -> fail(context, 500, "the gateway failed to answer"));
        return router;
    }

    /** The only way to a route, so that none comes without its access rule. */
    private static void add(Router router, String path, Access access, Consumer<RoutingContext> answer) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).putMetadata(ACCESS, access).handler(context -> {
            if (access.permits(context)) {
                answer.accept(context);
            } else {
                fail(context, 403, "this answer is for the gateway's own machine only; ask by a loopback address");
            }
        });
    }

    /** The process answers; whether it is of use is the next route's question. */
    private void live(RoutingContext context) {
        send(context, 200, new JsonObject().put("status", "live"));
    }

    private void ready(RoutingContext context) {
        JsonObject problems = new JsonObject();
        checks.forEach(check -> check.problem().get().ifPresent(problem -> problems.put(check.name(), problem)));
        JsonObject body = new JsonObject().put("status", problems.isEmpty() ? "ready" : "not ready");
        send(context, problems.isEmpty() ? 200 : 503, problems.isEmpty() ? body : body.put("problems", problems));
    }

    private void metrics(RoutingContext context) {
        context.response().putHeader("Content-Type", PROMETHEUS).putHeader("Cache-Control", "no-store").end(metrics.text());
    }

    private void version(RoutingContext context) {
        send(context, 200, new JsonObject().put("version", version));
    }

    private void policy(RoutingContext context) {
        PolicyStatus status = policy.get();
        send(context, 200, new JsonObject()
                .put("version", status.version()).put("mode", status.mode()).put("problems", new JsonArray(status.problems()))
                .put("masks", new JsonArray(status.masks().stream().map(ControlRoutes::masks).toList())));
    }

    private static JsonObject masks(MaskStatus status) {
        JsonObject masks = new JsonObject().put("target", status.target()).put("database", status.database()).put("bound", status.problem() == null);
        if (status.problem() != null) {
            masks.put("problem", status.problem());
        }
        return masks.put("warnings", new JsonArray(status.warnings()));
    }

    private static void fail(RoutingContext context, int status, String problem) {
        send(context, status, new JsonObject().put("error", problem));
    }

    private static void send(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body.encode() + "\n");
    }
}
