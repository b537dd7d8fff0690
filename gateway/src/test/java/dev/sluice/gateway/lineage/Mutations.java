// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.ColumnId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ways to change one column's values and nothing else: each rewrites its table row by row in the same order, so that only the values differ. */
final class Mutations {
    private static final Map<String, List<String>> BY_TYPE = Map.ofEntries(
            Map.entry("text", List.of("reverse(%s)", "%s || 'z'", "'9' || %s", "null", "upper(%s)", "first_value(%s) over (order by ord)")),
            Map.entry("varchar", List.of("reverse(%s)", "'9' || right(%s, 5)", "null")),
            Map.entry("email_address", List.of("'x' || %s", "null")),
            Map.entry("int4", List.of("%s + 1", "-%s", "%s + 1000", "null", "lag(%s) over (order by ord)", "%s % 2")),
            Map.entry("numeric", List.of("%s + 1", "-%s", "null", "%s / 7")),
            Map.entry("float8", List.of("%s + 1", "null")),
            Map.entry("date", List.of("%s + 400", "null")),
            Map.entry("timestamptz", List.of("%s + interval '40 days'", "null")),
            Map.entry("bool", List.of("not %s", "null", "ord %% 2 = 0")),
            Map.entry("jsonb", List.of("jsonb_set(%s, '{ssn}', '\"x\"')", "%s || '{\"age\": 1, \"list\": [7, 8, 9, 10]}'", "null")),
            Map.entry("_text", List.of("%s || '{new}'", "null", "'{}'", "array[ord::text] || %s")),
            Map.entry("address", List.of("row('Other', (%s).zip)::address", "row((%s).street, '9')::address", "null")),
            Map.entry("mood", List.of("case %s when 'calm' then 'lost'::mood else 'calm' end", "null")));

    /** One column, and how its values become others. */
    record Mutation(ColumnId column, String table, String name, String expression) {}

    private Mutations() {}

    /** Every way for every column of the schema's own tables. */
    static List<Mutation> all(Connection connection) throws SQLException {
        List<Mutation> mutations = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select c.oid::int8, relname, attnum, attname, typname from pg_class c join pg_attribute a on attrelid = c.oid"
                                + " join pg_type t on t.oid = atttypid where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0"
                                + " and attgenerated = '' and not attisdropped order by relname, attnum")) {
            while (rows.next()) {
                ColumnId column = new ColumnId((int) rows.getLong(1), rows.getInt(3));
                for (String expression : BY_TYPE.get(rows.getString(5))) {
                    String name = "\"" + rows.getString(4) + "\"";
                    mutations.add(new Mutation(column, rows.getString(2), rows.getString(4), expression.replace("%%", "%").replace("%s", name)));
                }
            }
        }
        return mutations;
    }

    /** Rewrites all tables within the connection's transaction, one of them with the mutation, if any. */
    static void apply(Connection connection, List<Mutation> all, Mutation mutation) throws SQLException {
        Map<String, List<String>> columns = all.stream()
                .collect(Collectors.groupingBy(Mutation::table, Collectors.mapping(Mutation::name, Collectors.collectingAndThen(
                        Collectors.toList(), names -> names.stream().distinct().toList()))));
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, List<String>> table : columns.entrySet()) {
                String names = table.getValue().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
                String values = table.getValue().stream()
                        .map(name -> mutation != null && mutation.table().equals(table.getKey()) && mutation.name().equals(name)
                                ? mutation.expression()
                                : "\"" + name + "\"")
                        .collect(Collectors.joining(", "));
                statement.execute("create temp table before on commit drop as select row_number() over () as ord, * from only " + table.getKey());
                statement.execute("truncate only " + table.getKey());
                statement.execute("insert into " + table.getKey() + " (" + names + ") select " + values + " from pg_temp.before order by ord");
                statement.execute("drop table pg_temp.before");
            }
        }
    }
}
