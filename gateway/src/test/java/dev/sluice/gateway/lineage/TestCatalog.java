// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Catalogs for tests, as lines that can be recorded: {@code relation oid schema name kind number:column,…} and {@code function oid schema name language types}. */
final class TestCatalog {
    private static final Map<String, RelationKind> KINDS = Map.of(
            "r", RelationKind.TABLE,
            "p", RelationKind.PARTITIONED_TABLE,
            "v", RelationKind.VIEW,
            "m", RelationKind.MATERIALIZED_VIEW,
            "c", RelationKind.COMPOSITE_TYPE);

    private TestCatalog() {}

    /** Describes a database: its own relations, and all functions. */
    static List<String> lines(Connection connection) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "select format('relation %s %s %s %s %s', c.oid, relnamespace::regnamespace, relname, relkind,"
                            + " string_agg(attnum || ':' || attname, ',' order by attnum))"
                            + " from pg_class c join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped"
                            + " where relkind in ('r', 'p', 'v', 'm', 'c') and c.oid >= 16384 group by c.oid, relnamespace, relname, relkind order by c.oid")) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "select format('function %s %s %s %s %s %s', p.oid, pronamespace::regnamespace, proname, lanname,"
                            + " coalesce(nullif(replace(proargtypes::text, ' ', ','), ''), '-'), provolatile)"
                            + " from pg_proc p join pg_language l on l.oid = prolang order by p.oid")) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        }
        return lines;
    }

    static Catalog of(int serverMajor, List<String> lines) {
        List<Relation> relations = new ArrayList<>();
        List<Function> functions = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("relation")) {
                List<Column> columns = Arrays.stream(words[5].split(",", -1))
                        .map(column -> column.split(":", -1))
                        .map(column -> new Column(Integer.parseInt(column[0]), column[1], 25, -1))
                        .toList();
                relations.add(new Relation(
                        Integer.parseUnsignedInt(words[1]), words[2], words[3], KINDS.get(words[4]), columns, List.of(), Set.of(), Set.of()));
            } else {
                List<Integer> types = words[5].equals("-")
                        ? List.of()
                        : Arrays.stream(words[5].split(",", -1)).map(Integer::parseUnsignedInt).toList();
                functions.add(new Function(
                        Integer.parseUnsignedInt(words[1]), words[2], words[3], Function.Kind.FUNCTION, types, words[4],
                        volatility(words), false, false, null, null, null));
            }
        }
        return new Catalog("test", serverMajor, "1", relations, functions, List.of(), Set.of());
    }

    private static Function.Volatility volatility(String[] words) {
        return switch (words.length > 6 ? words[6] : "v") {
            case "i" -> Function.Volatility.IMMUTABLE;
            case "s" -> Function.Volatility.STABLE;
            default -> Function.Volatility.VOLATILE;
        };
    }

    /** OIDs to names, for reading what was resolved. */
    static Map<Integer, String> functionNames(Catalog catalog) {
        Map<Integer, String> names = new LinkedHashMap<>();
        catalog.functions().forEach(function -> names.put(function.oid(), function.name()));
        return names;
    }
}
