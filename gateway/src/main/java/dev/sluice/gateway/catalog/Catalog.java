// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One database's catalog at one moment. Immutable. */
public final class Catalog {
    private final String database;
    private final int serverMajor;
    private final String version;
    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Map<String, Map<String, Relation>> relationsBySchema = new HashMap<>();
    private final Set<String> relationNames = new HashSet<>();
    private final Map<Integer, Function> functions = new HashMap<>();
    private final Set<String> functionNames = new HashSet<>();
    private final Map<Integer, DataType> types = new HashMap<>();
    private final Set<Integer> unnamedFunctions;
    private final Map<Integer, Set<ColumnId>> columnsRead;
    private final Map<Integer, Upkeep> upkeep;

    /** A snapshot in which every view counts as reading whole rows. */
    public Catalog(
            String database,
            int serverMajor,
            String version,
            Collection<Relation> relations,
            Collection<Function> functions,
            Collection<DataType> types,
            Set<Integer> unnamedFunctions) {
        this(database, serverMajor, version, relations, functions, types, unnamedFunctions, Map.of(), Map.of());
    }

    /**
     * A snapshot.
     *
     * @param serverMajor PostgreSQL's major version, such as 18
     * @param version equal for equal catalogs; another one after every change of a permanent object
     * @param unnamedFunctions OIDs of functions that a statement may call without naming them: behind operators and casts that are
     *     not PostgreSQL's own
     * @param columnsRead by OID of a view or materialized view the columns that its own query names; views that read whole rows are missing
     * @param upkeep by OID of a table what writing to it sets off; tables where that is nothing are missing
     */
    public Catalog(
            String database,
            int serverMajor,
            String version,
            Collection<Relation> relations,
            Collection<Function> functions,
            Collection<DataType> types,
            Set<Integer> unnamedFunctions,
            Map<Integer, Set<ColumnId>> columnsRead,
            Map<Integer, Upkeep> upkeep) {
        this.database = database;
        this.serverMajor = serverMajor;
        this.version = version;
        for (Relation relation : relations) {
            this.relations.put(relation.oid(), relation);
            relationsBySchema.computeIfAbsent(relation.schema(), schema -> new HashMap<>()).put(relation.name(), relation);
            relationNames.add(relation.name());
        }
        for (Function function : functions) {
            this.functions.put(function.oid(), function);
            functionNames.add(function.name());
        }
        types.forEach(type -> this.types.put(type.oid(), type));
        this.unnamedFunctions = Set.copyOf(unnamedFunctions);
        this.columnsRead = Map.copyOf(columnsRead);
        this.upkeep = Map.copyOf(upkeep);
    }

    public String database() {
        return database;
    }

    public int serverMajor() {
        return serverMajor;
    }

    /** Equal for equal catalogs; temporary objects do not count. */
    public String version() {
        return version;
    }

    /** The relation of this OID; null if there was none when the snapshot was taken. */
    public @Nullable Relation relation(int oid) {
        return relations.get(oid);
    }

    /** The relation of this exact name; never looks at a search path. */
    public @Nullable Relation relation(String schema, String name) {
        return relationsBySchema.getOrDefault(schema, Map.of()).get(name);
    }

    public Collection<Relation> relations() {
        return List.copyOf(relations.values());
    }

    /** Whether any schema has a relation of this name. */
    public boolean hasRelationNamed(String name) {
        return relationNames.contains(name);
    }

    /** The function of this OID, built-in ones included; null if there was none when the snapshot was taken. */
    public @Nullable Function function(int oid) {
        return functions.get(oid);
    }

    public Collection<Function> functions() {
        return List.copyOf(functions.values());
    }

    /** Whether any schema has a function of this name. */
    public boolean hasFunctionNamed(String name) {
        return functionNames.contains(name);
    }

    /** The type of this OID. */
    public @Nullable DataType type(int oid) {
        return types.get(oid);
    }

    /** OIDs of functions behind operators and casts that are not PostgreSQL's own: statements call them without naming them. */
    public Set<Integer> unnamedFunctions() {
        return unnamedFunctions;
    }

    /** What writing to a table sets off. */
    public Upkeep upkeep(int relation) {
        return upkeep.getOrDefault(relation, Upkeep.NONE);
    }

    /** The columns that a view's own query names, those of other views included; null where it reads whole rows, or has no rules. */
    public @Nullable Set<ColumnId> columnsRead(int relation) {
        return columnsRead.get(relation);
    }
}
