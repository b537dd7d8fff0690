// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import dev.sluice.quickstart.Credentials;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody with a bearer token at a service's REST interface. */
record Person(HttpClient http, URI base, String token) {
    record Answer(int status, byte[] body) {
        JsonObject json() {
            return new JsonObject(Buffer.buffer(body));
        }
    }

    static Person at(URI base, Credentials.Login login) {
        return new Person(HttpClient.newHttpClient(), base, login.token());
    }

    Answer send(String method, String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Eventually.PATIENCE)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .method(method, body)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.body());
    }

    byte[] bytes(String path) throws IOException, InterruptedException {
        Answer answer = send("GET", path, HttpRequest.BodyPublishers.noBody());
        if (answer.status() != 200) {
            throw new AssertionError("GET " + path + " answered " + answer.status() + ": " + Buffer.buffer(answer.body()));
        }
        return answer.body();
    }

    JsonObject get(String path) throws IOException, InterruptedException {
        return new JsonObject(Buffer.buffer(bytes(path)));
    }

    /** The approval that a statement with exactly this text waits for. */
    JsonObject awaitApproval(String sql) throws Exception {
        return Eventually.await("an approval for '" + sql + "' is open", () -> {
            for (String id : openApprovals()) {
                JsonObject approval = approval(id);
                if (approval.getJsonObject("statement").getString("raw").equals(sql)) {
                    return Optional.of(approval);
                }
            }
            return Optional.empty();
        });
    }

    /** Newest first, page by page. */
    List<String> openApprovals() throws IOException, InterruptedException {
        var ids = new ArrayList<String>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = get("/v1/approvals?status=open&limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            page.getJsonArray("approvals").stream().map(JsonObject.class::cast).map(approval -> approval.getString("id")).forEach(ids::add);
            cursor = page.getString("next");
        }
        return ids;
    }

    JsonObject approval(String id) throws IOException, InterruptedException {
        return get("/v1/approvals/" + id);
    }

    Answer approve(JsonObject approval) throws IOException, InterruptedException {
        return vote("approve", approval);
    }

    Answer reject(JsonObject approval) throws IOException, InterruptedException {
        return vote("reject", approval);
    }

    private Answer vote(String vote, JsonObject approval) throws IOException, InterruptedException {
        String digest = approval.getJsonObject("statement").getString("digest");
        String body = new JsonObject().put("vote", vote).put("shownDigest", digest).put("comment", "seen").encode();
        return send("POST", "/v1/approvals/" + approval.getString("id") + "/votes", HttpRequest.BodyPublishers.ofString(body));
    }
}
