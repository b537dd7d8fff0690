// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.schemas.chain.HashChain;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records, JSON Schemas and examples are three views of one contract. */
class EventSchemasTest {
    private static final EventCodec CODEC = new EventCodec();

    static Set<String> types() {
        return new TreeSet<>(EventTypes.all());
    }

    static List<String> examples() throws IOException, URISyntaxException {
        var folder = Path.of(EventSchemasTest.class.getResource("/dev/sluice/schemas/examples").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")).sorted().toList();
        }
    }

    @Test
    void everyEventRecordHasAType() {
        var records = new ArrayList<Class<?>>();
        collect(DomainEvent.class, records);
        var registered = new ArrayList<Class<?>>();
        EventTypes.all().forEach(type -> registered.add(EventTypes.recordOf(type)));
        assertThat(registered).containsExactlyInAnyOrderElementsOf(records);
    }

    private static void collect(Class<?> type, List<Class<?>> records) {
        if (type.isRecord()) {
            records.add(type);
        } else {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collect(permitted, records);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void recordAndSchemaNameTheSameFields(String type) {
        agree(type, EventTypes.recordOf(type), SchemaFiles.read(SchemaFiles.ofType(type)));
    }

    @Test
    void envelopeAndSchemaNameTheSameFields() {
        JsonNode schema = SchemaFiles.read("envelope.schema.json");
        var names = Arrays.stream(EventEnvelope.class.getRecordComponents()).map(RecordComponent::getName).toList();
        assertThat(names(schema.get("properties"))).containsExactlyElementsOf(names);
    }

    private static void agree(String where, Class<?> type, JsonNode unresolved) {
        JsonNode schema = SchemaFiles.resolve(unresolved);
        RecordComponent[] components = type.getRecordComponents();
        assertThat(names(schema.get("properties"))).as(where + ": fields").containsExactlyElementsOf(Arrays.stream(components).map(RecordComponent::getName).toList());
        var required = new ArrayList<String>();
        schema.get("required").forEach(name -> required.add(name.asText()));
        assertThat(required)
                .as(where + ": required is what is not @Nullable")
                .containsExactlyElementsOf(Arrays.stream(components).filter(component -> !isNullable(component)).map(RecordComponent::getName).toList());
        for (RecordComponent component : components) {
            agreeOnType(where + "." + component.getName(), component.getGenericType(), schema.get("properties").get(component.getName()));
        }
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static void agreeOnType(String where, Type type, JsonNode unresolved) {
        JsonNode schema = SchemaFiles.resolve(unresolved);
        String jsonType = schema.get("type").asText();
        if (type instanceof ParameterizedType collection) {
            assertThat(jsonType).as(where).isEqualTo("array");
            agreeOnType(where + "[]", collection.getActualTypeArguments()[0], schema.get("items"));
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            agree(where, plain, schema);
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            var values = new ArrayList<String>();
            schema.get("enum").forEach(value -> values.add(value.asText()));
            assertThat(values).as(where).containsExactlyElementsOf(Arrays.stream(plain.getEnumConstants()).map(Object::toString).toList());
        } else {
            var expected = Map.<Type, String>of(String.class, "string", Instant.class, "string", int.class, "integer", long.class, "integer", Long.class, "integer", boolean.class, "boolean");
            assertThat(jsonType).as(where).isEqualTo(expected.get(type));
        }
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsValidAndReadAndWrittenAgain(String file) {
        byte[] bytes = SchemaFiles.bytes("examples/" + file);
        JsonNode document = SchemaFiles.parse(bytes);
        assertThat(SchemaFiles.validate("envelope.schema.json", document)).isEmpty();
        assertThat(SchemaFiles.validate(SchemaFiles.ofType(document.get("type").asText()), document.get("data"))).isEmpty();
        Decoded decoded = CODEC.decode(bytes);
        assertThat(decoded).isInstanceOf(Decoded.Known.class);
        byte[] written = CODEC.encode(((Decoded.Known) decoded).envelope());
        assertThat(SchemaFiles.parse(written)).as("what is read is written again, whatever was optional").isEqualTo(document);
        assertThat(new String(written, StandardCharsets.UTF_8)).as("in the canonical order").isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void everyTypeHasAnExample() throws Exception {
        List<String> files = examples();
        assertThat(EventTypes.all()).allSatisfy(type -> assertThat(files).anyMatch(file -> file.startsWith(type + ".")));
    }

    /** Readers of old records rely on them: a changed contract gets a further example, the old ones stay and must still be read. */
    @Test
    void examplesAreOnlyEverAdded() throws Exception {
        var recorded = new HashMap<String, String>();
        for (String line : SchemaFiles.text("examples/SHA256SUMS").lines().toList()) {
            recorded.put(line.substring(66), line.substring(0, 64));
        }
        var present = new HashMap<String, String>();
        for (String file : examples()) {
            present.put(file, HashChain.hash(SchemaFiles.bytes("examples/" + file)));
        }
        assertThat(present).isEqualTo(recorded);
    }

    @Test
    void schemasRefuseWhatRecordsRefuse() {
        JsonNode document = SchemaFiles.read("examples/dev.sluice.statement.decided.v1.1.json");
        var data = (ObjectNode) document.get("data");
        data.put("outcome", "MAYBE");
        assertThat(SchemaFiles.validate(SchemaFiles.ofType("dev.sluice.statement.decided.v1"), data)).isNotEmpty();
        assertThat(CODEC.decode(document.toString().getBytes(StandardCharsets.UTF_8))).isInstanceOf(Decoded.Malformed.class);
    }
}
