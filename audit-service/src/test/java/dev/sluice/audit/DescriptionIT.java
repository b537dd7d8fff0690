// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That the description of the REST interface has what is answered, and that what it has can be answered. */
final class DescriptionIT extends ServiceCase {
    private static final Map<String, String> LISTS =
            Map.of("sessions", "Session", "statements", "Statement", "findings", "Finding", "accesses", "Access", "dropped_sessions", "DroppedSession", "legal_holds", "LegalHold");

    private static JsonObject schemas() {
        return new JsonObject(get("/openapi.json", "").body()).getJsonObject("components").getJsonObject("schemas");
    }

    /** Lists give every column of their tables, so this is whatever can be in an answer. */
    @Test
    void everyColumnOfAListIsDescribedAndNothingElse() {
        Map<String, Set<String>> described = new TreeMap<>();
        Map<String, Set<String>> served = new TreeMap<>();
        LISTS.forEach((table, schema) -> {
            described.put(table, new TreeSet<>(schemas().getJsonObject(schema).getJsonObject("properties").fieldNames()));
            served.put(table, new TreeSet<>(servers.rows("SELECT column_name FROM information_schema.columns WHERE table_schema = 'rest' AND table_name = '" + table + "'").stream()
                    .map(DescriptionIT::camelCase)
                    .toList()));
        });
        // A single session is counted through.
        served.get("sessions").addAll(Set.of("denied", "held", "released", "refused", "failed", "findings"));
        assertThat(served).isEqualTo(described);
    }

    @Test
    void whatIsAnsweredIsOfTheTypeThatIsDescribed() {
        String admin = issuer.token("root", "sluice", List.of("auditors", "admins"), Instant.now().plusSeconds(600));
        for (Map.Entry<String, String> list : LISTS.entrySet()) {
            String path = "/v1/" + list.getKey().replace('_', '-');
            JsonObject answer = new JsonObject(get(path, admin).body());
            JsonObject schema = schemas().getJsonObject(list.getValue());
            for (Object item : answer.getJsonArray(camelCase(list.getKey()))) {
                JsonObject object = (JsonObject) item;
                schema.getJsonArray("required").forEach(name -> assertThat(object.containsKey((String) name)).as(path + " " + name).isTrue());
                object.forEach(field -> assertThat(type(field.getValue()))
                        .as(path + " " + field.getKey())
                        .isEqualTo(schema.getJsonObject("properties").getJsonObject(field.getKey()).getString("type")));
            }
        }
        assertThat(json("/v1/statements").getJsonArray("statements")).isNotEmpty();
    }

    /** A parameter that nobody knows is refused with the names of those that are known. */
    @Test
    void everyRouteTakesTheParametersThatAreDescribed() {
        String admin = issuer.token("root", "sluice", List.of("auditors", "admins"), Instant.now().plusSeconds(600));
        JsonObject paths = new JsonObject(get("/openapi.json", "").body()).getJsonObject("paths");
        Map<String, Set<String>> described = new TreeMap<>();
        Map<String, Set<String>> served = new TreeMap<>();
        for (String path : paths.fieldNames()) {
            JsonObject operation = paths.getJsonObject(path).getJsonObject("get");
            if (operation == null || operation.containsKey("security")) {
                continue;
            }
            Set<String> names = new TreeSet<>();
            operation.getJsonArray("parameters").stream()
                    .map(JsonObject.class::cast)
                    .filter(parameter -> parameter.getString("in").equals("query"))
                    .forEach(parameter -> names.add(parameter.getString("name")));
            described.put(path, names);
            String refusal = get(path.replace("{sessionId}", "story").replace("{statementId}", "story-s1") + "?nonsense=1", admin).body();
            String known = new JsonObject(refusal).getString("detail").replaceFirst("The parameter nonsense is not known here; known: (.*)\\.", "$1");
            served.put(path, new TreeSet<>(known.isEmpty() ? List.of() : List.of(known.split(", "))));
        }
        assertThat(served).isEqualTo(described).hasSizeGreaterThan(15);
    }

    private static String type(Object value) {
        return switch (value) {
            case Boolean _ -> "boolean";
            case Number number when number.doubleValue() == number.longValue() -> "integer";
            case Number _ -> "number";
            case JsonArray _ -> "array";
            case JsonObject _ -> "object";
            default -> "string";
        };
    }

    private static String camelCase(String column) {
        StringBuilder name = new StringBuilder();
        for (String word : column.split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
