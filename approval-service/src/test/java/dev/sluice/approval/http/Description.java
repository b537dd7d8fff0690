// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The description of the interface, as a client that believes it reads it. */
final class Description {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PROBLEM = "urn:sluice:problem:";
    /** The headers that a client acts on; the others are the same on every answer. */
    private static final List<String> HEADERS = List.of("ETag", "Retry-After", "WWW-Authenticate", "Idempotency-Replayed");

    private final JsonNode document;

    Description() {
        try (var stream = Description.class.getResourceAsStream("/openapi.json")) {
            document = MAPPER.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path as it is described that this one is; empty where nothing is described. Names come before parameters. */
    Optional<String> pathOf(String path) {
        var paths = document.path("paths");
        if (paths.has(path)) {
            return Optional.of(path);
        }
        for (var described : paths.properties()) {
            if (path.matches(described.getKey().replaceAll("\\{\\w+}", "[^/]+").replace(".", "\\."))) {
                return Optional.of(described.getKey());
            }
        }
        return Optional.empty();
    }

    private JsonNode operation(String path, String method) {
        return document.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    }

    /** In capitals. */
    Set<String> methods(String path) {
        var methods = new TreeSet<String>();
        document.path("paths").path(path).fieldNames().forEachRemaining(name -> methods.add(name.toUpperCase(Locale.ROOT)));
        methods.remove("PARAMETERS");
        return methods;
    }

    /** The names of the parameters that are passed so, {@code path}, {@code query} or {@code header}. */
    Set<String> parameters(String path, String method, String in) {
        var names = new TreeSet<String>();
        for (var list : List.of(document.path("paths").path(path).path("parameters"), operation(path, method).path("parameters"))) {
            list.forEach(parameter -> {
                if (parameter.path("in").asText().equals(in)) {
                    names.add(parameter.path("name").asText());
                }
            });
        }
        return names;
    }

    /** The problems that a response's description names, by status, of all operations. */
    Map<Integer, Set<String>> problems() {
        var problems = new TreeMap<Integer, Set<String>>();
        document.path("paths").forEach(operations -> operations.forEach(operation -> operation.path("responses").properties().forEach(response -> {
            if (response.getValue().path("content").has("application/problem+json")) {
                var codes = problems.computeIfAbsent(Integer.valueOf(response.getKey()), _ -> new TreeSet<>());
                for (String part : response.getValue().path("description").asText().split("`", -1)) {
                    if (part.matches("[a-z]+(-[a-z]+)+|unauthenticated|unavailable")) {
                        codes.add(part);
                    }
                }
            }
        })));
        return problems;
    }

    /** That an answer is one that the description prepares its client for: its status, its type, its problem, and the headers that matter. */
    void check(HttpResponse<String> answer) {
        var method = answer.request().method();
        var path = pathOf(answer.request().uri().getPath());
        if (path.isEmpty()) {
            assertThat(answer.statusCode()).as("where nothing is described").isEqualTo(404);
            return;
        }
        var operation = operation(path.get(), method);
        if (operation.isMissingNode()) {
            assertThat(answer.statusCode()).as("%s %s, which is not described", method, path.get()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue(String.join(", ", methods(path.get())));
            return;
        }
        var what = method + " " + path.get() + " answered with " + answer.statusCode();
        var response = operation.path("responses").path(Integer.toString(answer.statusCode()));
        assertThat(response.isObject()).as("%s, which is described", what).isTrue();
        if (!answer.body().isEmpty()) {
            var type = answer.headers().firstValue("Content-Type").orElse("");
            assertThat(response.path("content").has(type)).as("%s and the type %s, which is described", what, type).isTrue();
            if (type.equals("application/problem+json")) {
                assertThat(response.path("description").asText()).as("%s, with its problem", what).contains("`" + problem(answer.body()) + "`");
            }
        }
        assertThat(undescribed(response, answer)).as("headers of %s", what).isEmpty();
    }

    private List<String> undescribed(JsonNode response, HttpResponse<String> answer) {
        var troubles = new ArrayList<String>();
        for (String name : HEADERS) {
            var header = resolved(response.path("headers").get(name));
            var value = answer.headers().firstValue(name).orElse(null);
            if (value != null && header == null) {
                troubles.add(name + " is not described");
            } else if (value == null && header != null && header.path("required").asBoolean()) {
                troubles.add(name + " is missing");
            } else if (value != null && header.at("/schema/type").asText().equals("integer") && !value.matches("[1-9][0-9]*")) {
                troubles.add(name + " is " + value);
            }
        }
        return troubles;
    }

    private @Nullable JsonNode resolved(@Nullable JsonNode node) {
        return node != null && node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String problem(String body) {
        try {
            return MAPPER.readTree(body).path("type").asText().replace(PROBLEM, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
