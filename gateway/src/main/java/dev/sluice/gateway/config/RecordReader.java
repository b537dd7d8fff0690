// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a tree of keys into a tree of records. Every component needs a {@link Setting}; a key without a component, a component without
 * a value, and a value out of bounds are problems, and all of them are reported together.
 */
final class RecordReader {
    private final ConfigurationTree tree;
    private final List<String> problems = new ArrayList<>();

    RecordReader(ConfigurationTree tree) {
        this.tree = tree;
    }

    /**
     * Reads the whole tree.
     *
     * @throws InvalidConfiguration with every problem found
     */
    <T extends Record> T read(Class<T> type) {
        Optional<T> value = record(type, tree.root(), JsonPointer.empty());
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(problems);
        }
        return value.orElseThrow();
    }

    private <T> Optional<T> record(Class<T> type, JsonNode node, JsonPointer at) {
        if (!(node instanceof ObjectNode mapping)) {
            refuse(at, "must be a mapping of keys to values");
            return Optional.empty();
        }
        RecordComponent[] components = type.getRecordComponents();
        refuseUnknown(Arrays.stream(components).map(RecordComponent::getName).toList(), mapping, at);
        int before = problems.size();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], mapping.get(components[i].getName()), at.appendProperty(components[i].getName()));
        }
        return problems.size() == before ? construct(type, components, values, at) : Optional.empty();
    }

    private void refuseUnknown(List<String> known, ObjectNode mapping, JsonPointer at) {
        mapping.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problems.add(tree.positionOfKey(at, key) + ": " + path(at.appendProperty(key)) + " is no known key" + Suggestion.among(known, key));
            }
        });
    }

    private @Nullable Object component(RecordComponent component, @Nullable JsonNode given, JsonPointer at) {
        Setting setting = component.getAnnotation(Setting.class);
        if (given != null && given.isNull()) {
            refuse(at, "has no value; give one, or remove the key to get the default");
            return null;
        }
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        Class<?> type = component.getType();
        JsonNode node = given;
        if (node == null && !setting.defaultValue().isEmpty()) {
            node = TextNode.valueOf(setting.defaultValue());
        }
        if (node == null && !optional && (type.isRecord() || type == Map.class)) {
            node = JsonNodeFactory.instance.objectNode();
        }
        if (node == null && !optional && type == List.class) {
            node = JsonNodeFactory.instance.arrayNode();
        }
        if (node == null) {
            if (!optional) {
                refuse(at, "is missing");
            }
            return null;
        }
        return value(component, type, node, at);
    }

    private @Nullable Object value(RecordComponent component, Class<?> type, JsonNode node, JsonPointer at) {
        if (isRecord(type)) {
            return record(type, node, at).orElse(null);
        }
        if (type == List.class) {
            return list(element(component, 0), node, at);
        }
        if (type == Map.class) {
            return map(element(component, 1), node, at);
        }
        return single(type, node, at);
    }

    private @Nullable Object single(Class<?> type, JsonNode node, JsonPointer at) {
        try {
            return SettingType.convert(type, node, tree.baseOf(at));
        } catch (IllegalArgumentException refused) {
            refuse(at, String.valueOf(refused.getMessage()));
            return null;
        }
    }

    private List<@Nullable Object> list(Class<?> type, JsonNode node, JsonPointer at) {
        List<@Nullable Object> values = new ArrayList<>();
        if (node.isTextual() && !isRecord(type)) {
            for (String item : node.asText().split(",", -1)) {
                values.add(single(type, TextNode.valueOf(item.strip()), at));
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonPointer item = at.appendIndex(i);
                values.add(isRecord(type) ? record(type, node.get(i), item).orElse(null) : single(type, node.get(i), item));
            }
        } else {
            refuse(at, "must be a list");
        }
        return values;
    }

    private Map<String, @Nullable Object> map(Class<?> type, JsonNode node, JsonPointer at) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (node instanceof ObjectNode mapping) {
            mapping.properties().forEach(entry ->
                    values.put(entry.getKey(), single(type, entry.getValue(), at.appendProperty(entry.getKey()))));
        } else {
            refuse(at, "must be a mapping of keys to values");
        }
        return values;
    }

    private <T> Optional<T> construct(Class<T> type, RecordComponent[] components, @Nullable Object[] values, JsonPointer at) {
        try {
            Constructor<T> constructor =
                    type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return Optional.of(constructor.newInstance(values));
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof InvalidSetting invalid) {
                JsonPointer key = at.appendProperty(invalid.key());
                problems.add(tree.positionOf(key) + ": " + path(at).transform(path -> path.isEmpty() ? "" : path + ".") + invalid.getMessage());
                return Optional.empty();
            }
            throw new IllegalStateException(type + " failed to check its values", thrown.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("no canonical constructor: " + type, impossible);
        }
    }

    private void refuse(JsonPointer at, String problem) {
        problems.add(tree.positionOf(at) + ": " + path(at) + " " + problem);
    }

    /** One value written as a mapping but read from one string, such as a size, is a record too, and yet no section. */
    static boolean isRecord(Class<?> type) {
        return type.isRecord() && type != DataSize.class;
    }

    static Class<?> element(RecordComponent component, int argument) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[argument];
    }

    /** {@code targets[0].port}. */
    static String path(JsonPointer pointer) {
        StringBuilder path = new StringBuilder();
        for (JsonPointer at = pointer; !at.matches(); at = at.tail()) {
            if (at.getMatchingIndex() >= 0) {
                path.append('[').append(at.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
            }
        }
        return path.toString();
    }
}
