// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collector;

/**
 * Reads a database's whole catalog in one read-only transaction. The pool's connections must be the gateway's own: with its own
 * credentials, and with no parameter that came from a client.
 */
public final class CatalogLoader {
    /** What identifies a state of the catalog. */
    private record State(int serverMajor, String database, String version) {}

    private record Dependencies(Set<Integer> relations, Set<Integer> functions) {
        private static final Dependencies NONE = new Dependencies(Set.of(), Set.of());
    }

    private CatalogLoader() {}

    /** The catalog as it is now. Fails if any part cannot be read: half a catalog would hide what masks must cover. */
    public static Future<Catalog> load(Pool pool) {
        return inTransaction(pool, connection -> state(connection).compose(state -> load(connection, state)));
    }

    /** The {@link Catalog#version} that a load would bring now, much cheaper than the load. */
    public static Future<String> version(Pool pool) {
        return inTransaction(pool, connection -> state(connection).map(State::version));
    }

    private static <T> Future<T> inTransaction(Pool pool, java.util.function.Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(connection -> connection.query(CatalogQueries.BEGIN).execute()
                .compose(begun -> work.apply(connection))
                .compose(
                        result -> connection.query(CatalogQueries.COMMIT).execute().map(result),
                        failure -> connection.query(CatalogQueries.ROLLBACK).execute().transform(rolledBack -> Future.failedFuture(failure))));
    }

    private static Future<State> state(SqlClient connection) {
        return connection.query(CatalogQueries.VERSION).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new State(row.getInteger(0), row.getString(1), row.getString(2));
        });
    }

    private static Future<Catalog> load(SqlClient connection, State state) {
        Map<Integer, Dependencies> dependencies = new HashMap<>();
        List<Relation> relations = new ArrayList<>();
        List<Function> functions = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        Set<Integer> unnamed = new HashSet<>();
        Map<Integer, Set<ColumnId>> columnsRead = new HashMap<>();
        Map<Integer, Upkeep.Builder> upkeep = new HashMap<>();
        return each(connection, CatalogQueries.RULES, row -> dependencies.put(oid(row, 0), new Dependencies(oids(row, 1), oids(row, 2))))
                .compose(read -> each(connection, CatalogQueries.RELATIONS, row -> relations.add(relation(row, dependencies))))
                .compose(read -> each(connection, CatalogQueries.functions(state.serverMajor()), row -> functions.add(function(row))))
                .compose(read -> each(connection, CatalogQueries.types(state.serverMajor()), row -> types.add(type(row))))
                .compose(read -> each(connection, CatalogQueries.UNNAMED_FUNCTIONS, row -> unnamed.add(oid(row, 0))))
                .compose(read -> each(connection, CatalogQueries.COLUMNS_READ, row -> columnsRead.put(oid(row, 0), columns(row))))
                .compose(read -> each(connection, CatalogQueries.UPKEEP, row -> upkeep.computeIfAbsent(oid(row, 0), relation -> new Upkeep.Builder())
                        .add(row.getString(1), oid(row, 2), oid(row, 3), row.getInteger(4))))
                .map(read -> new Catalog(
                        state.database(), state.serverMajor(), state.version(), relations, functions, types, unnamed, columnsRead, built(upkeep)));
    }

    private static Map<Integer, Upkeep> built(Map<Integer, Upkeep.Builder> builders) {
        Map<Integer, Upkeep> upkeep = new HashMap<>();
        builders.forEach((relation, builder) -> upkeep.put(relation, builder.build()));
        return upkeep;
    }

    /** Rows are turned into records as they arrive, so that the event loop never has a whole catalog to go through at once. */
    private static Future<Void> each(SqlClient connection, String sql, Consumer<Row> consumer) {
        Collector<Row, Consumer<Row>, Boolean> feed = Collector.of(() -> consumer, Consumer::accept, (left, right) -> left, all -> true);
        return connection.query(sql).collecting(feed).execute().mapEmpty();
    }

    private static Relation relation(Row row, Map<Integer, Dependencies> dependencies) {
        int oid = oid(row, 0);
        Integer[] numbers = row.getArrayOfIntegers(4);
        List<Column> columns = new ArrayList<>();
        if (numbers != null) {
            String[] names = row.getArrayOfStrings(5);
            Long[] types = row.getArrayOfLongs(6);
            Integer[] modifiers = row.getArrayOfIntegers(7);
            Boolean[] generated = row.getArrayOfBooleans(9);
            for (int i = 0; i < numbers.length; i++) {
                columns.add(new Column(numbers[i], names[i], types[i].intValue(), modifiers[i], generated[i]));
            }
        }
        Dependencies rules = dependencies.getOrDefault(oid, Dependencies.NONE);
        return new Relation(
                oid, row.getString(1), row.getString(2), RelationKind.of(row.getString(3).charAt(0)), columns, list(row, 8), rules.relations(), rules.functions());
    }

    private static Function function(Row row) {
        String language = row.getString(5);
        String source = row.getString(10);
        return new Function(
                oid(row, 0),
                row.getString(1),
                row.getString(2),
                switch (row.getString(3)) {
                    case "f" -> Function.Kind.FUNCTION;
                    case "p" -> Function.Kind.PROCEDURE;
                    case "a" -> Function.Kind.AGGREGATE;
                    case "w" -> Function.Kind.WINDOW;
                    default -> throw new IllegalArgumentException("no kind of function: '" + row.getString(3) + "'");
                },
                list(row, 4),
                language,
                switch (row.getString(6)) {
                    case "i" -> Function.Volatility.IMMUTABLE;
                    case "s" -> Function.Volatility.STABLE;
                    case "v" -> Function.Volatility.VOLATILE;
                    default -> throw new IllegalArgumentException("no volatility: '" + row.getString(6) + "'");
                },
                row.getBoolean(7),
                row.getBoolean(8),
                row.getString(9),
                source,
                source == null ? null : Function.hash(language, source));
    }

    private static DataType type(Row row) {
        DataType.Kind kind = switch (row.getString(3)) {
            case "a" -> DataType.Kind.ARRAY;
            case "b" -> DataType.Kind.BASE;
            case "c" -> DataType.Kind.COMPOSITE;
            case "d" -> DataType.Kind.DOMAIN;
            case "e" -> DataType.Kind.ENUM;
            case "m" -> DataType.Kind.MULTIRANGE;
            case "p" -> DataType.Kind.PSEUDO;
            case "r" -> DataType.Kind.RANGE;
            default -> throw new IllegalArgumentException("no kind of type: '" + row.getString(3) + "'");
        };
        return new DataType(oid(row, 0), row.getString(1), row.getString(2), kind, row.getString(4).charAt(0), oid(row, 5), row.getInteger(6));
    }

    private static Set<ColumnId> columns(Row row) {
        Set<ColumnId> columns = new HashSet<>();
        Long[] relations = row.getArrayOfLongs(1);
        Integer[] numbers = row.getArrayOfIntegers(2);
        for (int i = 0; i < relations.length; i++) {
            if (relations[i] != null) {
                columns.add(new ColumnId(relations[i].intValue(), numbers[i]));
            }
        }
        return columns;
    }

    private static int oid(Row row, int position) {
        return row.getLong(position).intValue();
    }

    private static List<Integer> list(Row row, int position) {
        Long[] values = row.getArrayOfLongs(position);
        List<Integer> oids = new ArrayList<>();
        if (values != null) {
            for (Long value : values) {
                oids.add(value.intValue());
            }
        }
        return oids;
    }

    private static Set<Integer> oids(Row row, int position) {
        return new HashSet<>(list(row, position));
    }
}
