// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all queries of one statement share: the catalog, and what was met anywhere. For one thread. */
final class TreeFacts {
    /** Visits of nodes before a statement counts as too complex to follow. */
    static final int MOST_STEPS = 2_000_000;

    private final Catalog catalog;
    private final Map<Integer, List<String>> bodies;
    private final Set<Integer> bodiesInProgress = new HashSet<>();
    private final Map<Integer, Dependence> bodiesDone = new TreeMap<>();
    private final Set<ColumnId> mentioned = new HashSet<>();
    private final Set<Integer> relations = new HashSet<>();
    private final Set<Integer> functions = new HashSet<>();
    private final Set<Integer> userTypes = new HashSet<>();
    private final Map<Integer, Lineage.Call> calls = new TreeMap<>();
    private final List<Lineage.Flow> flows = new ArrayList<>();
    private final PermissionCheck permissions = new PermissionCheck();
    private Failures failures = new Failures(this);
    private int steps;
    private int rows;

    TreeFacts(Catalog catalog, Map<Integer, List<String>> bodies) {
        this.catalog = catalog;
        this.bodies = bodies;
    }

    void step(Node.Struct node) {
        if (++steps > MOST_STEPS) {
            throw new UnreadableTree(node.name(), "the statement is too complex to follow", "Split it into several statements.");
        }
    }

    void mention(ColumnId column) {
        mentioned.add(column);
    }

    void relation(int oid) {
        relations.add(oid);
    }

    /** Columns of a relation that is named as a whole. */
    List<Column> columnsOf(int oid) {
        Relation relation = catalog.relation(oid);
        if (relation == null) {
            throw new UnreadableTree(
                    "whole row of relation " + Integer.toUnsignedString(oid),
                    "the catalog as it was read last does not have this relation",
                    "Name the columns, or try again when the catalog has been read anew.");
        }
        return relation.columns();
    }

    /** The result of a call, from what its arguments depend on. */
    Dependence call(int oid, Dependence arguments) {
        functions.add(oid);
        Function function = catalog.function(oid);
        FunctionClass functionClass = FunctionClasses.of(function);
        if (functionClass == FunctionClass.PURE) {
            return arguments.derived();
        }
        Dependence body = bodyOf(oid);
        if (body != null) {
            return arguments.and(body);
        }
        calls.merge(oid, new Lineage.Call(oid, functionClass, arguments.columns()), (one, other) -> {
            Set<ColumnId> both = new HashSet<>(one.arguments());
            both.addAll(other.arguments());
            return new Lineage.Call(oid, functionClass, both);
        });
        return functionClass.opaque() ? arguments.through(oid) : arguments.derived();
    }

    /** Whether a function is one of PostgreSQL's own with one of these names. */
    boolean isNamed(int oid, Set<String> names) {
        Function function = catalog.function(oid);
        return function != null && function.builtIn() && names.contains(function.name());
    }

    /** A column of one of PostgreSQL's own relations; null if the catalog does not have it. */
    @Nullable ColumnId systemColumn(String relation, String column) {
        Relation known = catalog.relation("pg_catalog", relation);
        Column found = known == null ? null : known.column(column);
        return known == null || found == null ? null : new ColumnId(known.oid(), found.number());
    }

    /** Whether a function is one of PostgreSQL's own behind the operators {@code =} and {@code <>}. */
    boolean isEquality(int oid) {
        Function function = catalog.function(oid);
        return function != null && FunctionClasses.isEquality(function);
    }

    /** Remembers a type or an operator whose code runs; those that PostgreSQL came with do what their names say. */
    void runsCodeOf(int oid) {
        if (!isBuiltIn(oid)) {
            userTypes.add(oid);
        }
    }

    /** Whether an object came with PostgreSQL. */
    boolean isBuiltIn(int oid) {
        return Integer.compareUnsigned(oid, LineageResolver.FIRST_OF_USERS) < 0;
    }

    private @Nullable Dependence bodyOf(int oid) {
        List<String> trees = bodies.get(oid);
        Dependence done = bodiesDone.get(oid);
        if (trees == null || done != null) {
            return done;
        }
        if (!bodiesInProgress.add(oid)) {
            return Dependence.NONE;
        }
        Dependence body = Dependence.NONE;
        for (Node.Struct query : LineageResolver.queriesOf(trees)) {
            QueryResult result = new QueryScope(query, null, this).walk();
            body = body.and(result.whole()).and(Dependence.on(result.conditions()));
        }
        bodiesInProgress.remove(oid);
        bodiesDone.put(oid, body);
        return body;
    }

    Set<ColumnId> mentioned() {
        return mentioned;
    }

    Set<Integer> relations() {
        return relations;
    }

    Set<Integer> functions() {
        return functions;
    }

    Set<Integer> userTypes() {
        return userTypes;
    }

    List<Lineage.Call> calls() {
        return List.copyOf(calls.values());
    }

    /** A number for what is written together. */
    int nextRow() {
        return rows++;
    }

    List<Lineage.Flow> flows() {
        return flows;
    }

    /** What may fail in what is being followed now. */
    Failures failures() {
        return failures;
    }

    /** What may fail in what is followed there, apart: it happens only if somebody asks for it. */
    Failures failuresApart(Runnable walk) {
        Failures before = failures;
        Failures apart = new Failures(this);
        failures = apart;
        try {
            walk.run();
        } finally {
            failures = before;
        }
        return apart;
    }

    PermissionCheck permissions() {
        return permissions;
    }

    Catalog catalog() {
        return catalog;
    }
}
