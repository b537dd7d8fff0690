// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes statements over the tests' schema that always run: total functions only, every construct nested in every other. The same seed makes the same. */
final class StatementGrammar {
    private static final int DEEPEST = 3;

    private enum Type {
        TEXT,
        INTEGER,
        BOOLEAN
    }

    private record Column(String name, Type type) {}

    private record Table(String name, List<Column> columns) {}

    private record Source(String alias, List<Column> columns) {}

    private static final List<Table> TABLES = List.of(
            new Table("customers", List.of(integer("id"), text("name"), text("ssn"), text("city"), integer("manager"), bool("active"))),
            new Table("orders", List.of(integer("id"), integer("customer"), text("note"), text("kind"))),
            new Table("items", List.of(integer("order_id"), integer("line"), text("sku"), integer("qty"))),
            new Table("staff", List.of(integer("id"), integer("boss"), text("name"), integer("salary"), text("secret"))),
            new Table("notes", List.of(integer("id"), text("owner"), text("body"), integer("rank"))),
            new Table("guarded", List.of(integer("id"), integer("owner"), text("word"))),
            new Table("customer_cards", List.of(integer("card"), text("label"), text("tail"), text("city"))),
            new Table("big_orders", List.of(integer("id"), text("name"), text("ssn"))));

    private final Random random;
    private int names;

    StatementGrammar(long seed) {
        this.random = new Random(seed);
    }

    private static Column text(String name) {
        return new Column(name, Type.TEXT);
    }

    private static Column integer(String name) {
        return new Column(name, Type.INTEGER);
    }

    private static Column bool(String name) {
        return new Column(name, Type.BOOLEAN);
    }

    /** The next statement. */
    String next() {
        names = 0;
        return switch (random.nextInt(12)) {
            case 0 -> "with " + commonTable("c") + " select c.v0, x.name from c left join customers x on x.id = length(c.v0::text)";
            case 1 -> "insert into notes (id, body, rank) select 100 + row_number() over ()::int, s.v0::text, 1 from (" + query(1, List.of()) + ") s returning body";
            case 2 -> "update notes set body = (" + value(Type.TEXT, List.of(source("notes", TABLES.get(4))), 1) + ") where "
                    + value(Type.BOOLEAN, List.of(source("notes", TABLES.get(4))), 1) + " returning id, body";
            case 3 -> "delete from notes where " + value(Type.BOOLEAN, List.of(source("notes", TABLES.get(4))), 1) + " returning owner";
            default -> query(0, List.of());
        };
    }

    private String commonTable(String name) {
        return name + (chance(2) ? " as materialized (" : " as (") + query(1, List.of()) + ")";
    }

    private static Source source(String alias, Table table) {
        return new Source(alias, table.columns());
    }

    /** A query whose first column is called v0, that may refer to what is outside. */
    private String query(int depth, List<Source> outer) {
        if (depth < DEEPEST && chance(8)) {
            String operator = pick(List.of("union", "union all", "intersect", "except", "except all"));
            return "(" + simple(depth + 1, outer, 1, true) + ") " + operator + " (" + simple(depth + 1, outer, 1, true) + ")";
        }
        return simple(depth, outer, 1 + random.nextInt(3), false);
    }

    private String simple(int depth, List<Source> outer, int width, boolean asText) {
        List<Source> own = new ArrayList<>();
        StringBuilder from = new StringBuilder(fromItem(depth, own));
        while (own.size() < 3 && chance(2)) {
            String join = pick(List.of("join", "left join", "join"));
            String next = fromItem(depth, own);
            from.append(' ').append(join).append(' ').append(next).append(" on ").append(joinCondition(own));
        }
        List<Source> all = new ArrayList<>(own);
        all.addAll(outer);
        String where = chance(2) ? " where " + value(Type.BOOLEAN, all, depth + 1) : "";
        return chance(4)
                ? grouped(from.toString(), where, all, own, width, asText)
                : plain(from.toString(), where, all, own, width, depth, asText);
    }

    private String plain(String from, String where, List<Source> all, List<Source> own, int width, int depth, boolean asText) {
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            String target = asText ? value(Type.TEXT, all, depth) : value(anyType(), all, depth);
            if (chance(10) && depth == 0) {
                target = pick(List.of("row_number() over (order by %s, %s)", "count(*) over (partition by %s)", "max(%s) over (order by %s)"))
                        .replaceFirst("%s", column(Type.TEXT, own)).replaceFirst("%s", column(Type.INTEGER, own));
                target = asText ? "(" + target + ")::text" : target;
            }
            targets.add(target + " as v" + i);
        }
        String distinct = chance(8) ? "distinct " : "";
        String order = distinct.isEmpty() && chance(5) ? " order by " + column(anyType(), own) + ", 1" + (chance(2) ? " limit 2" : "") : "";
        return "select " + distinct + String.join(", ", targets) + " from " + from + where + order;
    }

    private String grouped(String from, String where, List<Source> all, List<Source> own, int width, boolean asText) {
        String key = chance(2) ? column(Type.TEXT, own) : "left(" + column(Type.TEXT, own) + ", 1)";
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            String aggregate = switch (random.nextInt(6)) {
                case 0 -> "count(*)";
                case 1 -> "max(" + value(Type.TEXT, all, DEEPEST) + ")";
                case 2 -> "sum(" + value(Type.INTEGER, all, DEEPEST) + ")";
                case 3 -> "count(*) filter (where " + value(Type.BOOLEAN, all, DEEPEST) + ")";
                case 4 -> "string_agg(" + value(Type.TEXT, all, DEEPEST) + ", ',' order by " + column(Type.TEXT, own) + ", " + column(Type.INTEGER, own) + ")";
                default -> key;
            };
            targets.add("(" + aggregate + ")" + (asText ? "::text" : "") + " as v" + i);
        }
        String having = chance(3) ? " having " + pick(List.of("count(*) > 1", "max(" + column(Type.INTEGER, own) + ") > 2")) : "";
        return "select " + String.join(", ", targets) + " from " + from + where + " group by " + key + having;
    }

    private String fromItem(int depth, List<Source> own) {
        String alias = "t" + names++;
        if (depth < DEEPEST && chance(5)) {
            boolean lateral = !own.isEmpty() && chance(2);
            String query = query(depth + 1, lateral ? List.copyOf(own) : List.of());
            own.add(new Source(alias, List.of(text("w"))));
            return (lateral ? "lateral " : "") + "(select q.v0::text as w from (" + query + ") q) " + alias;
        }
        Table table = pick(TABLES);
        own.add(source(alias, table));
        return table.name() + " " + alias;
    }

    private String joinCondition(List<Source> own) {
        return chance(3) ? column(Type.TEXT, own) + " < " + column(Type.TEXT, own) : column(Type.INTEGER, own) + " = " + column(Type.INTEGER, own.subList(own.size() - 1, own.size()));
    }

    private String value(Type type, List<Source> sources, int depth) {
        if (depth >= DEEPEST || chance(3)) {
            return column(type, sources);
        }
        return switch (type) {
            case TEXT -> switch (random.nextInt(9)) {
                case 0 -> "upper(" + value(Type.TEXT, sources, depth + 1) + ")";
                case 1 -> "(" + value(Type.TEXT, sources, depth + 1) + " || " + value(Type.TEXT, sources, depth + 1) + ")";
                case 2 -> "case when " + value(Type.BOOLEAN, sources, depth + 1) + " then " + value(Type.TEXT, sources, depth + 1) + " else 'other' end";
                case 3 -> "coalesce(" + value(Type.TEXT, sources, depth + 1) + ", " + value(Type.TEXT, sources, depth + 1) + ")";
                case 4 -> "(" + value(Type.INTEGER, sources, depth + 1) + ")::text";
                case 5 -> "left(" + value(Type.TEXT, sources, depth + 1) + ", 2)";
                case 6 -> "(select max(s.v0::text) from (" + query(depth + 1, sources) + ") s)";
                case 7 -> "nullif(" + value(Type.TEXT, sources, depth + 1) + ", 'Ada')";
                default -> "greatest(" + value(Type.TEXT, sources, depth + 1) + ", " + value(Type.TEXT, sources, depth + 1) + ")";
            };
            case INTEGER -> switch (random.nextInt(5)) {
                case 0 -> "length(" + value(Type.TEXT, sources, depth + 1) + ")";
                case 1 -> "(" + value(Type.INTEGER, sources, depth + 1) + " + 1)";
                case 2 -> "(select count(*)::int from (" + query(depth + 1, sources) + ") s)";
                case 3 -> "case when " + value(Type.BOOLEAN, sources, depth + 1) + " then 1 else 2 end";
                default -> "coalesce(" + value(Type.INTEGER, sources, depth + 1) + ", 0)";
            };
            case BOOLEAN -> switch (random.nextInt(7)) {
                case 0 -> value(Type.TEXT, sources, depth + 1) + " like '%a%'";
                case 1 -> value(Type.INTEGER, sources, depth + 1) + " > 2";
                case 2 -> "(" + value(Type.BOOLEAN, sources, depth + 1) + pick(List.of(" and ", " or ")) + value(Type.BOOLEAN, sources, depth + 1) + ")";
                case 3 -> "exists (" + query(depth + 1, sources) + ")";
                case 4 -> value(Type.TEXT, sources, depth + 1) + " in (select s.v0::text from (" + query(depth + 1, sources) + ") s)";
                case 5 -> value(Type.TEXT, sources, depth + 1) + " is not null";
                default -> value(Type.INTEGER, sources, depth + 1) + " = " + value(Type.INTEGER, sources, depth + 1);
            };
        };
    }

    private String column(Type type, List<Source> sources) {
        List<String> fitting = new ArrayList<>();
        for (Source source : sources) {
            source.columns().stream().filter(column -> column.type() == type).forEach(column -> fitting.add(source.alias() + "." + column.name()));
        }
        if (!fitting.isEmpty()) {
            return pick(fitting);
        }
        return switch (type) {
            case TEXT -> "'constant'";
            case INTEGER -> "7";
            case BOOLEAN -> "(" + column(Type.INTEGER, sources) + " > 2)";
        };
    }

    private Type anyType() {
        return Type.values()[random.nextInt(Type.values().length)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
