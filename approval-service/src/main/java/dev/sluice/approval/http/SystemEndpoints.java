// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What is for everybody: health, the public keys, and the description of the interface. */
final class SystemEndpoints {
    private final Health health;
    private final Buffer keys;
    private final Buffer description = resource("/openapi.json");

    SystemEndpoints(Health health, String keys) {
        this.health = health;
        this.keys = Buffer.buffer(keys);
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint.Public(HttpMethod.GET, "/health/live", this::live),
                new Endpoint.Public(HttpMethod.GET, "/health/ready", this::ready),
                new Endpoint.Public(HttpMethod.GET, "/.well-known/jwks.json", context -> send(context, "application/jwk-set+json", keys)),
                new Endpoint.Public(HttpMethod.GET, "/openapi.json", context -> send(context, "application/json", description)));
    }

    /** Whoever started the process starts it again where it is not. */
    private void live(RoutingContext context) {
        var ended = health.ended();
        Answers.json(context, ended.isEmpty() ? 200 : 503, ended.isEmpty() ? Map.of("status", "live") : Map.of("status", "ended", "obstacles", ended));
    }

    private void ready(RoutingContext context) {
        var obstacles = health.obstacles();
        Answers.json(
                context,
                obstacles.isEmpty() ? 200 : 503,
                Map.of("status", obstacles.isEmpty() ? "ready" : "not ready", "obstacles", obstacles));
    }

    /** Public and the same for all, so caches may keep it; not for long, because keys rotate. */
    private static void send(RoutingContext context, String type, Buffer body) {
        Answers.plain(context)
                .response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .end(body);
    }

    private static Buffer resource(String name) {
        try (var stream = SystemEndpoints.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing in this build");
            }
            return Buffer.buffer(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
