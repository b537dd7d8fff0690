// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.impact.GatewayConnection.NotAnswered;
import dev.sluice.gateway.impact.Reached.Change;
import dev.sluice.gateway.impact.Reached.ForeignKey;
import dev.sluice.gateway.impact.SchemaLook.Named;
import dev.sluice.gateway.statement.ParseTree;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.schemas.event.Impact;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens to other tables when rows change: through views to the tables behind, to partitions and heirs, along foreign keys; and what fires there. */
final class RowChanges {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_VIEWS = 10;
    private static final Set<String> ACCESSES = Set.of("insert", "update", "delete", "truncate");

    private final GatewayConnection connection;
    private final StatementReader reader;
    private final Catalog catalog;
    private final Family family;
    private final Shape statement;
    private final Findings findings;

    RowChanges(GatewayConnection connection, StatementReader reader, Catalog catalog, Family family, Shape statement, Findings findings) {
        this.connection = connection;
        this.reader = reader;
        this.catalog = catalog;
        this.family = family;
        this.statement = statement;
        this.findings = findings;
    }

    static boolean areMade(Named relation) {
        return ACCESSES.contains(relation.access());
    }

    void look(List<Named> named) {
        try {
            List<ForeignKey> keys = ask(ImpactQueries.FOREIGN_KEYS, Tuple.tuple()).stream().map(RowChanges::foreignKey).toList();
            if (keys.size() > ImpactQueries.MOST_KEYS) {
                findings.missing("there are more of them: only " + ImpactQueries.MOST_KEYS + " foreign keys of the database are followed", "cascades", "triggers", "locks");
            }
            var reached = new Reached(keys, statement.cascades(), family);
            for (Named each : named) {
                if (areMade(each)) {
                    follow(each, reached);
                }
            }
            findings.cascades.addAll(reached.cascades());
            if (!reached.whole()) {
                findings.missing("there are more of them", "cascades");
            }
            if (!reached.everywhere()) {
                findings.missing("there are more of them: not every table that changes along could be followed", "cascades", "triggers", "locks");
            }
            reached.names().values().forEach(this::lock);
            triggers(reached);
            moves(reached);
        } catch (NotAnswered | IllegalArgumentException failed) {
            findings.missing(String.valueOf(failed.getMessage()), "cascades", "triggers", "locks");
        }
    }

    private void lock(String table) {
        String mode = statement.node().equals("TruncateStmt") ? TableLocks.ACCESS_EXCLUSIVE : TableLocks.ROW_EXCLUSIVE;
        findings.lock(new Impact.Lock(table, mode, TableLocks.blocks(mode)));
    }

    /** From what the statement names to the table whose rows change. */
    private void follow(Named named, Reached reached) throws NotAnswered {
        Change change = Change.valueOf(named.access().toUpperCase(Locale.ROOT));
        Relation relation = catalog.relation((int) named.oid());
        Set<String> columns = named.written();
        for (int views = 0; relation != null && relation.kind() == RelationKind.VIEW; views++) {
            Behind behind = views < MOST_VIEWS ? behind(relation, change, columns, reached) : null;
            if (behind == null) {
                return;
            }
            relation = behind.relation;
            columns = behind.columns;
            lock(Family.shown(relation));
        }
        if (relation == null) {
            findings.missing("the gateway does not know " + named.name() + " yet", "cascades", "triggers", "locks");
            return;
        }
        if (relation.kind() == RelationKind.FOREIGN_TABLE) {
            findings.missing(Family.shown(relation) + " is a table of another server, and what happens there is not seen from here", "cascades", "triggers", "locks");
        }
        if (about(relation, change).stream().anyMatch(row -> row.getBoolean(0))) {
            findings.missing("rules rewrite what is done to " + Family.shown(relation) + "; what they do instead or besides is not looked into", "cascades", "triggers", "locks");
        }
        reached.from(Integer.toUnsignedLong(relation.oid()), change, numbers(relation, columns), named.only());
    }

    private record Behind(Relation relation, Set<String> columns) {}

    /** The table or view whose rows change when those of a view do; null, and said, where that is not known. */
    private @Nullable Behind behind(Relation view, Change change, Set<String> columns, Reached reached) throws NotAnswered {
        String name = Family.shown(view);
        List<Row> rows = about(view, change);
        Row row = rows.isEmpty() ? null : rows.getFirst();
        String reason = null;
        Behind behind = null;
        if (row == null) {
            reason = "the view " + name + " is not there any more";
        } else if (row.getBoolean(0)) {
            reason = "rules of the view " + name + " say what is done instead, and that is not looked into";
        } else if (row.getBoolean(1)) {
            reached.from(Integer.toUnsignedLong(view.oid()), change, numbers(view, columns), true);
            findings.missing("a trigger of the view " + name + " acts instead, and what it does is not looked into", "cascades", "locks");
            return null;
        } else if (!row.getBoolean(2)) {
            reason = "PostgreSQL does not change rows through the view " + name;
        } else {
            behind = simple(Answers.await(reader.tree(row.getString(3))), columns);
            reason = "which table is behind the view " + name + " could not be told";
        }
        if (behind == null) {
            findings.missing(reason, "cascades", "triggers", "locks");
        }
        return behind;
    }

    private List<Row> about(Relation relation, Change change) throws NotAnswered {
        return ask(ImpactQueries.VIEW, Tuple.of(Integer.toUnsignedLong(relation.oid()), change.triggerBit(), change.updatableBit()));
    }

    /** A query of one relation, as a view has that PostgreSQL changes rows through. */
    private @Nullable Behind simple(JsonNode tree, Set<String> columns) {
        Shape query = Shape.of(tree);
        JsonNode from = query == null ? tree : query.fields().path("fromClause");
        JsonNode range = from.path(0).path("RangeVar");
        String schema = range.path("schemaname").textValue();
        if (query == null || from.size() != 1 || schema == null) {
            return null;
        }
        Relation relation = catalog.relation(schema, range.path("relname").asText());
        Set<String> behind = new HashSet<>();
        for (JsonNode item : query.fields().path("targetList")) {
            List<String> path = ParseTree.names(item.path("ResTarget").path("val").path("ColumnRef").path("fields"));
            if (!path.isEmpty() && columns.contains(item.path("ResTarget").path("name").asText(path.getLast()))) {
                behind.add(path.getLast());
            }
        }
        return relation == null || behind.size() != columns.size() ? null : new Behind(relation, behind);
    }

    private void triggers(Reached reached) throws NotAnswered {
        for (Row row : ask(ImpactQueries.TRIGGERS, Tuple.tuple().addValue(array(reached.changes().keySet())))) {
            long table = row.getLong(0);
            int type = row.getInteger(3);
            boolean eachRow = (type & 1) != 0;
            Set<Integer> columns = numbers(row.getArrayOfIntegers(4));
            for (Change change : new TreeSet<>(reached.changes().getOrDefault(table, Set.of()))) {
                boolean fires = (type & change.triggerBit()) != 0
                        && (eachRow || change == Change.TRUNCATE || reached.isWhole(table))
                        && (change != Change.UPDATE || columns.isEmpty() || !Collections.disjoint(columns, reached.updated(table)));
                if (fires) {
                    String when = (type & 2) != 0 ? "BEFORE" : (type & 64) != 0 ? "INSTEAD OF" : "AFTER";
                    findings.triggers.add(new Impact.Trigger(
                            row.getString(1), row.getString(2), when + " " + change + " FOR EACH " + (eachRow ? "ROW" : "STATEMENT"), row.getString(5)));
                }
            }
        }
    }

    /** An update of what a table is partitioned by deletes rows in one partition and inserts them in another. */
    private void moves(Reached reached) throws NotAnswered {
        for (Row row : ask(ImpactQueries.PARTITION_KEYS, Tuple.tuple().addValue(array(reached.changes().keySet())))) {
            Set<Integer> keys = numbers(row.getArrayOfIntegers(1));
            Set<Integer> updated = reached.updated(row.getLong(0));
            if (!updated.isEmpty() && (keys.contains(0) || !Collections.disjoint(keys, updated))) {
                findings.missing("rows may move to other partitions, and what fires because they are deleted here and inserted there is not among them", "triggers");
                return;
            }
        }
    }

    private static Set<Integer> numbers(Relation relation, Set<String> columns) {
        return relation.columns().stream().filter(column -> columns.contains(column.name())).map(Column::number).collect(Collectors.toSet());
    }

    private static Set<Integer> numbers(Integer @Nullable [] values) {
        return values == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(values));
    }

    private static Long[] array(Set<Long> oids) {
        return oids.toArray(new Long[0]);
    }

    private List<Row> ask(String sql, Tuple parameters) throws NotAnswered {
        return connection.asGateway(LIMIT, sql, parameters);
    }

    private static ForeignKey foreignKey(Row row) {
        return new ForeignKey(
                row.getString(0), row.getLong(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5), row.getString(6),
                numbers(row.getArrayOfIntegers(7)), numbers(row.getArrayOfIntegers(8)), row.getLong(9), row.getBoolean(10));
    }
}
