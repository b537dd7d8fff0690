// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads {@link AuditConfig} from YAML. An environment variable {@code SLUICE_AUDIT_} plus the key's path in upper case overrides the
 * file, {@code SLUICE_AUDIT_KAFKA_BOOTSTRAP_SERVERS} for {@code kafka.bootstrapServers}; lists and maps are written there as YAML.
 */
public final class ConfigReader {
    static final String PREFIX = "SLUICE_AUDIT_";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule()
                    .addDeserializer(AuditConfig.Database.Tls.class, new TlsDeserializer())
                    .addDeserializer(Path.class, new PathDeserializer()))
            .build();

    private ConfigReader() {}

    /** Reads {@code file}, overridden by {@code environment}. Fails with a {@link ConfigException} that names the key. */
    public static AuditConfig read(Path file, Map<String, String> environment) {
        try {
            return parse(Files.readString(file), environment);
        } catch (NoSuchFileException _) {
            throw new ConfigException(file + ": there is no such file");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** As {@link #read}, from text. */
    public static AuditConfig parse(String yaml, Map<String, String> environment) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            ObjectNode root = switch (tree) {
                case ObjectNode object -> object;
                case JsonNode other when other.isMissingNode() || other.isNull() -> JsonNodeFactory.instance.objectNode();
                default -> throw new ConfigException("the configuration must be a mapping of keys to values");
            };
            override(root, environment);
            return YAML.treeToValue(root, AuditConfig.class);
        } catch (UnrecognizedPropertyException e) {
            String known = e.getKnownPropertyIds() == null ? "" : e.getKnownPropertyIds().stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
            throw new ConfigException(path(e) + ": unknown key; known here: " + known);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof ConfigException ours) {
                throw ours;
            }
            throw new ConfigException(path(e) + ": " + e.getOriginalMessage());
        } catch (JacksonException e) {
            throw new ConfigException("line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
        }
    }

    private static void override(ObjectNode root, Map<String, String> environment) throws JacksonException {
        Map<String, Leaf> leaves = new TreeMap<>();
        collect(AuditConfig.class, List.of(), leaves);
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            if (!variable.getKey().startsWith(PREFIX)) {
                continue;
            }
            Leaf leaf = leaves.get(variable.getKey());
            if (leaf == null) {
                throw new ConfigException(variable.getKey() + ": no setting has this name" + nearest(variable.getKey(), leaves));
            }
            ObjectNode node = root;
            for (String step : leaf.path().subList(0, leaf.path().size() - 1)) {
                node = node.get(step) instanceof ObjectNode existing ? existing : node.putObject(step);
            }
            node.set(leaf.path().getLast(), leaf.structured() ? YAML.readTree(variable.getValue()) : TextNode.valueOf(variable.getValue()));
        }
    }

    private static void collect(Class<?> type, List<String> path, Map<String, Leaf> leaves) {
        for (RecordComponent component : type.getRecordComponents()) {
            List<String> inner = new java.util.ArrayList<>(path);
            inner.add(component.getName());
            if (component.getType().isRecord()) {
                collect(component.getType(), inner, leaves);
            } else {
                boolean structured = !Arrays.asList(String.class, Integer.class, Long.class, Path.class, AuditConfig.Database.Tls.class)
                        .contains(component.getType());
                leaves.put(PREFIX + inner.stream().map(ConfigReader::upperSnake).collect(Collectors.joining("_")), new Leaf(inner, structured));
            }
        }
    }

    private static String upperSnake(String name) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(name).toUpperCase(Locale.ROOT);
    }

    private static String nearest(String name, Map<String, Leaf> leaves) {
        return leaves.keySet().stream()
                .max(Comparator.comparingInt(candidate -> commonPrefix(candidate, name)))
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    private static int commonPrefix(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private record Leaf(List<String> path, boolean structured) {}

    /** Written as in libpq's {@code sslmode}: lower case with a hyphen. */
    private static final class TlsDeserializer extends FromStringDeserializer<AuditConfig.Database.Tls> {
        TlsDeserializer() {
            super(AuditConfig.Database.Tls.class);
        }

        @Override
        protected AuditConfig.Database.Tls _deserialize(String value, com.fasterxml.jackson.databind.DeserializationContext context) {
            return switch (value) {
                case "disable" -> AuditConfig.Database.Tls.DISABLE;
                case "verify-full" -> AuditConfig.Database.Tls.VERIFY_FULL;
                default -> throw new ConfigException("database.tls: " + value + " is not possible, it is disable or verify-full");
            };
        }
    }

    /** Jackson's own would read a path without a scheme as a URI and turn spaces away. */
    private static final class PathDeserializer extends FromStringDeserializer<Path> {
        PathDeserializer() {
            super(Path.class);
        }

        @Override
        protected Path _deserialize(String value, com.fasterxml.jackson.databind.DeserializationContext context) {
            return Path.of(value);
        }
    }
}
