// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import dev.sluice.gateway.impact.Reached.Change;
import dev.sluice.gateway.impact.Reached.ForeignKey;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the catalog tells: the tables themselves, what changes along with them, what fires, what is locked, what depends on them. */
final class SchemaLook {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "truncate", "drop", "alter");

    /** A relation that the statement names, as the session's search_path resolves it. */
    record Named(long oid, String name, String kind, String access, boolean hasRules, boolean policyCalls, boolean hidden, boolean rowSecurity) {}

    private final GatewayConnection connection;
    private final StatementHeld held;
    private final @Nullable Shape shape;
    private final Catalog catalog;
    private final Findings findings;
    private final List<Named> named = new ArrayList<>();

    SchemaLook(GatewayConnection connection, StatementHeld held, @Nullable Shape shape, Catalog catalog, Findings findings) {
        this.connection = connection;
        this.held = held;
        this.shape = shape;
        this.catalog = catalog;
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
        if (shape.changesRows() || shape.node().equals("TruncateStmt")) {
            reached(shape, changed);
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
                findings.missing("the session's search_path leads to no relation " + name + " that others can see", "tables");
            } else {
                oids.put(relation, oid);
            }
        }
        Map<Long, Row> rows = new HashMap<>();
        ask(ImpactQueries.TABLES, Tuple.tuple().addValue(array(oids.values()))).forEach(row -> rows.put(row.getLong(0), row));
        oids.forEach((relation, oid) -> {
            Row row = rows.get(oid);
            if (row != null) {
                var each = new Named(oid, row.getString(1), kind(row.getString(2)), relation.access(), row.getBoolean(5), row.getBoolean(6), row.getBoolean(7), row.getBoolean(8));
                named.add(each);
                findings.tables.add(new Impact.Table(
                        each.name, each.kind, each.access, row.getLong(3), row.getLong(4), writes(oid, relation.access()), reads(oid, relation.access())));
            }
        });
    }

    private List<String> writes(long oid, String access) {
        return shape == null || !(access.equals("update") || access.equals("insert")) ? List.of() : shape.written().stream().filter(name -> has(oid, name)).toList();
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
        if (mode != null) {
            named.stream()
                    .filter(each -> reads || !each.access.equals("read"))
                    .map(each -> new Impact.Lock(each.name, mode, TableLocks.blocks(mode)))
                    .distinct()
                    .forEach(findings.locks::add);
        } else if (!statement.node().startsWith("Create") && !statement.node().equals("SelectStmt")) {
            findings.missing("the locks of this kind of statement are not known to the gateway", "locks");
        }
        findings.rewrite = TableLocks.rewrite(statement);
    }

    private void reached(Shape statement, List<Long> changed) {
        try {
            var reached = new Reached(ask(ImpactQueries.FOREIGN_KEYS, Tuple.tuple()).stream().map(SchemaLook::foreignKey).toList(), statement.cascades());
            for (Named each : named) {
                if (changed.contains(each.oid) && !each.access.equals("read")) {
                    reached.from(each.oid, Change.valueOf(each.access.toUpperCase(java.util.Locale.ROOT)), numbers(each.oid, statement.written()));
                }
            }
            findings.cascades.addAll(reached.cascades());
            if (!reached.whole()) {
                findings.missing("there are more of them", "cascades");
            }
            String mode = statement.node().equals("TruncateStmt") ? TableLocks.ACCESS_EXCLUSIVE : TableLocks.ROW_EXCLUSIVE;
            reached.names().forEach((oid, name) -> findings.locks.add(new Impact.Lock(name, mode, TableLocks.blocks(mode))));
            triggers(reached);
        } catch (NotAnswered | IllegalArgumentException failed) {
            findings.missing(String.valueOf(failed.getMessage()), "cascades", "triggers");
        }
    }

    private void triggers(Reached reached) throws NotAnswered {
        for (Row row : ask(ImpactQueries.TRIGGERS, Tuple.tuple().addValue(array(reached.changes().keySet())))) {
            int type = row.getInteger(3);
            Set<Integer> columns = numbers(row.getArrayOfIntegers(4));
            for (Change change : new TreeSet<>(reached.changes().getOrDefault(row.getLong(0), Set.of()))) {
                boolean fires = (type & bit(change)) != 0
                        && (change != Change.UPDATE || columns.isEmpty() || !java.util.Collections.disjoint(columns, reached.updated(row.getLong(0))));
                if (fires) {
                    String when = (type & 2) != 0 ? "BEFORE" : (type & 64) != 0 ? "INSTEAD OF" : "AFTER";
                    findings.triggers.add(new Impact.Trigger(
                            row.getString(1), row.getString(2), when + " " + change + " FOR EACH " + ((type & 1) != 0 ? "ROW" : "STATEMENT"), row.getString(5)));
                }
            }
        }
    }

    /** TRIGGER_TYPE_* of pg_trigger.h. */
    private static int bit(Change change) {
        return switch (change) {
            case INSERT -> 4;
            case DELETE -> 8;
            case UPDATE -> 16;
            case TRUNCATE -> 32;
        };
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

    private static ForeignKey foreignKey(Row row) {
        return new ForeignKey(
                row.getString(0), row.getLong(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5), row.getString(6),
                numbers(row.getArrayOfIntegers(7)), numbers(row.getArrayOfIntegers(8)), row.getLong(9));
    }

    private static Set<Integer> numbers(Integer @Nullable [] values) {
        return values == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(values));
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
