// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The utility commands whose facts follow from what command it is.
 *
 * @param tag PostgreSQL's command tag; a field of the node in braces stands for the kind of object that it names
 * @param effects what the command does
 * @param relations fields that hold relations which the command does more with than read
 */
record Commands(String tag, Set<Effect> effects, Map<String, Access> relations) {
    private static final Map<String, Commands> ALL = new HashMap<>();
    private static final Map<String, String> OBJECTS = Map.ofEntries(
            Map.entry("MATVIEW", "MATERIALIZED VIEW"),
            Map.entry("FDW", "FOREIGN DATA WRAPPER"),
            Map.entry("FOREIGN_SERVER", "SERVER"),
            Map.entry("OPCLASS", "OPERATOR CLASS"),
            Map.entry("OPFAMILY", "OPERATOR FAMILY"),
            Map.entry("TSCONFIGURATION", "TEXT SEARCH CONFIGURATION"),
            Map.entry("TSDICTIONARY", "TEXT SEARCH DICTIONARY"),
            Map.entry("TSPARSER", "TEXT SEARCH PARSER"),
            Map.entry("TSTEMPLATE", "TEXT SEARCH TEMPLATE"),
            Map.entry("COLUMN", "TABLE"),
            Map.entry("TABCONSTRAINT", "TABLE"),
            Map.entry("DOMCONSTRAINT", "DOMAIN"),
            Map.entry("ATTRIBUTE", "TYPE"),
            Map.entry("LARGEOBJECT", "LARGE OBJECT"),
            Map.entry("STATISTIC_EXT", "STATISTICS"));

    static {
        ResourceLines.of("commands.txt").forEach(Commands::add);
    }

    private static void add(String line) {
        String[] parts = line.split("\\|", -1);
        Set<Effect> effects = EnumSet.noneOf(Effect.class);
        for (String effect : parts[2].isEmpty() ? new String[0] : parts[2].split(",", -1)) {
            effects.add(Effect.valueOf(effect));
        }
        Map<String, Access> relations = new LinkedHashMap<>();
        for (String relation : parts[3].isEmpty() ? new String[0] : parts[3].split(",", -1)) {
            int colon = relation.indexOf(':');
            relations.put(relation.substring(0, colon), Access.valueOf(relation.substring(colon + 1)));
        }
        ALL.put(parts[0], new Commands(parts[1], effects, relations));
    }

    /** The command of a node, or null if it needs to be read in its own way or is unknown. */
    static @Nullable Commands of(String type) {
        return ALL.get(type);
    }

    /** The command tag of this node. */
    String tag(JsonNode fields) {
        int open = tag.indexOf('{');
        if (open < 0) {
            return tag;
        }
        String field = tag.substring(open + 1, tag.indexOf('}'));
        String value = fields.path(field).asText("");
        int underscore = value.indexOf('_');
        String object = value.substring(underscore + 1);
        return tag.substring(0, open) + OBJECTS.getOrDefault(object, object.replace('_', ' '));
    }
}
