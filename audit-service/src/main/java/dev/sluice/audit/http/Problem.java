// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.json.JsonObject;

/** A request that cannot be answered, as RFC 9457 wants it told. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String title;

    private Problem(int status, String type, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.title = title;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "The request is not right", detail);
    }

    static Problem unauthenticated(String detail) {
        return new Problem(401, "unauthenticated", "A valid token is needed", detail);
    }

    static Problem forbidden(String detail) {
        return new Problem(403, "forbidden", "Not for this caller", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "not-found", "There is no such thing", detail);
    }

    static Problem gone(String detail) {
        return new Problem(410, "gone", "It is no longer kept", detail);
    }

    static Problem methodNotAllowed(String detail) {
        return new Problem(405, "method-not-allowed", "Not with this method", detail);
    }

    static Problem tooMany(String type, String title, String detail) {
        return new Problem(429, type, title, detail);
    }

    static Problem internal() {
        return new Problem(500, "internal", "The service has failed", "The reason is in the service's log.");
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "unavailable", "Not now", detail);
    }

    int status() {
        return status;
    }

    JsonObject body() {
        return new JsonObject()
                .put("type", "urn:sluice:problem:" + type)
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage());
    }
}
