// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How answers are written. Nothing here is for caches: it depends on who asks. */
final class Answers {
    private static final String LISTENER = "sluice.answered";

    private Answers() {}

    static void json(RoutingContext context, int status, Object body) {
        send(context, status, "application/json", Json.write(body));
    }

    static void send(RoutingContext context, int status, String contentType, Buffer body) {
        Consumer<Repetitions.@Nullable Answer> listener = context.remove(LISTENER);
        if (listener != null) {
            listener.accept(new Repetitions.Answer(status, contentType, context.response().headers().get(HttpHeaders.ETAG), body));
        }
        plain(context).response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
    }

    /** Calls {@code listener} once: with the answer, or with null if the request ends without one. */
    static void whenAnswered(RoutingContext context, Consumer<Repetitions.@Nullable Answer> listener) {
        context.put(LISTENER, listener);
        context.addEndHandler(_ -> {
            Consumer<Repetitions.@Nullable Answer> left = context.remove(LISTENER);
            if (left != null) {
                left.accept(null);
            }
        });
    }

    static void problem(RoutingContext context, Problem problem) {
        if (context.response().ended() || context.response().headWritten()) {
            context.response().reset();
            return;
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("type", "urn:sluice:problem:" + problem.code());
        document.put("title", problem.title());
        document.put("status", problem.status());
        document.put("detail", problem.detail());
        document.put("instance", context.request().path());
        send(context, problem.status(), "application/problem+json", Json.write(document));
    }

    /** Strong (RFC 9110, 8.8.3): equal versions of an approval are equal. */
    static String etag(Asked approval) {
        return "\"" + approval.version() + "\"";
    }

    static RoutingContext plain(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        return context;
    }
}
