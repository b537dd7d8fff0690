// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one envelope in one pass; only where {@code data} comes before {@code type} is it kept and read afterwards. */
final class EnvelopeReader {
    private static final int REMEMBERED_URIS = 1_000;

    private final Map<String, ObjectReader> readers = new HashMap<>();
    private final Map<String, URI> uris = new ConcurrentHashMap<>();

    EnvelopeReader(ObjectMapper mapper) {
        for (String type : EventTypes.all()) {
            readers.put(type, mapper.readerFor(EventTypes.recordOf(type)));
        }
    }

    Decoded read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return new Decoded.Malformed("not a JSON object");
        }
        var attributes = new HashMap<String, String>();
        DomainEvent data = null;
        TokenBuffer later = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("data")) {
                String type = attributes.get("type");
                ObjectReader reader = type == null ? null : readers.get(type);
                if (reader != null && token == JsonToken.START_OBJECT) {
                    data = reader.readValue(parser);
                } else if (type == null) {
                    later = new TokenBuffer(parser);
                    later.copyCurrentStructure(parser);
                } else {
                    parser.skipChildren();
                }
            } else if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
                attributes.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            return new Decoded.Malformed("something follows the JSON object");
        }
        return assemble(attributes, data, later);
    }

    private Decoded assemble(Map<String, String> attributes, @Nullable DomainEvent read, @Nullable TokenBuffer later) throws IOException {
        String type = attributes.get("type");
        if (type == null || !"1.0".equals(attributes.get("specversion"))) {
            return new Decoded.Malformed(type == null ? "type is missing" : "specversion is missing or not 1.0");
        }
        for (String required : new String[] {"id", "source", "subject"}) {
            if (!attributes.containsKey(required)) {
                return new Decoded.Malformed(required + " is missing");
            }
        }
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            return new Decoded.UnknownType(attributes.get("id"), type, attributes.get("subject"));
        }
        DomainEvent data = read;
        if (later != null) {
            try (JsonParser parser = later.asParserOnFirstToken()) {
                data = parser.currentToken() == JsonToken.START_OBJECT ? reader.readValue(parser) : null;
            }
        }
        if (data == null) {
            return new Decoded.Malformed("data is missing or not an object");
        }
        for (String required : new String[] {"time", "datacontenttype", "dataschema", "correlationid"}) {
            if (!attributes.containsKey(required)) {
                return new Decoded.Malformed(required + " is missing");
            }
        }
        return known(attributes, data);
    }

    private Decoded known(Map<String, String> attributes, DomainEvent data) {
        String current = "";
        try {
            current = "sequence";
            String sequenceText = attributes.get(current);
            Long sequence = sequenceText == null ? null : Long.valueOf(sequenceText);
            current = "source";
            URI source = uri(attributes.get(current));
            current = "dataschema";
            URI dataschema = uri(attributes.get(current));
            current = "time";
            Instant time = InstantText.parse(attributes.get(current));
            return new Decoded.Known(new EventEnvelope<>(
                    "1.0",
                    attributes.get("id"),
                    source,
                    attributes.get("type"),
                    attributes.get("subject"),
                    time,
                    attributes.get("datacontenttype"),
                    dataschema,
                    attributes.get("correlationid"),
                    attributes.get("causationid"),
                    sequence,
                    attributes.get("previoushash"),
                    data));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Decoded.Malformed(current + " has the wrong form");
        }
    }

    /** Writers and schemas are few and their URIs long: parsing them was a tenth of reading an event. */
    private URI uri(String text) {
        URI known = uris.get(text);
        if (known != null) {
            return known;
        }
        URI parsed = URI.create(text);
        if (uris.size() < REMEMBERED_URIS) {
            uris.put(text, parsed);
        }
        return parsed;
    }

    /** Names the place, never the value: values are statements and their parameters. */
    static String describe(IOException failure) {
        if (failure instanceof JsonMappingException mapping) {
            String path = mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                    .collect(Collectors.joining("."));
            return "data" + (path.isEmpty() ? "" : "." + path) + " is missing or has the wrong type or an unknown value";
        }
        if (failure instanceof JsonProcessingException json && json.getLocation() != null) {
            return "broken JSON at byte " + json.getLocation().getByteOffset();
        }
        return "broken JSON";
    }
}
