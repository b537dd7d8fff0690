// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * One YAML document whose every key and value knows its line and column. Duplicate keys, anchors, aliases and a second document are
 * refused: each is a way for a file to say something else than it seems to.
 */
public final class YamlDocument {
    private static final YAMLFactory YAML =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final int MAX_DEPTH = 32;

    private final String source;
    private final String[] lines;
    private final ObjectNode root;
    private final Map<JsonPointer, SourcePosition> positions = new HashMap<>();

    private YamlDocument(String source, String text) {
        this.source = source;
        this.lines = text.split("\n", -1);
        this.root = read(text);
    }

    /**
     * Reads a mapping; an empty text is an empty mapping.
     *
     * @param source how to name the text in messages, such as the file's path
     * @throws InvalidConfiguration with line and column, if it is no such document
     */
    public static YamlDocument parse(String source, String text) {
        return new YamlDocument(source, text);
    }

    /** The mapping itself. The caller may change it; positions stay those of the text. */
    public ObjectNode root() {
        return root;
    }

    /** Where the value stands; for what the text does not hold, where the nearest thing around it stands. */
    public SourcePosition positionOf(JsonPointer pointer) {
        JsonPointer at = pointer;
        while (!positions.containsKey(at) && at.head() != null) {
            at = at.head();
        }
        return positions.getOrDefault(at, new SourcePosition(source, 1, 1));
    }

    /** Where the key itself stands, for a message about the key and not its value. */
    public SourcePosition positionOfKey(JsonPointer parent, String key) {
        return positionOf(parent.appendProperty("\0" + key));
    }

    /**
     * Where a place inside a string value stands in the file: exact for plain and quoted strings on one line and for literal blocks
     * ({@code |}), else the start of the value.
     *
     * @param line line inside the value, from 1
     * @param column column inside the line, from 1
     */
    public SourcePosition positionInside(JsonPointer pointer, int line, int column) {
        SourcePosition start = positionOf(pointer);
        String first = start.line() - 1 < lines.length ? lines[start.line() - 1] : "";
        char style = styleAt(start);
        if (style == '|') {
            int content = start.line() + line - 1;
            String row = content < lines.length ? lines[content] : "";
            int indentation = lines.length > start.line() ? leadingSpaces(lines[start.line()]) : leadingSpaces(row);
            return new SourcePosition(source, content + 1, indentation + column);
        }
        if (style == '>' || line > 1 || root.at(pointer).asText().length() > first.length() - start.column() + 1) {
            return start;
        }
        int quote = style == '\'' || style == '"' ? 1 : 0;
        return new SourcePosition(source, start.line(), start.column() + quote + column - 1);
    }

    private static int leadingSpaces(String row) {
        return row.length() - row.stripLeading().length();
    }

    private ObjectNode read(String text) {
        try (YAMLParser parser = YAML.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == null || token == JsonToken.VALUE_NULL) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (token != JsonToken.START_OBJECT) {
                throw new InvalidConfiguration(position(parser.currentTokenLocation()), "expected 'key: value' lines");
            }
            ObjectNode mapping = (ObjectNode) value(parser, JsonPointer.empty());
            if (parser.nextToken() != null) {
                throw new InvalidConfiguration(position(parser.currentTokenLocation()), "a second document in one file");
            }
            return mapping;
        } catch (JacksonYAMLParseException unreadable) {
            throw new InvalidConfiguration(position(unreadable.getLocation()), "not YAML: " + firstLine(unreadable));
        } catch (JsonProcessingException unreadable) {
            throw new InvalidConfiguration(position(unreadable.getLocation()), firstLine(unreadable));
        } catch (IOException unreadable) {
            throw new InvalidConfiguration(SourcePosition.named(source), "cannot be read: " + unreadable.getMessage());
        }
    }

    private JsonNode value(YAMLParser parser, JsonPointer at) throws IOException {
        SourcePosition position = position(parser.currentTokenLocation());
        positions.putIfAbsent(at, position);
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw new InvalidConfiguration(position, "anchors and aliases (& and *) are not read; a name that begins so must be quoted");
        }
        if (at.toString().chars().filter(character -> character == '/').count() > MAX_DEPTH) {
            throw new InvalidConfiguration(position, "nested deeper than " + MAX_DEPTH + " levels");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(parser, at);
            case START_ARRAY -> sequence(parser, at);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            case VALUE_TRUE, VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(parser.getBooleanValue());
            case VALUE_NUMBER_INT -> wholeNumber(parser);
            default -> parser.getText().isEmpty() && !isQuote(position)
                    ? JsonNodeFactory.instance.nullNode()
                    : JsonNodeFactory.instance.textNode(parser.getText());
        };
    }

    /** An empty text is meant as one only where it is quoted; otherwise somebody forgot the value. */
    private boolean isQuote(SourcePosition position) {
        char style = styleAt(position);
        return style == '\'' || style == '"';
    }

    private char styleAt(SourcePosition start) {
        String line = start.line() <= lines.length ? lines[start.line() - 1] : "";
        return start.column() - 1 < line.length() ? line.charAt(start.column() - 1) : ' ';
    }

    private static JsonNode wholeNumber(YAMLParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? JsonNodeFactory.instance.textNode(parser.getText())
                : JsonNodeFactory.instance.numberNode(parser.getLongValue());
    }

    private ObjectNode mapping(YAMLParser parser, JsonPointer at) throws IOException {
        ObjectNode mapping = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            positions.put(at.appendProperty("\0" + key), position(parser.currentTokenLocation()));
            parser.nextToken();
            mapping.set(key, value(parser, at.appendProperty(key)));
        }
        return mapping;
    }

    private ArrayNode sequence(YAMLParser parser, JsonPointer at) throws IOException {
        ArrayNode sequence = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            sequence.add(value(parser, at.appendIndex(sequence.size())));
        }
        return sequence;
    }

    private SourcePosition position(JsonLocation location) {
        return new SourcePosition(source, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    private static String firstLine(JsonProcessingException problem) {
        String message = problem.getOriginalMessage();
        return message == null ? problem.getClass().getSimpleName() : message.lines().findFirst().orElse(message);
    }
}
