// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How libpg_query writes a raw parse tree as JSON: which nodes there are, and how to find the nodes below a node. */
public final class ParseTree {
    /** What an object in a place where we know no node is called. No node of PostgreSQL has this name. */
    static final String UNKNOWN = "?";

    /** Fields that tell where something stands in the text. */
    private static final Set<String> PLACES = Set.of("location", "rexpr_list_start", "rexpr_list_end", "list_start", "list_end");

    private static final Set<String> NODES = new HashSet<>();
    private static final Map<String, String> FIELDS = new HashMap<>();

    static {
        for (String line : ResourceLines.of("nodes.txt")) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                NODES.add(line);
            } else {
                FIELDS.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    /** Receives a node: its name and its fields. */
    interface Visitor {
        void visit(String type, JsonNode fields);
    }

    private ParseTree() {}

    static boolean isKnown(String type) {
        return NODES.contains(type);
    }

    /** Hands over every node directly below {@code fields}, in the fields other than {@code except}. */
    static void children(String type, JsonNode fields, Set<String> except, Visitor visitor) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!except.contains(field.getKey())) {
                value(type, field.getKey(), field.getValue(), visitor);
            }
        }
    }

    /** Hands over every node directly in the value of a field: the node itself, or those of a list. */
    static void value(String type, String field, @Nullable JsonNode value, Visitor visitor) {
        if (value == null) {
            return;
        }
        if (value.isArray()) {
            for (JsonNode element : value) {
                value(type, field, element, visitor);
            }
        } else if (value.isObject() && !value.isEmpty()) {
            String name = nameOf(value);
            if (name != null) {
                visitor.visit(name, value.get(name));
            } else {
                String direct = FIELDS.get(type + "." + field);
                visitor.visit(direct != null ? direct : FIELDS.getOrDefault(field, UNKNOWN), value);
            }
        }
    }

    /** The name of the node that the object wraps, or null if it is the fields of a node itself. */
    static @Nullable String nameOf(JsonNode value) {
        if (value.size() != 1) {
            return null;
        }
        String name = value.fieldNames().next();
        return Character.isUpperCase(name.charAt(0)) && value.get(name).isObject() ? name : null;
    }

    /** The fields of the node if it is of this type, else null. */
    static @Nullable JsonNode as(String type, @Nullable JsonNode wrapped) {
        return wrapped == null ? null : wrapped.get(type);
    }

    static @Nullable String text(JsonNode fields, String field) {
        JsonNode value = fields.get(field);
        return value == null ? null : value.textValue();
    }

    static boolean flag(JsonNode fields, String field) {
        return fields.path(field).booleanValue();
    }

    /** The strings of a list of String nodes: a qualified name. Other elements (the star of a column reference) are left out. */
    public static List<String> names(@Nullable JsonNode list) {
        if (list == null) {
            return List.of();
        }
        if (list.has("List")) {
            return names(list.get("List").get("items"));
        }
        List<String> names = new ArrayList<>();
        for (JsonNode element : list) {
            JsonNode string = element.get("String");
            if (string != null) {
                names.add(string.path("sval").asText(""));
            }
        }
        return names;
    }

    /** True if the trees differ at most in where their tokens stand in the text. */
    public static boolean same(@Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == null || right == null) {
            return left == right;
        }
        if (left.isObject() && right.isObject()) {
            return left.size() == right.size()
                    && left.properties().stream()
                            .allMatch(field -> PLACES.contains(field.getKey()) ? right.has(field.getKey()) : same(field.getValue(), right.get(field.getKey())));
        }
        if (left.isArray() && right.isArray()) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!same(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return left.equals(right);
    }
}
