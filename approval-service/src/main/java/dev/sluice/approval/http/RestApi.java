// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Ballot;
import dev.sluice.approval.webhook.Courier;
import dev.sluice.schemas.identity.Rate;
import dev.sluice.schemas.identity.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST interface as a verticle; deploy it with {@code ThreadingModel.VIRTUAL_THREAD}. */
public final class RestApi extends VerticleBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(RestApi.class);
    private static final long LARGEST_BODY = 64 * 1024;

    /**
     * What the interface is built on.
     *
     * @param keys public JWK set of the keys that verdicts are signed with
     */
    public record Parts(
            ApprovalRegister register, Ballot ballot, Courier courier, TokenVerifier verifier, Health health, String keys, Clock clock) {}

    private final ApprovalConfig config;
    private final Parts parts;
    private final Gatekeeper gatekeeper;
    private final Rate requests;
    private final Rate failures;
    private final Repetitions repetitions;
    private final Standing standing;
    private @Nullable HttpServer server;
    private @Nullable StreamEndpoint stream;

    public RestApi(ApprovalConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.requests = new Rate(config.rates().requestsPerMinute(), config.rates().burst(), parts.clock());
        this.failures = new Rate(config.rates().failuresPerMinute(), config.rates().failuresPerMinute(), parts.clock());
        this.standing = new Standing(config.oidc().issuers(), parts.ballot(), new VoterTokens(parts.register(), parts.clock()));
        this.repetitions = new Repetitions(parts.clock());
        this.gatekeeper = new Gatekeeper(parts.verifier(), parts.register(), config.access().admins());
    }

    @Override
    public Future<?> start() {
        var listen = config.listen();
        var options = new HttpServerOptions().setHost(listen.host()).setPort(listen.port()).setCompressionSupported(false);
        var certificate = listen.certificateFile();
        var key = listen.keyFile();
        if (certificate != null && key != null) {
            options.setSsl(true).setKeyCertOptions(new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()));
        }
        return vertx.createHttpServer(options).requestHandler(router()).listen().onSuccess(listening -> server = listening);
    }

    @Override
    public Future<?> stop() {
        if (stream != null) {
            stream.close();
        }
        standing.close();
        return server == null ? Future.succeededFuture() : server.shutdown();
    }

    /** The port that was bound, once started. */
    public int port() {
        return server == null ? -1 : server.actualPort();
    }

    List<Endpoint> endpoints() {
        var streaming = new StreamEndpoint(vertx, parts.register(), parts.clock(), config.limits().streams());
        stream = streaming;
        var endpoints = new ArrayList<Endpoint>();
        endpoints.addAll(new SystemEndpoints(parts.health(), parts.keys()).endpoints());
        endpoints.add(streaming.endpoint());
        endpoints.addAll(new ApprovalEndpoints(parts.register(), parts.ballot(), standing, parts.clock()).endpoints());
        endpoints.addAll(new WebhookEndpoints(parts.courier(), config.limits().voteWait()).endpoints());
        return endpoints;
    }

    Router router() {
        var router = Router.router(vertx);
        var endpoints = endpoints();
        endpoints.forEach(endpoint -> add(router, endpoint));
        router.errorHandler(404, context -> Answers.problem(context, new Problem(
                404, "no-such-resource", "No such resource", "There is nothing at " + context.request().path() + "; /openapi.json describes what there is.")));
        router.errorHandler(405, context -> {
            context.response().putHeader(HttpHeaders.ALLOW, allowedAt(context.request().path(), endpoints));
            Answers.problem(context, new Problem(
                    405, "method-not-allowed", "Not done this way", context.request().method() + " is not understood at " + context.request().path() + "."));
        });
        return router;
    }

    /** Whoever is told that a method is not allowed is told which are (RFC 9110, 15.5.6). */
    private static String allowedAt(String path, List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> path.matches(endpoint.path().replaceAll("\\{\\w+}", "[^/]+")))
                .map(endpoint -> endpoint.method().name())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void add(Router router, Endpoint endpoint) {
        var path = endpoint.path().replaceAll("\\{(\\w+)}", ":$1");
        Route route = router.route(endpoint.method(), path).putMetadata("endpoint", endpoint).failureHandler(RestApi::failed);
        route.handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
        route.handler(context -> serve(endpoint, context));
    }

    private void serve(Endpoint endpoint, RoutingContext context) {
        switch (endpoint) {
            case Endpoint.Public open -> open.handler().handle(context);
            case Endpoint.SignedIn signedIn -> {
                var caller = caller(context);
                once(context, caller, () -> signedIn.handler().handle(context, caller));
            }
            case Endpoint.ForAdmins forAdmins -> {
                var caller = caller(context);
                Gatekeeper.requireAdmin(caller);
                once(context, caller, () -> forAdmins.handler().handle(context, caller));
            }
            case Endpoint.OnApproval onApproval -> {
                var caller = caller(context);
                var approval = gatekeeper.approval(context, caller);
                once(context, caller, () -> onApproval.handler().handle(context, caller, approval));
            }
        }
    }

    /** Reading again is harmless; only what changes something is kept from being done twice. */
    private void once(RoutingContext context, Caller caller, Runnable handler) {
        if (context.request().method().equals(HttpMethod.GET)) {
            handler.run();
        } else {
            repetitions.serve(context, caller, handler);
        }
    }

    private Caller caller(RoutingContext context) {
        var address = context.request().remoteAddress().hostAddress();
        refuseIfTooMany(context, failures.wait(address));
        Caller caller;
        try {
            caller = gatekeeper.caller(context);
        } catch (RequestRefused refused) {
            if (refused.problem().status() == 401) {
                failures.take(address);
            }
            throw refused;
        }
        refuseIfTooMany(context, requests.take(caller.principal().issuer() + " " + caller.principal().subject()));
        parts.ballot().seen(caller.principal());
        return caller;
    }

    private static void refuseIfTooMany(RoutingContext context, Duration wait) {
        if (!wait.isZero()) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
            throw new RequestRefused(new Problem(429, "too-many-requests", "Too many requests", "Wait as long as Retry-After says, then send it again."));
        }
    }

    private static void failed(RoutingContext context) {
        Answers.problem(context, switch (context.failure()) {
            case RequestRefused refused -> refused.problem();
            case HttpException failure when failure.getStatusCode() == 413 -> tooLarge();
            case HttpException failure when failure.getStatusCode() == 400 -> Problem.badRequest("The request is malformed.");
            case null -> context.statusCode() == 413 ? tooLarge() : fault(context, null);
            default -> fault(context, context.failure());
        });
    }

    private static Problem tooLarge() {
        return new Problem(413, "too-large", "The request is too large", "A body has at most " + LARGEST_BODY + " bytes.");
    }

    /** The caller gets a number to report, the operator the stack trace behind it. */
    private static Problem fault(RoutingContext context, @Nullable Throwable failure) {
        var incident = UUID.randomUUID().toString();
        LOGGER.atError()
                .addKeyValue("incident", incident)
                .addKeyValue("method", context.request().method())
                .addKeyValue("status", context.statusCode())
                .setCause(failure)
                .log("request failed");
        return new Problem(500, "internal-error", "Something went wrong here", "It is not your request's fault. Report incident " + incident + ".");
    }
}
