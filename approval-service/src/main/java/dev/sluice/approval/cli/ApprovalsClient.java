// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The REST interface as a program sees it. A problem that it answers with becomes a {@link CommandFailed} with its own words. */
final class ApprovalsClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String base;
    private final String token;

    ApprovalsClient(URI server, String token) {
        var scheme = server.getScheme();
        if (!"https".equalsIgnoreCase(scheme) && !"http".equalsIgnoreCase(scheme)) {
            throw new CommandFailed("'" + Plain.line(server.toString()) + "' is no http: or https: URL");
        }
        this.base = server.toString().replaceAll("/+$", "");
        this.token = token;
    }

    JsonNode get(String path) {
        return json(send(request(path).GET()));
    }

    /** A vote on exactly what was read: its digest, and its version if nobody else shall have voted since. */
    JsonNode vote(String approvalId, String vote, @Nullable String comment, String digest, @Nullable Integer version) {
        var body = JSON.createObjectNode().put("vote", vote).put("shownDigest", digest);
        if (comment != null) {
            body.put("comment", comment);
        }
        var request = request("/v1/approvals/" + encoded(approvalId) + "/votes")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body.toString()));
        if (version != null) {
            request.header("If-Match", "\"" + version + "\"");
        }
        return json(send(request));
    }

    /** The lines of an event stream, until it ends. Close it. */
    Stream<String> stream(String path) {
        try {
            var response = client.send(request(path).GET().build(), BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw problem(response.statusCode(), String.join("\n", response.body().toList()));
            }
            return response.body();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CommandFailed("the answer is not JSON; is this the approval-service?");
        }
    }

    static String pretty(JsonNode json) {
        return json.toPrettyString();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted");
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() < 200 || response.statusCode() > 299) {
            throw problem(response.statusCode(), response.body());
        }
        return parse(response.body());
    }

    private static CommandFailed problem(int status, String body) {
        try {
            var problem = JSON.readTree(body);
            if (problem.hasNonNull("detail")) {
                return new CommandFailed(Plain.text(problem.path("title").asText() + ". " + problem.path("detail").asText()));
            }
        } catch (JsonProcessingException _) {
            // Not ours; the status has to do.
        }
        return new CommandFailed("the server answered with status " + status);
    }

    private CommandFailed unreachable(IOException failure) {
        return new CommandFailed(Plain.line(base) + " cannot be reached: " + failure.getClass().getSimpleName());
    }
}
