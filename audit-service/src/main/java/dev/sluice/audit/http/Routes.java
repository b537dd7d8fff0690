// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to add a route: none comes to be without saying who may use it. What a handler throws becomes a problem document.
 * Handlers run on virtual threads and may wait.
 */
final class Routes {
    /** Key of the route's metadata that holds its {@link Rule}. */
    static final String RULE = "rule";

    private static final Logger LOGGER = LoggerFactory.getLogger(Routes.class);

    /** Who may use a route. */
    enum Rule { PUBLIC, AUDITOR }

    /** Answers one request, or throws a {@link Problem}. */
    @FunctionalInterface
    interface Handler {
        void answer(RoutingContext context);
    }

    private final Router router;
    private final Callers callers;

    Routes(Vertx vertx, Callers callers) {
        this.router = Router.router(vertx);
        this.callers = callers;
        router.errorHandler(404, context -> fail(context, Problem.notFound("No route has this path; /openapi.json lists them.")));
        router.errorHandler(405, context -> fail(context, Problem.methodNotAllowed("The route is there, with another method.")));
        router.errorHandler(400, context -> fail(context, Problem.badRequest("The request cannot be read.")));
        router.errorHandler(500, context -> fail(context, unexpected(context.failure())));
    }

    /** Adds {@code GET path} for those whom {@code rule} names. */
    void get(String path, Rule rule, Handler handler) {
        router.route(HttpMethod.GET, path).putMetadata(RULE, rule).handler(context -> {
            try {
                context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store").putHeader("X-Content-Type-Options", "nosniff");
                if (rule == Rule.AUDITOR) {
                    callers.auditor(context);
                }
                handler.answer(context);
            } catch (Problem problem) {
                fail(context, problem);
            } catch (IllegalArgumentException e) {
                fail(context, Problem.badRequest(String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                fail(context, unexpected(e));
            }
        });
    }

    Router router() {
        return router;
    }

    static void json(RoutingContext context, int status, JsonObject body) {
        context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(body.toBuffer());
    }

    private static Problem unexpected(Throwable failure) {
        LOGGER.atError().setCause(failure).log("a request has failed");
        return Problem.internal();
    }

    private static void fail(RoutingContext context, Problem problem) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            // A half answer must not look like a whole one: the connection ends without the last chunk.
            context.request().connection().close();
            return;
        }
        if (problem.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"sluice-audit\"");
        }
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem.body().toBuffer());
    }
}
