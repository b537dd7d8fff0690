// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.TestDatabase;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Every mask on every type in every format: what comes out is read by the server's own input and receive functions. */
class MaskedValuesIT {
    private static final MaskTokens TOKENS = new MaskTokens(new byte[MaskTokens.KEY_BYTES]);

    private static final List<Mask> MASKS = List.of(
            new Mask.Redact(),
            new Mask.Partial(0, 4),
            new Mask.Partial(1, 1),
            new Mask.Hash(),
            new Mask.Tokenize(),
            new Mask.Nullify(),
            new Mask.Generalize(Mask.Precision.YEAR, new BigDecimal("10")),
            new Mask.Generalize(Mask.Precision.QUARTER, new BigDecimal("2.5")),
            new Mask.Generalize(Mask.Precision.HOUR, null),
            new Mask.WithinJson(List.of(
                    new Mask.PathMask(new JsonPath(List.of("ssn"), true), new Mask.Redact()),
                    new Mask.PathMask(new JsonPath(List.of("a", "b"), false), new Mask.Hash()))));

    private static final String EMPTY_IS_NULL = "NULL ''";

    private static final List<String> OPTIONS = List.of(
            "FORMAT text",
            "FORMAT text, DELIMITER '|', NULL ''",
            "FORMAT csv",
            "FORMAT csv, QUOTE '''', ESCAPE '\\', NULL '*', FORCE_QUOTE *",
            "FORMAT csv, HEADER true, DELIMITER ';'",
            "FORMAT binary");

    private static TestDatabase database;
    private static Catalog catalog;
    private static final Map<String, List<String>> SAMPLES = samples();

    private static Map<String, List<String>> samples() {
        Map<String, List<String>> samples = new LinkedHashMap<>();
        List<String> texts = List.of(
                "'123-45-6789'", "''", "'a'", "'Tab\tand\nline'", "'q\"u''o;t,e|\\'", "'Żółw€😀日本'", "'4111 1111 1111 1111'", "'ann@shop.test'", "'+49 (30) 1234-567'", "'\\.'", "'nix'");
        samples.put("text", texts);
        samples.put("varchar(11)", texts.stream().map(text -> "left(" + text + ", 11)").toList());
        samples.put("varchar(2)", List.of("'ab'", "''"));
        samples.put("char(12)", List.of("'123-45-6789'", "'a'", "''"));
        samples.put("name", List.of("'customers'", "repeat('x', 63)"));
        samples.put("\"char\"", List.of("'x'"));
        samples.put("citext", texts);
        samples.put("int2", List.of("-32768", "32767", "7", "123"));
        samples.put("int4", List.of("-2147483648", "2147483647", "42", "999999999"));
        samples.put("int8", List.of("-9223372036854775808", "9223372036854775807", "4111111111111111", "15"));
        samples.put("oid", List.of("4294967295", "17"));
        samples.put("float4", List.of("1.5", "'-Infinity'", "'NaN'", "3.4e38", "-1e-40"));
        samples.put("float8", List.of("1.5", "'Infinity'", "'NaN'", "1e308", "-123456.789"));
        samples.put("numeric", List.of("12345.678900", "-0.000012345", "'NaN'", "1e100", "99999999999999999999999999", "-7", "10000", "0.5"));
        samples.put("numeric(10,2)", List.of("12345678.91", "-0.01"));
        samples.put("bool", List.of("true"));
        samples.put("date", List.of("'2024-05-17'", "'infinity'", "'-infinity'", "'0044-03-15 BC'", "'5874897-12-31'", "'4713-01-01 BC'", "'1999-12-31'"));
        samples.put("time", List.of("'23:59:59.123456'", "'24:00:00'"));
        samples.put("timetz", List.of("'23:59:59.123456+05:30'"));
        samples.put("timestamp", List.of("'2024-05-17 13:14:15.161718'", "'infinity'", "'0044-03-15 12:00:00 BC'", "'294276-12-31 23:59:59'"));
        samples.put("timestamptz", List.of("'2024-05-17 13:14:15.161718+05:30'", "'-infinity'", "'1900-01-01 00:00:00+00:19:32'"));
        samples.put("interval", List.of("'1 year 2 mons 3 days 04:05:06.7'"));
        samples.put("uuid", List.of("'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"));
        samples.put("bytea", List.of("'\\xdeadbeef'", "'\\x00'"));
        List<String> documents = List.of(
                "'{\"ssn\": \"123-45-6789\", \"a\": {\"b\": \"x\", \"c\": 1.50}, \"list\": [{\"ssn\": 123456789}, {\"ssn\": {\"deep\": [1]}}, {\"ssn\": null}, {\"ssn\": true}]}'",
                "'[1e400, 12345678901234567890123, \"\\ud83d\\ude00\"]'", "'\"text\"'", "'7'", "'{\"a\": {\"b\": [1,2]}, \"\": {\"ssn\":\"q\\\"uote\"}}'");
        samples.put("json", documents);
        samples.put("jsonb", documents);
        samples.put("inet", List.of("'192.168.100.128/25'", "'::1'"));
        samples.put("cidr", List.of("'192.168.100.128/25'", "'2001:db8::/32'"));
        samples.put("macaddr", List.of("'08:00:2b:01:02:03'"));
        samples.put("macaddr8", List.of("'08:00:2b:01:02:03:04:05'"));
        samples.put("money", List.of("'12.34'"));
        samples.put("bit(5)", List.of("B'10101'"));
        samples.put("bit varying(9)", List.of("B'101011'", "B'1'"));
        samples.put("bit varying", List.of("B'101'"));
        samples.put("xml", List.of("'<a>b</a>'"));
        samples.put("text[]", List.of("ARRAY['123-45-6789', NULL, 'with \"quotes\" and \\', 'NULL', '']", "'{}'", "'[2:3]={abcdefghijk,b}'", "ARRAY[['a,b','c'],['d','{e}']]"));
        samples.put("varchar(5)[]", List.of("ARRAY['abcde', 'x']"));
        samples.put("int4[]", List.of("ARRAY[1, NULL, 99999]", "'{{1,2},{3,4}}'"));
        samples.put("int2[]", List.of("ARRAY[32767]"));
        samples.put("numeric[]", List.of("ARRAY[1.5, 'NaN']"));
        samples.put("date[]", List.of("ARRAY['2024-05-17'::date]"));
        samples.put("timestamptz[]", List.of("ARRAY['2024-05-17 13:14:15+00'::timestamptz]"));
        samples.put("uuid[]", List.of("ARRAY['6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid]"));
        samples.put("bytea[]", List.of("ARRAY['\\xdeadbeef'::bytea]"));
        samples.put("jsonb[]", List.of("ARRAY['{\"ssn\": 1}'::jsonb]"));
        samples.put("box[]", List.of("'{(2,2),(1,1);(4,4),(3,3)}'"));
        samples.put("int4range", List.of("'[1,5)'"));
        samples.put("tstzrange", List.of("'[2024-01-01,)'"));
        samples.put("int4multirange", List.of("'{[1,5), [7,8)}'"));
        samples.put("int4range[]", List.of("ARRAY['[1,5)'::int4range]"));
        samples.put("mood", List.of("'sad'"));
        samples.put("mood[]", List.of("ARRAY['sad'::mood]"));
        samples.put("short_text", List.of("'secret'"));
        samples.put("short_text[]", List.of("ARRAY['secret'::short_text]"));
        samples.put("pair", List.of("ROW(1, 'x')"));
        samples.put("pair[]", List.of("ARRAY[ROW(1, 'x')::pair]"));
        samples.put("point", List.of("'(1,2)'"));
        samples.put("tsvector", List.of("'a:1 b:2'"));
        samples.put("regclass", List.of("'pg_class'"));
        samples.put("pg_lsn", List.of("'16/B374D848'"));
        samples.put("int2vector", List.of("'1 2 3'"));
        samples.put("oidvector", List.of("'1 2 3'"));
        return samples;
    }

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        List<String> statements = new ArrayList<>(List.of(
                "SET standard_conforming_strings = on",
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN short_text AS varchar(6)",
                "CREATE TYPE pair AS (a int, b text)"));
        int i = 0;
        for (Map.Entry<String, List<String>> type : SAMPLES.entrySet()) {
            statements.add("CREATE TABLE source_" + i + " (id int, v " + type.getKey() + ", w text)");
            statements.add("CREATE TABLE sink_" + i + " (id int, v " + type.getKey() + ", w text)");
            int id = 0;
            for (String value : type.getValue()) {
                statements.add("INSERT INTO source_" + i + " VALUES (" + id++ + ", " + value + ", 'w')");
            }
            statements.add("INSERT INTO source_" + i + " VALUES (" + id + ", NULL, 'last')");
            i++;
        }
        database.execute(statements.toArray(String[]::new));
        catalog = database.load();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    private static CopyFormat format(String options) {
        return switch (OPTIONS.indexOf(options)) {
            case 0 -> CopyFormat.TEXT;
            case 1 -> CopyFormat.of(Map.of("format", "text", "delimiter", "|", "null", ""));
            case 2 -> CopyFormat.CSV;
            case 3 -> CopyFormat.of(Map.of("format", "csv", "quote", "'", "escape", "\\", "null", "*", "force_quote", "*"));
            case 4 -> CopyFormat.of(Map.of("format", "CSV", "header", "true", "delimiter", ";"));
            default -> CopyFormat.of(Map.of("format", "binary"));
        };
    }

    @Test
    void isWhatTheServerCanRead() throws SQLException {
        int checked = 0;
        List<String> wrong = new ArrayList<>();
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET client_encoding = 'UTF8'");
            statement.execute("SET TimeZone = 'UTC'");
            int table = 0;
            for (String type : SAMPLES.keySet()) {
                for (Mask mask : MASKS) {
                    for (String options : OPTIONS) {
                        String what = mask + " on " + type + " in " + options;
                        byte[] masked = masked(connection, table, mask, options);
                        statement.execute("TRUNCATE sink_" + table);
                        int into = table;
                        assertThatCode(() -> copyIn(connection, into, options, masked)).as(what).doesNotThrowAnyException();
                        compare(statement, table, mask, type, options.contains(EMPTY_IS_NULL), what, wrong);
                        checked++;
                    }
                }
                table++;
            }
        }
        assertThat(wrong).isEmpty();
        System.out.println("masks x types x formats read back by the server: " + checked);
    }

    /** Where the empty text stands for NULL it is shown as it is, and an empty value cannot be told from NULL. */
    private static void compare(Statement statement, int table, Mask mask, String type, boolean emptyIsNull, String what, List<String> wrong) throws SQLException {
        int rowsBack = 0;
        try (var rows = statement.executeQuery(
                "SELECT a.v::text, b.v::text, a.w = b.w FROM source_" + table + " a LEFT JOIN sink_" + table + " b USING (id) ORDER BY id")) {
            while (rows.next()) {
                String value = rows.getString(1);
                String shown = rows.getString(2);
                assertThat(rows.getBoolean(3)).as("what is around it: " + what).isTrue();
                boolean right = value == null
                        ? shown == null
                        : ShownValues.isRight(mask, type, value, shown) || emptyIsNull && shown == null && (value.isEmpty() || ShownValues.isRight(mask, type, value, ""));
                if (!right) {
                    wrong.add(what + " shows " + shown + " for " + value);
                }
                rowsBack++;
            }
        }
        assertThat(rowsBack).isEqualTo(Objects.requireNonNull(SAMPLES.get(type)).size() + 1);
    }

    private static byte[] masked(Connection connection, int table, Mask mask, String options) throws SQLException {
        Relation relation = Objects.requireNonNull(catalog.relation("public", "source_" + table));
        List<CopyColumn> columns = relation.columns().stream().map(MaskedValuesIT::copyColumn).toList();
        MaskPlan.Columns plan = new MaskPlan.Columns(Arrays.asList(null, mask, null), List.of());
        BoundMasks masks = new MaskRules(List.of(), Set.of()).bind(catalog);
        CopyMasker masker = CopyMasker.create(plan, columns, format(options), masks, TOKENS, 1 << 20);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY source_" + table + " TO STDOUT (" + options + ")");
        for (byte[] data = out.readFromCopy(); data != null; data = out.readFromCopy()) {
            Buffer frame = Frames.copyData(data);
            all.writeBytes(Frames.payload(masker.feed(frame)));
        }
        masker.finish();
        return all.toByteArray();
    }

    private static CopyColumn copyColumn(Column column) {
        return new CopyColumn(1, column.typeOid(), column.typeModifier());
    }

    private static void copyIn(Connection connection, int table, String options, byte[] data) throws SQLException {
        String in = options.replace(", FORCE_QUOTE *", "");
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY sink_" + table + " FROM STDIN (" + in + ")");
        try {
            copy.writeToCopy(data, 0, data.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
