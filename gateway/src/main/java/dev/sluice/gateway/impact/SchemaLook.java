// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the catalog tells: the tables themselves, what changes along with them, what fires, what is locked, what depends on them. */
final class SchemaLook {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "truncate", "drop", "alter");

    /** A relation that the statement names, as the session's search_path resolves it. */
    record Named(long oid, String name, String kind, String access, Set<String> written, boolean only, boolean hasRules, boolean policyCalls, boolean hidden, boolean rowSecurity) {}

    private final GatewayConnection connection;
    private final StatementReader reader;
    private final StatementHeld held;
    private final @Nullable Shape shape;
    private final Catalog catalog;
    private final Family family;
    private final Findings findings;
    private final List<Named> named = new ArrayList<>();

    SchemaLook(
            GatewayConnection connection, StatementReader reader, StatementHeld held, @Nullable Shape shape, Catalog catalog, Descendants descendants, Findings findings) {
        this.connection = connection;
        this.reader = reader;
        this.held = held;
        this.shape = shape;
        this.catalog = catalog;
        this.family = Family.of(catalog, descendants);
        this.findings = findings;
    }

    void look() {
        try {
            tables();
        } catch (NotAnswered failed) {
            findings.missing(failed.getMessage(), "tables", "cascades", "triggers", "locks", "dependents");
            return;
        }
        if (shape == null) {
            findings.missing("the text has several statements, or none", "cascades", "triggers", "locks", "dependents");
            return;
        }
        List<Long> changed = named.stream().filter(each -> CHANGES.contains(each.access)).map(Named::oid).distinct().toList();
        locks(shape);
        if (named.stream().anyMatch(RowChanges::areMade)) {
            new RowChanges(connection, reader, catalog, family, shape, findings).look(named);
        } else {
            dependents(shape, changed);
        }
    }

    /** The relations that were found, in the order in which the statement names them. */
    List<Named> named() {
        return named;
    }

    private void tables() throws NotAnswered {
        Map<RelationAccess, Long> oids = new LinkedHashMap<>();
        String path = held.searchPath();
        for (RelationAccess relation : held.facts().relations()) {
            String name = (relation.schema() == null ? "" : ParameterText.quoted(relation.schema()) + ".") + ParameterText.quoted(relation.name());
            List<Row> found = connection.asSession(LIMIT, held.role(), path == null ? "pg_catalog" : path, ImpactQueries.RESOLVE, Tuple.of(name));
            Long oid = found.isEmpty() ? null : found.getFirst().getLong(0);
            if (oid == null) {
                String[] parts = relation.access().equals("read") ? new String[] {"tables"} : new String[] {"tables", "cascades", "triggers", "locks", "dependents"};
                findings.missing("the session's search_path leads to no relation " + name + " that others can see", parts);
            } else {
                oids.put(relation, oid);
            }
        }
        Map<Long, Row> rows = new HashMap<>();
        ask(ImpactQueries.TABLES, Tuple.tuple().addValue(array(oids.values()))).forEach(row -> rows.put(row.getLong(0), row));
        oids.forEach((relation, oid) -> {
            Row row = rows.get(oid);
            if (row != null) {
                Set<String> written = shape == null ? Set.of() : shape.written().columns(relation.schema(), relation.name(), relation.access());
                boolean only = shape != null && shape.written().only(relation.schema(), relation.name(), relation.access());
                var each = new Named(
                        oid, row.getString(1), kind(row.getString(2)), relation.access(), written, only, row.getBoolean(5), row.getBoolean(6), row.getBoolean(7), row.getBoolean(8));
                named.add(each);
                findings.tables.add(new Impact.Table(
                        each.name, each.kind, each.access, row.getLong(3), row.getLong(4), written.stream().filter(name -> has(oid, name)).toList(), reads(oid, relation.access())));
            }
        });
    }

    private List<String> reads(long oid, String access) {
        Relation relation = catalog.relation((int) oid);
        if (shape == null || relation == null || access.equals("insert")) {
            return List.of();
        }
        return relation.columns().stream().map(Column::name).filter(name -> shape.everyColumn() || shape.named().contains(name)).toList();
    }

    private boolean has(long oid, String column) {
        Relation relation = catalog.relation((int) oid);
        return relation != null && relation.column(column) != null;
    }

    private void locks(Shape statement) {
        String mode = TableLocks.mode(statement);
        boolean reads = mode != null && mode.equals(TableLocks.ROW_SHARE);
        for (Named each : named) {
            String own = RowChanges.areMade(each) && !statement.node().equals("TruncateStmt") ? TableLocks.ROW_EXCLUSIVE : mode;
            if (own != null && (reads || !each.access.equals("read"))) {
                lock(each.name, own);
                if (TableLocks.coversParts(statement) && !each.only) {
                    family.below(each.oid, true, Set.of()).forEach(part -> lock(part.name(), own));
                }
                if (reads && each.kind.equals("view")) {
                    findings.missing("the tables behind the view " + each.name + " are locked too", "locks");
                }
            }
        }
        boolean known = mode != null || statement.node().startsWith("Create") || statement.node().equals("SelectStmt");
        if (!known) {
            findings.missing("the locks of this kind of statement are not known to the gateway", "locks");
        }
        findings.rewrite = TableLocks.rewrite(statement);
    }

    private void lock(String table, String mode) {
        findings.lock(new Impact.Lock(table, mode, TableLocks.blocks(mode)));
    }

    private void dependents(Shape statement, List<Long> changed) {
        if (changed.isEmpty()) {
            if (statement.node().equals("DropStmt")) {
                findings.missing("only what depends on tables and views is looked up", "dependents");
            }
            return;
        }
        try {
            Set<Integer> columns = new LinkedHashSet<>();
            if (statement.node().equals("AlterTableStmt")) {
                for (long oid : changed) {
                    columns.addAll(numbers(oid, statement.named()));
                }
            }
            boolean matters = statement.node().equals("DropStmt") || !columns.isEmpty();
            if (matters) {
                ask(ImpactQueries.DEPENDENTS, Tuple.tuple().addValue(array(changed)).addValue(columns.toArray(new Integer[0])))
                        .forEach(row -> findings.dependents.add(new Impact.Dependent(row.getString(0), row.getString(1))));
            }
        } catch (NotAnswered failed) {
            findings.missing(failed.getMessage(), "dependents");
        }
    }

    private Set<Integer> numbers(long oid, Set<String> columns) {
        Relation relation = catalog.relation((int) oid);
        return relation == null
                ? Set.of()
                : relation.columns().stream().filter(column -> columns.contains(column.name())).map(Column::number).collect(Collectors.toSet());
    }

    private List<Row> ask(String sql, Tuple parameters) throws NotAnswered {
        return connection.asGateway(LIMIT, sql, parameters);
    }

    private static Long[] array(java.util.Collection<Long> oids) {
        return oids.toArray(new Long[0]);
    }

    private static String kind(String relkind) {
        return switch (relkind) {
            case "r" -> "table";
            case "p" -> "partitioned table";
            case "v" -> "view";
            case "m" -> "materialized view";
            case "f" -> "foreign table";
            case "S" -> "sequence";
            case "i", "I" -> "index";
            default -> "relation";
        };
    }
}
