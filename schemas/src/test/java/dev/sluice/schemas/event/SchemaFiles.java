// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON Schemas and examples that the module ships. */
final class SchemaFiles {
    static final String BASE = "https://sluice.dev/schemas/";
    private static final String FOLDER = "/dev/sluice/schemas/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(iri -> iri.startsWith(BASE) ? text(iri.substring(BASE.length())) : null));

    private SchemaFiles() {}

    static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String file) {
        try (var stream = SchemaFiles.class.getResourceAsStream(FOLDER + file)) {
            if (stream == null) {
                throw new AssertionError(file + " is missing among the resources of schemas");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(String file) {
        return parse(bytes(file));
    }

    static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String ofType(String type) {
        return "events/" + type + ".schema.json";
    }

    static List<Error> validate(String schemaFile, JsonNode document) {
        return REGISTRY.getSchema(SchemaLocation.of(BASE + schemaFile)).validate(document);
    }

    /** What a schema is once {@code $ref} is followed. */
    static JsonNode resolve(JsonNode schema) {
        JsonNode current = schema;
        while (current.has("$ref")) {
            String reference = current.get("$ref").asText();
            current = read("common.schema.json").at(reference.substring(reference.indexOf('#') + 1));
        }
        return current;
    }
}
