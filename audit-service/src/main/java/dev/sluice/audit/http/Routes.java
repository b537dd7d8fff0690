// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.AuditEvent.RequestParameter;
import dev.sluice.schemas.identity.Rate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to add a route: none comes to be without saying who may use it, and none that asks for proof answers before the access is
 * on record. A session in the path is looked up here, so that no handler can forget whether the caller may see it. What a handler throws
 * becomes a problem document. Handlers run on virtual threads and may wait.
 */
final class Routes {
    /** Key of the route's metadata that holds its {@link Rule}. */
    static final String RULE = "rule";

    private static final Logger LOGGER = LoggerFactory.getLogger(Routes.class);
    private static final String SESSION = "sessionId";
    private static final int BODY_LIMIT = 64 * 1024;

    /** Who may use a route. */
    enum Rule { PUBLIC, AUDITOR, ADMIN }

    /** Answers one request of anybody, or throws a {@link Problem}. */
    @FunctionalInterface
    interface OpenHandler {
        void answer(RoutingContext context);
    }

    /** Answers one request of a caller who may ask it, or throws a {@link Problem}. */
    @FunctionalInterface
    interface Handler {
        void answer(RoutingContext context, Caller caller);
    }

    private final Router router;
    private final Callers callers;
    private final EvidenceStore store;
    private final AuditJournal journal;
    private final Rate rate;

    Routes(Vertx vertx, Callers callers, EvidenceStore store, AuditJournal journal, Rate rate) {
        this.rate = rate;
        this.router = Router.router(vertx);
        this.callers = callers;
        this.store = store;
        this.journal = journal;
        router.errorHandler(404, context -> fail(context, Problem.notFound("No route has this path; /openapi.json lists them.")));
        router.errorHandler(405, context -> fail(context, Problem.methodNotAllowed("The route is there, with another method.")));
        router.errorHandler(400, context -> fail(context, Problem.badRequest("The request cannot be read.")));
        router.errorHandler(413, context -> fail(context, Problem.badRequest("The body has more than " + BODY_LIMIT + " bytes.")));
        router.errorHandler(500, context -> fail(context, unexpected(context.failure())));
    }

    /** Adds {@code GET path} for everybody, without a token and without a record. */
    void open(String path, OpenHandler handler) {
        route(HttpMethod.GET, path, Rule.PUBLIC, handler);
    }

    /** Adds {@code GET path} for those whom {@code rule} names. */
    void get(String path, Rule rule, Handler handler) {
        route(HttpMethod.GET, path, rule, context -> handler.answer(context, admitted(context, path, rule)));
    }

    /** Adds {@code POST path} with a JSON object as its body. */
    void post(String path, Rule rule, Handler handler) {
        router.route(HttpMethod.POST, path).putMetadata(RULE, rule).handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
        route(HttpMethod.POST, path, rule, context -> handler.answer(context, admitted(context, path, rule)));
    }

    Router router() {
        return router;
    }

    private Route route(HttpMethod method, String path, Rule rule, OpenHandler handler) {
        return router.route(method, path).putMetadata(RULE, rule).handler(context -> {
            try {
                context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store").putHeader("X-Content-Type-Options", "nosniff");
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

    /** The caller, once the access is on record. A refusal is on record too, unless nobody is proven: strangers must not fill the log. */
    private Caller admitted(RoutingContext context, String path, Rule rule) {
        Caller caller = callers.prove(context);
        Duration wait = rate.take(caller.principal().issuer() + " " + caller.principal().subject());
        if (!wait.isZero()) {
            // Not on record: writing it down is what nobody may have done without end.
            context.response().putHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
            throw Problem.tooMany("too-many-requests", "Too many requests", "Wait as long as Retry-After says.");
        }
        String sessionId = context.pathParam(SESSION);
        String refusal = callers.refusal(caller, rule);
        Problem problem = refusal == null ? hidden(caller, sessionId) : Problem.forbidden(refusal);
        record(context, caller, path, sessionId, problem);
        if (problem != null) {
            throw problem;
        }
        return caller;
    }

    /** What the caller may not see is not there for them. */
    private @Nullable Problem hidden(Caller caller, @Nullable String sessionId) {
        if (sessionId == null) {
            return null;
        }
        Optional<EvidenceStore.Owner> owner = store.owner(sessionId).await();
        if (owner.isEmpty() || !caller.visibility().sees(owner.get().target())) {
            return Problem.notFound("No session " + sessionId + " has been recorded.");
        }
        return owner.get().dropped()
                ? Problem.gone("The records of session " + sessionId + " were past their retention; /v1/dropped-sessions has what is left of them.")
                : null;
    }

    private void record(RoutingContext context, Caller caller, String path, @Nullable String sessionId, @Nullable Problem problem) {
        List<RequestParameter> parameters = new ArrayList<>();
        context.pathParams().forEach((name, value) -> {
            if (!name.equals(SESSION)) {
                parameters.add(new RequestParameter(name, value));
            }
        });
        context.queryParams().forEach((name, value) -> parameters.add(new RequestParameter(name, value)));
        var event = new EvidenceAccessed(
                caller.principal(),
                String.valueOf(context.request().remoteAddress()),
                context.request().method().name(),
                path.replaceAll(":(\\w+)", "{$1}"),
                sessionId == null ? context.queryParams().get(SESSION) : sessionId,
                parameters,
                problem == null,
                problem == null ? null : problem.getMessage());
        try {
            Future.fromCompletionStage(journal.append(event), context.vertx().getOrCreateContext()).await();
        } catch (Exception e) {
            // Whatever a broker fails with, declared or not: what cannot be recorded is not answered.
            LOGGER.atWarn().addKeyValue("reason", String.valueOf(e.getMessage())).log("an access could not be recorded and was refused");
            throw Problem.unavailable("The access cannot be recorded now, so it is not answered.");
        }
    }

    static void json(RoutingContext context, int status, JsonObject body) {
        ResponseStream.answer(context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json"), body.toBuffer().getBytes());
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
