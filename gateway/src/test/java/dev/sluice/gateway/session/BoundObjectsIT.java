// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server says of the objects of a held statement, before and after somebody changes them. */
final class BoundObjectsIT {
    private static TestDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    private static void prepare(Statement statement) throws SQLException {
        for (String sql : """
                DROP SCHEMA IF EXISTS shop, aside CASCADE
                CREATE SCHEMA shop
                CREATE SCHEMA aside
                SET search_path = shop, aside
                CREATE TABLE customers (id int PRIMARY KEY, name text DEFAULT 'x', CONSTRAINT named CHECK (name <> ''))
                CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers ON DELETE CASCADE)
                CREATE TABLE invoices (id int, customer int REFERENCES customers)
                CREATE TABLE log (id int)
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
                CREATE TRIGGER noted AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION note()
                CREATE VIEW named AS SELECT id FROM customers
                CREATE TABLE parts (id int) PARTITION BY RANGE (id)
                CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)
                CREATE FUNCTION own(int) RETURNS int LANGUAGE sql AS 'SELECT 1'
                """.split("\n")) {
            statement.execute(sql);
        }
    }

    private static String nulls(List<String> names) {
        return ObjectsInquiry.array(names.stream().map(name -> null));
    }

    private static BoundObjects look(Connection connection, String names, String functions) throws SQLException {
        List<String> relationNames = names.isEmpty() ? List.of() : List.of(names.split(","));
        List<String> functionNames = functions.isEmpty() ? List.of() : List.of(functions.split(","));
        String text = ObjectsInquiry.text(List.of(nulls(relationNames), ObjectsInquiry.array(relationNames.stream()), nulls(functionNames), ObjectsInquiry.array(functionNames.stream())));
        try (Statement question = connection.createStatement()) {
            var looks = new TreeMap<String, String>();
            try (ResultSet rows = question.executeQuery(text)) {
                while (rows.next()) {
                    looks.put(rows.getString(1), rows.getString(2));
                }
            }
            return new BoundObjects(looks);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "customers | ALTER TABLE customers ADD extra int | shop.customers",
        "customers | ALTER TABLE customers RENAME name TO called | shop.customers",
        "customers | ALTER TABLE customers ALTER name SET DEFAULT 'y' | shop.customers",
        "customers | ALTER TABLE customers ALTER name TYPE varchar(9) | shop.customers",
        "customers | ALTER TABLE customers DROP CONSTRAINT named | shop.customers",
        "customers | ALTER TABLE customers ENABLE ROW LEVEL SECURITY | shop.customers",
        "customers | CREATE POLICY p ON customers USING (id > 1) | shop.customers",
        "customers | CREATE TRIGGER t BEFORE DELETE ON customers FOR EACH ROW EXECUTE FUNCTION note() | shop.customers",
        "customers | ALTER TABLE customers DISABLE TRIGGER noted | shop.customers",
        "customers | CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM log; RETURN NULL; END' | shop.customers",
        "customers | CREATE RULE r AS ON DELETE TO customers DO ALSO DELETE FROM log | 'shop.customers, shop.log'",
        "customers | ALTER TABLE orders ADD extra int | shop.orders",
        "customers | ALTER TABLE invoices ADD extra int | ''",
        "customers | ALTER TABLE log ADD extra int | ''",
        "customers | ALTER TABLE invoices ADD FOREIGN KEY (id) REFERENCES customers ON DELETE SET NULL | 'shop.customers, shop.invoices'",
        "named | CREATE OR REPLACE VIEW named AS SELECT id + 1 AS id FROM customers | shop.named",
        "named | ALTER TABLE customers ADD extra int | shop.customers",
        "log | DROP TABLE log; CREATE TABLE log (id int) | shop.log",
        "log | DROP TABLE log | shop.log",
        "nowhere | CREATE TABLE nowhere (id int) | shop.nowhere",
        "log | CREATE TEMPORARY TABLE log (id int) | '*'",
        "parts | CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20) | shop.parts_2",
        "parts | ALTER TABLE parts DETACH PARTITION parts_1 | shop.parts_1",
        "log | ALTER SCHEMA shop RENAME TO shop2; CREATE SCHEMA shop; CREATE TABLE shop.log (id int); DROP SCHEMA shop2 CASCADE | shop.log",
        "log | SET search_path = aside, shop | search_path"
    })
    void whatChangesIsNamed(String name, String change, String named) throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            prepare(statement);
            BoundObjects before = look(connection, name, "");
            assertThat(before.changed(look(connection, name, ""))).isEmpty();
            statement.execute(change);
            BoundObjects after = look(connection, name, "");
            if (named.equals("*")) {
                assertThat(before.changed(after)).contains("shop.log").contains("pg_temp");
            } else {
                assertThat(before.changed(after)).isEqualTo(named);
            }
            assertThat(before.version().equals(after.version())).isEqualTo(named.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "INSERT INTO customers SELECT g, 'n' FROM generate_series(1, 1000) g; ANALYZE customers",
        "VACUUM FULL customers",
        "TRUNCATE customers CASCADE",
        "CREATE INDEX ON customers (name)",
        "GRANT SELECT ON customers TO PUBLIC",
        "COMMENT ON TABLE customers IS 'c'"
    })
    void whatChangesNothingOfItsMeaningIsNoDrift(String change) throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            prepare(statement);
            BoundObjects before = look(connection, "customers", "");
            statement.execute(change);
            assertThat(before.changed(look(connection, "customers", ""))).isEmpty();
        }
    }

    @Test
    void aFunctionIsBoundToo() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            prepare(statement);
            BoundObjects before = look(connection, "", "own");
            assertThat(before.looks()).containsOnlyKeys("function shop.own", "search_path", "the role");
            statement.execute("CREATE OR REPLACE FUNCTION own(int) RETURNS int LANGUAGE sql AS 'SELECT 2'");
            assertThat(before.changed(look(connection, "", "own"))).isEqualTo("function shop.own");
        }
    }

    @Test
    void theRoleIsBoundToo() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            prepare(statement);
            statement.execute("DROP ROLE IF EXISTS plain");
            statement.execute("CREATE ROLE plain");
            statement.execute("GRANT USAGE ON SCHEMA shop TO plain");
            statement.execute("SET ROLE plain");
            BoundObjects before = look(connection, "customers", "");
            database.execute("ALTER ROLE plain BYPASSRLS");
            assertThat(before.changed(look(connection, "customers", ""))).isEqualTo("the role");
        }
    }

    /** What a search_path puts before PostgreSQL's own is not called. */
    @Test
    void nobodyElsesFunctionsAnswer() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            prepare(statement);
            for (String sql : """
                    CREATE FUNCTION aside.same(oid, oid) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE ''mine''; END'
                    CREATE FUNCTION aside.same(name, name) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE ''mine''; END'
                    CREATE FUNCTION aside.same("char", "char") RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE ''mine''; END'
                    CREATE FUNCTION aside.joined(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''mine''; END'
                    CREATE OPERATOR aside.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = aside.same)
                    CREATE OPERATOR aside.= (LEFTARG = name, RIGHTARG = name, FUNCTION = aside.same)
                    CREATE OPERATOR aside.= (LEFTARG = "char", RIGHTARG = "char", FUNCTION = aside.same)
                    CREATE OPERATOR aside.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = aside.joined)
                    CREATE FUNCTION aside.quote_ident(name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE ''mine''; END'
                    CREATE TYPE aside.text AS ENUM ('a')
                    CREATE TYPE aside.name AS ENUM ('a')
                    SET search_path = aside, shop, pg_catalog
                    """.split("\n")) {
                statement.execute(sql);
            }
            assertThat(look(connection, "customers", "own").looks()).containsKeys("shop.customers", "function shop.own");
        }
    }
}
