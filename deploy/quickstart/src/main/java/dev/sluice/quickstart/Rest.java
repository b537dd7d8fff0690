// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One caller of a service's REST interface, as curl with a bearer token would be. Blocks. */
final class Rest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http;
    private final URI base;
    private final String token;

    Rest(HttpClient http, URI base, String token) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    /** An answer as it came. */
    record Answer(int status, byte[] body) {
        JsonObject json() {
            try {
                return new JsonObject(io.vertx.core.buffer.Buffer.buffer(body));
            } catch (DecodeException notJson) {
                throw new StartFailure("the answer is not JSON: " + text(), notJson);
            }
        }

        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** A document, or a failure that shows what came instead. */
    JsonObject get(String path) {
        return expect(200, send("GET", path, null), "GET " + base + path).json();
    }

    Answer send(String method, String path, @Nullable JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).header("authorization", "Bearer " + token);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body.encode()));
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException failed) {
            throw new StartFailure(method + " " + base + path + " got no answer (" + failed + "): is the quick start running?", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for " + base + path, interrupted);
        }
    }

    private static Answer expect(int status, Answer answer, String request) {
        if (answer.status() != status) {
            throw new StartFailure(request + " answered " + answer.status() + " instead of " + status + ": " + answer.text());
        }
        return answer;
    }
}
