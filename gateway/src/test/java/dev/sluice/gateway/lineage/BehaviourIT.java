// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The database itself is asked what depends on what: each column's values are changed in several ways, every statement runs on the changed and on
 * the unchanged rows, and what became different must have been resolved as depending on that column.
 */
class BehaviourIT {
    private static final int GENERATED = Integer.getInteger("lineage.generated", 300);
    private static final long SEED = Long.getLong("lineage.seed", 20_261_123L);

    /** A statement with what was resolved, what it did, and which dependencies were seen. */
    private record Subject(String sql, Lineage.Resolved lineage, Set<String> writes, Behaviour unchanged, Set<String> seen) {}

    private final List<String> narrower = new ArrayList<>();
    private int runs;
    private int decisive;
    private int failures;

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void resolvesEveryDependencyThatTheDatabaseShows(ServerVersion version) throws IOException, SQLException {
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                TreeProbe probe = new TreeProbe(server.getPort(), "reader", "postgres")) {
            Catalog catalog = TestCatalog.of(version.major(), TestCatalog.lines(connection));
            connection.setAutoCommit(false);
            List<Mutations.Mutation> mutations = Mutations.all(connection);
            List<Subject> subjects = subjects(connection, lineages(probe, catalog), mutations, catalog);
            for (Mutations.Mutation mutation : mutations) {
                observe(connection, catalog, subjects, mutations, mutation);
            }
            report(version, subjects, catalog);
        }

        assertThat(narrower).isEmpty();
    }

    /** The written statements, and as many generated ones as the server accepts. */
    private Map<String, Lineage.Resolved> lineages(TreeProbe probe, Catalog catalog) throws IOException {
        Map<String, String> expected = Statements.expected();
        Map<String, Lineage.Resolved> lineages = new LinkedHashMap<>();
        for (String sql : Statements.since(catalog.serverMajor())) {
            if (!sql.contains("$1") && !String.valueOf(expected.get(sql)).startsWith("unresolved")) {
                resolve(sql, probe, catalog, lineages);
            }
        }
        StatementGrammar grammar = new StatementGrammar(SEED);
        int written = lineages.size();
        while (lineages.size() < written + GENERATED && narrower.isEmpty()) {
            String sql = grammar.next();
            if (accepts(probe, sql)) {
                resolve(sql, probe, catalog, lineages);
            }
        }
        return lineages;
    }

    /** A generated subquery may use what its query has grouped away. */
    private static boolean accepts(TreeProbe probe, String sql) throws IOException {
        try {
            return !probe.parse(sql).trees().isEmpty();
        } catch (TreeProbe.Refused notGrouped) {
            return false;
        }
    }

    /** Resolves a statement with the bodies of all functions in SQL that it calls. */
    private void resolve(String sql, TreeProbe probe, Catalog catalog, Map<String, Lineage.Resolved> lineages) throws IOException {
        List<String> trees = probe.parse(sql).trees();
        Map<Integer, List<String>> bodies = new HashMap<>();
        while (true) {
            switch (LineageResolver.resolve(trees, catalog.serverMajor(), catalog, bodies)) {
                case Lineage.Unresolved unresolved -> {
                    narrower.add(sql + " is not resolved: " + unresolved);
                    return;
                }
                case Lineage.Resolved resolved -> {
                    Set<Integer> wanted = new HashSet<>(resolved.opaque());
                    wanted.removeIf(function -> !Objects.requireNonNull(catalog.function(function)).language().equals("sql"));
                    if (wanted.isEmpty()) {
                        lineages.put(sql, resolved);
                        return;
                    }
                    for (int function : wanted) {
                        List<String> printed = probe.query("select fmgr_sql_validator(" + Integer.toUnsignedString(function) + ")");
                        bodies.put(function, printed.subList(1, printed.size()));
                    }
                }
            }
        }
    }

    private List<Subject> subjects(
            Connection connection, Map<String, Lineage.Resolved> lineages, List<Mutations.Mutation> mutations, Catalog catalog) throws SQLException {
        List<Subject> subjects = new ArrayList<>();
        Mutations.apply(connection, mutations, null);
        for (Map.Entry<String, Lineage.Resolved> entry : lineages.entrySet()) {
            String sql = entry.getKey();
            Lineage.Resolved resolved = entry.getValue();
            Set<String> writes = resolved.flows().stream()
                    .map(flow -> Objects.requireNonNull(catalog.relation(flow.relation())).name())
                    .collect(Collectors.toSet());
            try {
                subjects.add(new Subject(sql, resolved, writes, Behaviour.of(connection, sql, writes), new HashSet<>()));
            } catch (Behaviour.Failed failed) {
                narrower.add(sql + " does not run: " + failed.getMessage());
            }
        }
        connection.rollback();
        return subjects;
    }

    private void observe(
            Connection connection, Catalog catalog, List<Subject> subjects, List<Mutations.Mutation> mutations, Mutations.Mutation mutation)
            throws SQLException {
        try {
            Mutations.apply(connection, mutations, mutation);
        } catch (SQLException notPossible) {
            connection.rollback();
            return;
        }
        Set<Integer> tables = withParents(catalog, mutation);
        for (Subject subject : subjects) {
            boolean reads = subject.lineage().relations().stream().anyMatch(tables::contains);
            if (!reads && subject.lineage().opaque().isEmpty()) {
                continue;
            }
            try {
                runs++;
                compare(subject, Behaviour.of(connection, subject.sql(), subject.writes()), mutation, catalog);
            } catch (Behaviour.Failed failed) {
                failures++;
            }
        }
        connection.rollback();
    }

    /** A table's rows are its parents' rows too. */
    private static Set<Integer> withParents(Catalog catalog, Mutations.Mutation mutation) {
        Set<Integer> tables = new HashSet<>(Set.of(mutation.column().relation()));
        Map<String, String> parents = Map.of("events_archive", "events", "measures_low", "measures", "measures_high", "measures");
        String parent = parents.get(mutation.table());
        if (parent != null) {
            tables.add(Objects.requireNonNull(catalog.relation("public", parent)).oid());
        }
        return tables;
    }

    /** The same column of parents, and what is generated from it: a mask on one covers the others by its binding, not by lineage. */
    private static Set<ColumnId> coveredWith(Catalog catalog, Mutations.Mutation mutation) {
        Set<ColumnId> covered = new HashSet<>();
        for (int table : withParents(catalog, mutation)) {
            Relation relation = Objects.requireNonNull(catalog.relation(table));
            for (String name : mutation.name().equals("name") ? List.of("name", "initial") : List.of(mutation.name())) {
                if (relation.column(name) != null) {
                    covered.add(new ColumnId(table, Objects.requireNonNull(relation.column(name)).number()));
                }
            }
        }
        return covered;
    }

    private void compare(Subject subject, Behaviour changed, Mutations.Mutation mutation, Catalog catalog) {
        Set<ColumnId> columns = coveredWith(catalog, mutation);
        Lineage.Resolved lineage = subject.lineage();
        boolean decidesRows = lineage.conditions().stream().anyMatch(columns::contains);
        Behaviour unchanged = subject.unchanged();
        Set<Integer> independent = new HashSet<>();
        for (int i = 0; i < lineage.outputs().size(); i++) {
            Lineage.Output output = lineage.outputs().get(i);
            boolean dependent = !output.opaque().isEmpty() || output.dependencies().stream().anyMatch(columns::contains);
            if (!dependent) {
                independent.add(i);
            } else if (!Behaviour.counted(unchanged.rows(), Set.of(i)).equals(Behaviour.counted(changed.rows(), Set.of(i)))) {
                subject.seen().add(mutation.column() + ">" + i);
            }
        }
        if (!unchanged.equals(changed)) {
            subject.seen().add(mutation.column() + ">rows");
        }
        if (decidesRows) {
            return;
        }
        decisive++;
        if (!Behaviour.counted(unchanged.rows(), independent).equals(Behaviour.counted(changed.rows(), independent))
                || unchanged.affected() != changed.affected()) {
            narrower.add(subject.sql() + " shows " + mutation + "\n    resolved as " + new LineageText(catalog).of(lineage)
                    + "\n    before " + unchanged.rows() + "\n    after  " + changed.rows());
        }
        for (String table : subject.writes()) {
            compareWritten(subject, changed, mutation, columns, Objects.requireNonNull(catalog.relation("public", table)), catalog);
        }
    }

    private void compareWritten(
            Subject subject, Behaviour changed, Mutations.Mutation mutation, Set<ColumnId> columns, Relation table, Catalog catalog) {
        Set<Integer> independent = new HashSet<>();
        for (int i = 0; i < table.columns().size(); i++) {
            ColumnId written = new ColumnId(table.oid(), table.columns().get(i).number());
            boolean dependent = columns.contains(written)
                    || subject.lineage().flows().stream()
                            .filter(flow -> new ColumnId(flow.relation(), flow.number()).equals(written))
                            .anyMatch(flow -> flow.from().stream().anyMatch(columns::contains));
            if (!dependent) {
                independent.add(i);
            }
        }
        List<List<String>> before = Objects.requireNonNull(subject.unchanged().tables().get(table.name()));
        List<List<String>> after = Objects.requireNonNull(changed.tables().get(table.name()));
        if (!Behaviour.counted(before, independent).equals(Behaviour.counted(after, independent))) {
            narrower.add(subject.sql() + " writes to " + table.name() + " by " + mutation + "\n    resolved as "
                    + new LineageText(catalog).of(subject.lineage()) + "\n    before " + before + "\n    after  " + after);
        }
    }

    @SuppressWarnings("SystemOut")
    private void report(ServerVersion version, List<Subject> subjects, Catalog catalog) {
        Map<String, Integer> wider = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Subject subject : subjects) {
            int unseen = 0;
            for (int i = 0; i < subject.lineage().outputs().size(); i++) {
                for (ColumnId column : subject.lineage().outputs().get(i).dependencies()) {
                    counts.merge("pairs", 1, Integer::sum);
                    if (!subject.seen().contains(column + ">" + i)) {
                        unseen++;
                        counts.merge("unseen", 1, Integer::sum);
                    }
                }
            }
            if (unseen > 0) {
                wider.put(subject.sql(), unseen);
            }
        }
        if (Boolean.getBoolean("lineage.verbose")) {
            LineageText text = new LineageText(catalog);
            subjects.stream().filter(subject -> wider.containsKey(subject.sql())).forEach(subject -> System.out.println("WIDER " + subject.sql() + "\n   " + text.of(subject.lineage()) + "\n   seen " + subject.seen()));
        }
        System.out.printf(
                "lineage against behaviour, PostgreSQL %d, seed %d: %d statements (%d generated), %d runs on changed data, %d of them decisive (%d failed),"
                        + " %d exact, %d wider, %d narrower; %d of %d dependencies of outputs seen%n",
                version.major(), SEED, subjects.size(), GENERATED, runs, decisive, failures, subjects.size() - wider.size(), wider.size(), narrower.size(),
                counts.getOrDefault("pairs", 0) - counts.getOrDefault("unseen", 0), counts.getOrDefault("pairs", 0));
    }
}
