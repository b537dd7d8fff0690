// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.gateway.catalog.TestDatabase;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values of every type that PostgreSQL brings along, as constants that a real server reads back. */
final class ParameterTextIT {
    /** A text of each, as the type's output function writes it; where SQL's grammar has defaults, one that is longer than these. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("aclitem", "postgres=r/postgres"), Map.entry("bit", "101"), Map.entry("bool", "true"), Map.entry("box", "(2,2),(1,1)"),
            Map.entry("bpchar", "abc"), Map.entry("bytea", "\\x6162"), Map.entry("char", "x"), Map.entry("cid", "7"), Map.entry("cidr", "10.0.0.0/8"),
            Map.entry("circle", "<(1,2),3>"), Map.entry("cstring", "abc"), Map.entry("date", "2026-01-02"), Map.entry("float4", "1.25"),
            Map.entry("float8", "1.0000000000000002"), Map.entry("inet", "10.0.0.1/8"), Map.entry("int2", "-7"), Map.entry("int2vector", "1 2"),
            Map.entry("int4", "-7"), Map.entry("int8", "9223372036854775807"), Map.entry("interval", "1 mon 2 days 03:04:05.678901"),
            Map.entry("json", "{\"a\" : 1}"), Map.entry("jsonb", "{\"a\": 1}"), Map.entry("jsonpath", "$.\"a\""), Map.entry("line", "{1,2,3}"),
            Map.entry("lseg", "[(1,2),(3,4)]"), Map.entry("macaddr", "08:00:2b:01:02:03"), Map.entry("macaddr8", "08:00:2b:01:02:03:04:05"),
            Map.entry("money", "$1.50"), Map.entry("name", "a name"), Map.entry("numeric", "1234567890.1234567890"), Map.entry("oid", "4294967295"),
            Map.entry("oidvector", "1 2"), Map.entry("path", "((1,2),(3,4))"), Map.entry("pg_lsn", "16/B374D848"),
            Map.entry("pg_snapshot", "10:20:10,14"), Map.entry("point", "(1,2)"), Map.entry("polygon", "((1,2),(3,4),(5,6))"),
            Map.entry("refcursor", "a cursor"), Map.entry("regclass", "pg_class"), Map.entry("regcollation", "\"C\""), Map.entry("regconfig", "english"),
            Map.entry("regdictionary", "simple"), Map.entry("regnamespace", "public"), Map.entry("regoper", "||/"),
            Map.entry("regoperator", "+(integer,integer)"), Map.entry("regproc", "now"), Map.entry("regprocedure", "now()"), Map.entry("regrole", "postgres"),
            Map.entry("regtype", "bit"), Map.entry("text", "it's a \\ text"), Map.entry("tid", "(1,2)"), Map.entry("time", "03:04:05.678901"),
            Map.entry("timestamp", "2026-01-02 03:04:05.678901"), Map.entry("timestamptz", "2026-01-02 03:04:05.678901+00"),
            Map.entry("timetz", "03:04:05.678901+02"), Map.entry("tsquery", "'a' & 'b'"), Map.entry("tsvector", "'a':1 'b':2"),
            Map.entry("txid_snapshot", "10:20:10,14"), Map.entry("uuid", "00112233-4455-6677-8899-aabbccddeeff"), Map.entry("varbit", "10101"),
            Map.entry("varchar", "several words"), Map.entry("xid", "7"), Map.entry("xid8", "8"), Map.entry("xml", "<a/>"),
            Map.entry("int4range", "[1,5)"), Map.entry("int8range", "[1,5)"), Map.entry("numrange", "[1.5,2.5]"), Map.entry("daterange", "[2026-01-02,2026-01-05)"),
            Map.entry("tsrange", "[\"2026-01-02 00:00:00\",\"2026-01-03 00:00:00\")"),
            Map.entry("tstzrange", "[\"2026-01-02 00:00:00+00\",\"2026-01-03 00:00:00+00\")"));

    private static TestDatabase database;
    private static Catalog catalog;
    private static StatementReader reader;

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        database.execute("CREATE SCHEMA own", "CREATE DOMAIN own.int4 AS int4 CHECK (VALUE > 1000)");
        catalog = database.load();
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        database.close();
    }

    private record Sample(DataType type, String text) {}

    /** Of every type of pg_catalog that values can be given of as text, without those that are arrays of another. */
    private static List<Sample> samples() throws Exception {
        List<Sample> samples = new ArrayList<>();
        try (Connection connection = database.connect(); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("""
                SELECT t.oid, t.typname, r.rngtypid::regtype::text FROM pg_type t LEFT JOIN pg_range r ON r.rngmultitypid = t.oid
                WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm') AND (t.typcategory <> 'Z' OR t.typname = 'char')
                    AND t.typname <> 'gtsvector' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
                """)) {
            while (rows.next()) {
                String range = rows.getString(3);
                String value = VALUES.get(range == null ? rows.getString(2) : range);
                assertThat(value).as("a value for the test of %s", rows.getString(2)).isNotNull();
                samples.add(new Sample(Objects.requireNonNull(catalog.type(rows.getInt(1))), range == null ? value : "{" + value + "}"));
            }
        }
        assertThat(samples).hasSizeGreaterThan(60);
        return samples;
    }

    private static String array(String element) {
        return "{\"" + element.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }

    private static String literal(int type, String text) {
        return Objects.requireNonNull(ParameterText.literal(new Parameter(type, "text", text), catalog));
    }

    private static String ask(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void aConstantHasTheValueAndTheTypeOfItsParameter() throws Exception {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            for (Sample sample : samples()) {
                String literal = literal(sample.type.oid(), sample.text);
                assertThat(ask(statement, "SELECT pg_typeof(" + literal + ")::oid || ' ' || (" + literal + ")::text"))
                        .as(literal)
                        .isEqualTo(sample.type.oid() + " " + sample.text);
            }
        }
    }

    @Test
    void soHaveConstantsOfArrays() throws Exception {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            for (Sample sample : samples()) {
                int type = Integer.parseInt(ask(statement, "SELECT typarray FROM pg_type WHERE oid = " + sample.type.oid()));
                String literal = literal(type, array(sample.text));
                assertThat(ask(statement, "SELECT pg_typeof(" + literal + ")::oid || ' ' || (" + literal + ")[1]::text"))
                        .as(literal)
                        .isEqualTo(type + " " + sample.text);
            }
        }
    }

    @Test
    void aTypeIsPostgresqlsOwnWhateverTheSearchPath() throws Exception {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = own, pg_catalog");
            assertThat(ask(statement, "SELECT " + literal(23, "5"))).isEqualTo("5");
        }
    }

    @Test
    void previewsKeepConstantsAsTheyAre() throws Exception {
        for (Sample sample : samples()) {
            String sql = "DELETE FROM t WHERE a = (" + literal(sample.type.oid(), sample.text) + ")";
            Preview preview = Preview.of(sql);
            assertThat(preview).as(sql).isNotNull();
            assertThat(Preview.isOf(Objects.requireNonNull(Shape.of(tree(sql))), tree(preview.count()))).as(sql).isTrue();
        }
    }

    private static JsonNode tree(String sql) {
        return reader.tree(sql).toCompletableFuture().join();
    }
}
