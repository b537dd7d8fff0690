// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A list in pages. A page begins behind the last row of the one before, found by that row's sort key: no row is shown twice or left out
 * while others are added, and the thousandth page costs what the first does.
 *
 * @param columns what is selected
 * @param key what it is sorted by; together it tells rows apart
 * @param descending for all of the key
 * @param size in SQL, the bytes of a row that may be large; a page has no row that begins behind its first {@value #PAGE_BYTES} of them
 */
record Listing(String table, String columns, List<Key> key, boolean descending, String size) {
    private static final int PAGE_BYTES = 4 * 1024 * 1024;
    private static final String BEHIND = "pagebehind";
    private static final String THERE = "pagethere";
    private static final String WRONG_CURSOR = "cursor: not one that this list has given out";

    /** Of rows that are all small. */
    Listing(String table, String columns, List<Key> key, boolean descending) {
        this(table, columns, key, descending, "0");
    }

    /**
     * A part of a sort key.
     *
     * @param expression in SQL, never null
     * @param name of the same value in the row's JSON; where it is absent there, the value is -1
     * @param kind how the value travels in a cursor
     */
    record Key(String expression, String name, Kind kind) {
        enum Kind { TEXT, TIME, INTEGER, BIGINT }

        static Key text(String column, String name) {
            return new Key(column, name, Kind.TEXT);
        }

        static Key time(String column, String name) {
            return new Key(column, name, Kind.TIME);
        }
    }

    Future<Page> page(Pool pool, Where where, @Nullable String cursor, int limit) {
        String sql = bounded("SELECT " + columns + " FROM " + table + behind(where, cursor) + inOrder() + " LIMIT " + (limit + 1));
        return rows(pool, sql, where).map(items -> page(items, limit));
    }

    /** Those of the rows of {@code sql}, in their order, that begin within the first {@value #PAGE_BYTES} bytes: at least one. */
    String bounded(String sql) {
        return "SELECT * FROM (SELECT p.*, sum(" + size + ") OVER (" + inOrder() + ") - " + size + " AS " + BEHIND + ", count(*) OVER () AS " + THERE
                + " FROM (" + sql + ") p) b WHERE " + BEHIND + " < " + PAGE_BYTES + inOrder();
    }

    /** Whether {@link #bounded} has left out some of the rows that it gave these for. */
    static boolean isCut(List<JsonObject> items) {
        return !items.isEmpty() && items.getFirst().getLong(THERE, 0L) > items.size();
    }

    /** Adds that rows come behind the cursor's; nothing for no cursor. */
    Where behind(Where where, @Nullable String cursor) {
        return cursor == null ? where : where.behind(key.stream().map(Key::expression).toList(), descending ? "<" : ">", values(cursor));
    }

    /** The end of a query of these rows. */
    String inOrder() {
        String direction = descending ? " DESC" : "";
        return key.stream().map(part -> part.expression() + direction).collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    static Future<List<JsonObject>> rows(Pool pool, String sql, Where where) {
        return pool.preparedQuery(sql).execute(where.values()).map(rows -> {
            List<JsonObject> items = new ArrayList<>(rows.size());
            rows.forEach(row -> items.add(RowJson.of(row)));
            return items;
        });
    }

    /** The first {@code limit} of {@code items}; where there are more, with the cursor that goes on behind them. */
    Page page(List<JsonObject> items, int limit) {
        return page(items, limit, isCut(items));
    }

    /** As {@link #page(List, int)}; {@code cut} where there are more behind {@code items}. */
    Page page(List<JsonObject> items, int limit, boolean cut) {
        boolean more = cut || items.size() > limit;
        List<JsonObject> shown = items.size() > limit ? items.subList(0, limit) : items;
        shown.forEach(item -> {
            item.remove(BEHIND);
            item.remove(THERE);
        });
        return new Page(List.copyOf(shown), more ? cursor(shown.getLast()) : null);
    }

    /** Names the key too: a cursor of one order is no place in another. */
    private String cursor(JsonObject last) {
        var values = new JsonArray().add(order());
        for (Key part : key) {
            values.add(last.getValue(part.name(), -1));
        }
        return Page.cursor(values);
    }

    private String order() {
        return key.getFirst().name() + (descending ? "-" : "+");
    }

    /** The values of the key that a cursor stands for, the first first. */
    List<Object> values(String cursor) {
        JsonArray given = Page.parse(cursor, key.size() + 1);
        if (!order().equals(given.getValue(0))) {
            throw new IllegalArgumentException(WRONG_CURSOR);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            values.add(value(key.get(i).kind(), given.getValue(i + 1)));
        }
        return values;
    }

    private static Object value(Key.Kind kind, Object given) {
        return switch (kind) {
            case TEXT -> text(given);
            case TIME -> time(text(given));
            case INTEGER -> number(given).intValue();
            case BIGINT -> number(given).longValue();
        };
    }

    private static String text(Object given) {
        if (given instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(WRONG_CURSOR);
    }

    private static OffsetDateTime time(String text) {
        try {
            return Instant.parse(text).atOffset(ZoneOffset.UTC);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException(WRONG_CURSOR, e);
        }
    }

    private static Number number(Object given) {
        if (given instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException(WRONG_CURSOR);
    }
}
