// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a service's configuration, a record of records, from YAML. An environment variable, the service's prefix plus the key's path in upper
 * case, overrides the file: {@code SLUICE_AUDIT_KAFKA_BOOTSTRAP_SERVERS} for {@code kafka.bootstrapServers}; lists and maps are written there
 * as YAML.
 *
 * @param <C> the record; what its constructors refuse with a {@link ConfigException} is told as it is
 */
public final class ConfigReader<C extends Record> {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new DurationDeserializer())
                    .addDeserializer(Path.class, new PathDeserializer()))
            .build();

    private final Class<C> type;
    /** The settings by the names of their variables. */
    private final Map<String, Leaf> leaves = new TreeMap<>();

    private final String prefix;

    /** @param prefix of the names of environment variables, with the underscore at its end */
    public ConfigReader(Class<C> type, String prefix) {
        this.type = type;
        this.prefix = prefix;
        collect(type, List.of());
    }

    /** Reads {@code file}, overridden by {@code environment}. Fails with a {@link ConfigException} that names the key. */
    public C read(Path file, Map<String, String> environment) {
        try {
            return parse(Files.readString(file), environment);
        } catch (NoSuchFileException _) {
            throw new ConfigException(file + ": there is no such file");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** As {@link #read}, from text. */
    public C parse(String yaml, Map<String, String> environment) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            ObjectNode root = switch (tree) {
                case ObjectNode object -> object;
                case JsonNode other when other.isMissingNode() || other.isNull() -> JsonNodeFactory.instance.objectNode();
                default -> throw new ConfigException("the configuration must be a mapping of keys to values");
            };
            override(root, environment);
            return YAML.treeToValue(root, type);
        } catch (UnrecognizedPropertyException e) {
            var known = e.getKnownPropertyIds();
            var names = known == null ? "" : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
            throw new ConfigException(pathOf(e) + ": unknown key; known here: " + names);
        } catch (InvalidFormatException e) {
            throw new ConfigException(pathOf(e) + ": " + e.getValue() + " is not possible: " + e.getOriginalMessage());
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof ConfigException ours) {
                throw ours;
            }
            throw new ConfigException(pathOf(e) + ": " + e.getOriginalMessage());
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new ConfigException("line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + e.getOriginalMessage());
        }
    }

    private void override(ObjectNode root, Map<String, String> environment) throws JacksonException {
        for (var variable : new TreeMap<>(environment).entrySet()) {
            if (!variable.getKey().startsWith(prefix)) {
                continue;
            }
            var leaf = leaves.get(variable.getKey());
            if (leaf == null) {
                throw new ConfigException(variable.getKey() + ": no setting has this name; there are " + String.join(", ", leaves.keySet()));
            }
            var node = root;
            for (String step : leaf.path().subList(0, leaf.path().size() - 1)) {
                node = node.get(step) instanceof ObjectNode existing ? existing : node.putObject(step);
            }
            var text = variable.getValue();
            node.set(leaf.path().getLast(), leaf.structured() ? YAML.readTree(text) : TextNode.valueOf(text));
        }
    }

    private void collect(Class<?> record, List<String> path) {
        for (RecordComponent component : record.getRecordComponents()) {
            var inner = new ArrayList<>(path);
            inner.add(component.getName());
            Class<?> held = component.getType();
            if (held.isRecord()) {
                collect(held, inner);
            } else {
                var name = prefix + inner.stream().map(ConfigReader::upperSnake).collect(Collectors.joining("_"));
                leaves.put(name, new Leaf(inner, Collection.class.isAssignableFrom(held) || Map.class.isAssignableFrom(held)));
            }
        }
    }

    private static String upperSnake(String name) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(name).toUpperCase(Locale.ROOT);
    }

    private static String pathOf(JsonMappingException e) {
        var path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private record Leaf(List<String> path, boolean structured) {}

    /** A number and a unit, {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
    private static final class DurationDeserializer extends FromStringDeserializer<Duration> {
        private static final long serialVersionUID = 1;
        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

        DurationDeserializer() {
            super(Duration.class);
        }

        @Override
        protected Duration _deserialize(String value, DeserializationContext context) {
            var form = FORM.matcher(value);
            if (!form.matches()) {
                throw new ConfigException(pathOf(context) + ": '" + value + "' is no duration; write a number and ms, s, m or h, as in 30s");
            }
            long number = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }

        private static String pathOf(DeserializationContext context) {
            return context.getParser().getParsingContext().pathAsPointer().toString().substring(1).replace('/', '.');
        }
    }

    /** Jackson's own would read a path without a scheme as a URI and turn spaces away. */
    private static final class PathDeserializer extends FromStringDeserializer<Path> {
        private static final long serialVersionUID = 1;

        PathDeserializer() {
            super(Path.class);
        }

        @Override
        protected Path _deserialize(String value, DeserializationContext context) {
            return Path.of(value);
        }
    }
}
