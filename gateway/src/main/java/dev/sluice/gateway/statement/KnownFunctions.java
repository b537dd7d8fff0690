// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a function does beyond reading, by its name. PostgreSQL looks in {@code pg_catalog} first, so an unqualified name of its own
 * means its own function unless a schema of the search path has one whose parameter types match better.
 */
final class KnownFunctions {
    private static final Map<String, Set<Effect>> CATALOG = new HashMap<>();
    private static final Map<String, Set<Effect>> EXTENSIONS = new HashMap<>();

    static {
        read("functions.txt", CATALOG);
        read("extension-functions.txt", EXTENSIONS);
    }

    private KnownFunctions() {}

    /** The effects, or null for a function that is not PostgreSQL's own and of no extension that we know to reach further. */
    static @Nullable Set<Effect> effects(FunctionName function) {
        if (function.schema() == null || function.schema().equals("pg_catalog")) {
            Set<Effect> own = CATALOG.get(function.name());
            if (own != null) {
                return own;
            }
        }
        return EXTENSIONS.get(function.name());
    }

    private static void read(String resource, Map<String, Set<Effect>> into) {
        for (String line : ResourceLines.of(resource)) {
            int blank = line.indexOf(' ');
            Set<Effect> effects = EnumSet.noneOf(Effect.class);
            if (blank >= 0) {
                for (String effect : line.substring(blank + 1).split(",", -1)) {
                    effects.add(Effect.valueOf(effect));
                }
            }
            into.put(blank < 0 ? line : line.substring(0, blank), effects);
        }
    }
}
