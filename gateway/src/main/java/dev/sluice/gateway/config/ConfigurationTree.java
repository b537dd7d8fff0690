// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings from file, environment and command line, one above the other; each value knows where it came from. For one thread. */
final class ConfigurationTree {
    /** A list in the environment may grow up to this many entries. */
    private static final int MAX_ENTRIES = 1_000;

    private final YamlDocument document;
    private final Path base;
    private final Map<JsonPointer, String> overrides = new HashMap<>();

    /**
     * Begins with a file.
     *
     * @param base directory that the file's relative paths count from
     */
    ConfigurationTree(YamlDocument document, Path base) {
        this.document = document;
        this.base = base;
    }

    ObjectNode root() {
        return document.root();
    }

    /** Puts a value above what is there, making the mappings and list entries on its way. */
    void override(JsonPointer at, String value, String source) {
        JsonNode parent = container(at.head(), source);
        if (parent instanceof ObjectNode mapping) {
            mapping.put(at.last().getMatchingProperty(), value);
        } else {
            throw new InvalidConfiguration(SourcePosition.named(source), RecordReader.path(at.head()) + " is no mapping in the file");
        }
        overrides.put(at, source);
    }

    /** Appends an empty entry to a list and says where it is. */
    JsonPointer append(String list, String source) {
        ArrayNode entries = list(JsonPointer.empty().appendProperty(list), source);
        JsonPointer entry = JsonPointer.empty().appendProperty(list).appendIndex(entries.size());
        entries.addObject();
        overrides.put(entry, source);
        return entry;
    }

    SourcePosition positionOf(JsonPointer pointer) {
        return overriddenBy(pointer).map(SourcePosition::named).orElseGet(() -> document.positionOf(pointer));
    }

    SourcePosition positionOfKey(JsonPointer parent, String key) {
        return overriddenBy(parent.appendProperty(key)).map(SourcePosition::named).orElseGet(() -> document.positionOfKey(parent, key));
    }

    /** The file's directory for what the file says, the working directory for the rest. */
    Path baseOf(JsonPointer pointer) {
        return overriddenBy(pointer).isPresent() || document.root().at(pointer).isMissingNode() ? Path.of("") : base;
    }

    private Optional<String> overriddenBy(JsonPointer pointer) {
        for (JsonPointer at = pointer; at != null; at = at.head()) {
            String source = overrides.get(at);
            if (source != null) {
                return Optional.of(source);
            }
        }
        return Optional.empty();
    }

    private JsonNode container(JsonPointer at, String source) {
        if (at.matches()) {
            return document.root();
        }
        JsonNode existing = document.root().at(at);
        if (!existing.isMissingNode()) {
            return existing;
        }
        if (at.last().getMatchingIndex() >= 0) {
            ArrayNode entries = list(at.head(), source);
            if (at.last().getMatchingIndex() != entries.size() || entries.size() >= MAX_ENTRIES) {
                throw new InvalidConfiguration(
                        SourcePosition.named(source),
                        RecordReader.path(at) + " cannot be set: the next entry of " + RecordReader.path(at.head()) + " is " + entries.size());
            }
            return entries.addObject();
        }
        JsonNode parent = container(at.head(), source);
        if (parent instanceof ObjectNode mapping) {
            return mapping.putObject(at.last().getMatchingProperty());
        }
        throw new InvalidConfiguration(SourcePosition.named(source), RecordReader.path(at.head()) + " is no mapping in the file");
    }

    private ArrayNode list(JsonPointer at, String source) {
        JsonNode existing = document.root().at(at);
        if (existing.isMissingNode() && container(at.head(), source) instanceof ObjectNode mapping) {
            return mapping.putArray(at.last().getMatchingProperty());
        }
        if (existing instanceof ArrayNode entries) {
            return entries;
        }
        throw new InvalidConfiguration(SourcePosition.named(source), RecordReader.path(at) + " is no list in the file");
    }
}
