// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the audit-service is and who asks; the options that every command has. */
final class Service {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final String URL = "SLUICE_AUDITOR_URL";
    private static final String TOKEN = "SLUICE_AUDITOR_TOKEN";

    @Option(names = "--url", paramLabel = "URL", description = "The audit-service. Default: $" + URL + ", otherwise http://127.0.0.1:8082.")
    private @Nullable URI url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with the OIDC access token. Default: the token in $" + TOKEN + ".")
    private @Nullable Path tokenFile;

    /** The service has refused, or is out of reach. The message is for the person at the terminal. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The answer as a stream; whoever asked closes it. */
    InputStream open(String path, Map<String, String> parameters) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base() + path + query(parameters)))
                    .header("Authorization", "Bearer " + token())
                    .build();
            HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                try (InputStream body = response.body()) {
                    throw new Refused(problem(response.statusCode(), body.readNBytes(1 << 16)));
                }
            }
            return response.body();
        } catch (IOException e) {
            throw new Refused(base() + " cannot be reached: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    /** The answer as a document. */
    JsonNode json(String path, Map<String, String> parameters) {
        try (InputStream body = open(path, parameters)) {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            throw new Refused("the answer to " + path + " cannot be read: " + e.getMessage());
        }
    }

    private String base() {
        String base = url != null ? url.toString() : System.getenv().getOrDefault(URL, "http://127.0.0.1:8082");
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private String token() {
        if (tokenFile == null) {
            String token = System.getenv(TOKEN);
            if (token == null || token.isBlank()) {
                throw new Refused("no token: name a file with --token-file, or set " + TOKEN);
            }
            return token.strip();
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new Refused(tokenFile + ": the token cannot be read: " + e.getMessage());
        }
    }

    private static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    /** For a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new Refused("the answer is not JSON");
        }
    }

    private static String problem(int status, byte[] body) {
        try {
            JsonNode problem = MAPPER.readTree(body);
            if (problem != null && problem.hasNonNull("detail")) {
                return problem.path("title").asText() + " (" + status + "): " + problem.path("detail").asText();
            }
        } catch (IOException _) {
            return "the service answered with status " + status;
        }
        return "the service answered with status " + status;
    }
}
