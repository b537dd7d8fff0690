// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;

/** How answers are written. Nothing here is for caches: it depends on who asks. */
final class Answers {
    private Answers() {}

    static void json(RoutingContext context, int status, Object body) {
        plain(context)
                .response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Json.write(body));
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
        plain(context)
                .response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(Json.write(document));
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
