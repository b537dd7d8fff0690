// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import java.util.List;
import java.util.Map;

/** Follows the tree that the server made of a statement to the columns that its answer depends on. Pure; for any thread. */
public final class LineageResolver {
    /** The oldest and the newest major version whose trees the tests have seen. */
    public static final int OLDEST_SERVER = 13;

    public static final int NEWEST_SERVER = 18;

    private LineageResolver() {}

    /** Whether the trees of this major version can be read. */
    public static boolean supports(int serverMajor) {
        return serverMajor >= OLDEST_SERVER && serverMajor <= NEWEST_SERVER;
    }

    /**
     * Resolves one statement.
     *
     * @param nodeTexts the details of the notices that the server sent for it: each a list of queries, as rules may make several of one
     * @param catalog of the same database; a relation that it does not have is a failure only where the tree does not name its columns
     */
    public static Lineage resolve(List<String> nodeTexts, int serverMajor, Catalog catalog) {
        return resolve(nodeTexts, serverMajor, catalog, Map.of());
    }

    /**
     * Resolves one statement, looking into the functions whose bodies are given.
     *
     * @param bodies by OID of a function in SQL: the details that the server sent for its body
     */
    public static Lineage resolve(List<String> nodeTexts, int serverMajor, Catalog catalog, Map<Integer, List<String>> bodies) {
        if (!supports(serverMajor)) {
            return new Lineage.Unresolved(
                    "PostgreSQL " + serverMajor,
                    "trees of this major version are not known here",
                    "Use a server of version " + OLDEST_SERVER + " to " + NEWEST_SERVER + ".");
        }
        return new Lineage.Unresolved("tree", "not followed yet", "");
    }
}
