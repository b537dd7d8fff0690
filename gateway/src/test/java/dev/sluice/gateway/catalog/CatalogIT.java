// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CatalogIT {
    private static TestDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        database.execute(
                "CREATE SCHEMA hr",
                "CREATE DOMAIN hr.ssn AS varchar(11) CHECK (value <> '')",
                "CREATE TYPE hr.mood AS ENUM ('sad', 'ok')",
                "CREATE TABLE hr.people (id int PRIMARY KEY, gone int, ssn hr.ssn NOT NULL, tags text[], feeling hr.mood, stay daterange)",
                "ALTER TABLE hr.people DROP COLUMN gone",
                "CREATE TABLE hr.bosses (team text) INHERITS (hr.people)",
                "CREATE TABLE hr.log (at date, what text) PARTITION BY RANGE (at)",
                "CREATE TABLE hr.log_1 PARTITION OF hr.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE FUNCTION hr.shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'select upper(t)'",
                "CREATE FUNCTION hr.peek() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS 'begin return (select ssn from hr.people limit 1); end'",
                "CREATE FUNCTION hr.equal_mood(hr.mood, text) RETURNS bool LANGUAGE sql AS 'select $1::text = $2'",
                "CREATE OPERATOR hr.=== (LEFTARG = hr.mood, RIGHTARG = text, FUNCTION = hr.equal_mood)",
                "CREATE VIEW hr.names AS SELECT hr.shout(ssn) AS s FROM hr.people WHERE feeling OPERATOR(hr.===) 'ok'",
                "CREATE MATERIALIZED VIEW hr.upper_names AS SELECT * FROM hr.names",
                "CREATE VIEW hr.statistics AS SELECT starelid, stanullfrac FROM pg_catalog.pg_statistic",
                "CREATE VIEW hr.hidden AS SELECT query_to_xml('select 1', true, true, '')");
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    private static Relation relation(Catalog catalog, String name) {
        return Objects.requireNonNull(catalog.relation("hr", name), name);
    }

    private static Function function(Catalog catalog, String schema, String name) {
        return catalog.functions().stream().filter(each -> each.schema().equals(schema) && each.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void seesTablesWithTheirColumnsAndParents() throws Exception {
        Catalog catalog = database.load();

        Relation people = relation(catalog, "people");
        assertThat(people.oid()).isEqualTo(database.oid("hr.people"));
        assertThat(people.kind()).isEqualTo(RelationKind.TABLE);
        assertThat(people.columns()).extracting(Column::number, Column::name).containsExactly(
                tuple(1, "id"),
                tuple(3, "ssn"),
                tuple(4, "tags"),
                tuple(5, "feeling"),
                tuple(6, "stay"));
        assertThat(people.column(2)).isNull();
        assertThat(relation(catalog, "bosses").parents()).containsExactly(people.oid());
        assertThat(relation(catalog, "log").kind()).isEqualTo(RelationKind.PARTITIONED_TABLE);
        assertThat(relation(catalog, "log_1").parents()).containsExactly(relation(catalog, "log").oid());
        assertThat(catalog.database()).isEqualTo("postgres");
        assertThat(catalog.hasRelationNamed("pg_class")).isTrue();
    }

    @Test
    void knowsWhatTypesAreMadeOf() {
        Catalog catalog = database.load();
        Relation people = relation(catalog, "people");

        DataType ssn = Objects.requireNonNull(catalog.type(Objects.requireNonNull(people.column("ssn")).typeOid()));
        assertThat(ssn.kind()).isEqualTo(DataType.Kind.DOMAIN);
        assertThat(Objects.requireNonNull(catalog.type(ssn.of())).name()).isEqualTo("varchar");
        assertThat(ssn.typeModifier()).isEqualTo(15);
        DataType tags = Objects.requireNonNull(catalog.type(Objects.requireNonNull(people.column("tags")).typeOid()));
        assertThat(tags.kind()).isEqualTo(DataType.Kind.ARRAY);
        assertThat(Objects.requireNonNull(catalog.type(tags.of())).name()).isEqualTo("text");
        assertThat(Objects.requireNonNull(catalog.type(Objects.requireNonNull(people.column("feeling")).typeOid())).kind()).isEqualTo(DataType.Kind.ENUM);
        DataType stay = Objects.requireNonNull(catalog.type(Objects.requireNonNull(people.column("stay")).typeOid()));
        assertThat(stay.kind()).isEqualTo(DataType.Kind.RANGE);
        assertThat(Objects.requireNonNull(catalog.type(stay.of())).name()).isEqualTo("date");
    }

    @Test
    void followsViewsToWhatTheyReadAndCall() {
        Catalog catalog = database.load();

        assertThat(relation(catalog, "names").dependsOn()).contains(relation(catalog, "people").oid());
        assertThat(relation(catalog, "names").dependsOnFunctions())
                .contains(function(catalog, "hr", "shout").oid(), function(catalog, "hr", "equal_mood").oid());
        assertThat(relation(catalog, "upper_names").dependsOn()).contains(relation(catalog, "names").oid());
        assertThat(relation(catalog, "statistics").dependsOn()).contains(2619);
        assertThat(relation(catalog, "hidden").dependsOnFunctions()).contains(function(catalog, "pg_catalog", "query_to_xml").oid());
    }

    @Test
    void knowsFunctionsAndTheirBodies() throws Exception {
        Catalog catalog = database.load();

        Function peek = function(catalog, "hr", "peek");
        assertThat(peek.language()).isEqualTo("plpgsql");
        assertThat(peek.securityDefiner()).isTrue();
        assertThat(peek.volatility()).isEqualTo(Function.Volatility.VOLATILE);
        assertThat(peek.source()).contains("select ssn");
        assertThat(peek.sourceHash()).isEqualTo(database.ask(
                "SELECT encode(sha256(convert_to(lanname || E'\\n' || prosrc, 'UTF8')), 'hex') FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE proname = 'peek'"));
        assertThat(function(catalog, "hr", "shout").argumentTypes()).containsExactly(25);
        assertThat(function(catalog, "pg_catalog", "lower").builtIn()).isTrue();
        assertThat(catalog.unnamedFunctions().stream().filter(oid -> !catalog.function(oid).builtIn()))
                .containsExactly(function(catalog, "hr", "equal_mood").oid());
    }

    @Test
    void hasAnotherVersionAfterEveryChangeButNotAfterOrdinaryWork() throws Exception {
        database.execute("CREATE TABLE changing (a int)", "CREATE VIEW replaced AS SELECT 1 AS a");
        String before = database.load().version();

        database.execute("INSERT INTO changing VALUES (1)", "ANALYZE changing", "CREATE TEMP TABLE mine (a int)", "TRUNCATE changing", "VACUUM changing");
        assertThat(database.load().version()).isEqualTo(before);
        for (String change : List.of(
                "ALTER TABLE changing RENAME a TO b",
                "ALTER TABLE changing ADD c text",
                "CREATE OR REPLACE VIEW replaced AS SELECT 2 AS a",
                "CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'select 1'",
                "CREATE OR REPLACE FUNCTION later() RETURNS int LANGUAGE sql AS 'select 2'",
                "DROP TABLE changing")) {
            database.execute(change);
            String after = TestDatabase.await(CatalogLoader.version(database.pool()));
            assertThat(after).as(change).isNotEqualTo(before);
            before = after;
        }
    }

    @Test
    void isReadOnTheServersTermsAndNotOnThoseOfTheLogin() throws Exception {
        database.execute("CREATE SCHEMA trap", "CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS $$ select '10000' $$");
        try {
            database.execute("ALTER ROLE postgres SET search_path = trap, pg_catalog");
            try (TestPool other = new TestPool(database)) {
                assertThat(TestDatabase.await(CatalogLoader.load(other.pool())).serverMajor()).isGreaterThan(12);
            }
        } finally {
            database.execute("ALTER ROLE postgres RESET search_path", "DROP SCHEMA trap CASCADE");
        }
    }

    @Test
    void refreshFollowsChangesAndIsStaleWhenItCannot() throws Exception {
        TestPool own = new TestPool(database);
        try (CatalogRefresh refresh = new CatalogRefresh(database.vertx(), own.pool(), Duration.ofMillis(50))) {
            assertThat(refresh.state()).isInstanceOf(CatalogState.Stale.class);
            Future<Catalog> first = refresh.reload();
            TestDatabase.await(first);
            database.execute("CREATE TABLE appears (a int)");
            eventually(() -> refresh.state() instanceof CatalogState.Known(Catalog known) && known.hasRelationNamed("appears"));

            own.close();
            eventually(() -> refresh.state() instanceof CatalogState.Stale);
        }
    }

    @Test
    void readsTenThousandTablesInUnderFiveSeconds() throws Exception {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA many");
            for (int part = 0; part < 20; part++) {
                statement.execute("DO $$ BEGIN FOR i IN 1..500 LOOP EXECUTE format("
                        + "'CREATE TABLE many.t_" + part + "_%s (a int, b text, c numeric, d date, e text, f timestamptz, g int8, h uuid, i jsonb, j bool)', i);"
                        + " IF i % 10 = 0 THEN EXECUTE format('CREATE VIEW many.v_" + part + "_%s AS SELECT a, b FROM many.t_" + part + "_%s', i, i); END IF;"
                        + " END LOOP; END $$");
            }
        }
        database.load();
        long start = System.nanoTime();
        Catalog catalog = database.load();
        Duration whole = Duration.ofNanos(System.nanoTime() - start);
        long again = System.nanoTime();
        TestDatabase.await(CatalogLoader.version(database.pool()));
        Duration check = Duration.ofNanos(System.nanoTime() - again);
        System.out.printf("10,000 tables of 10 columns and 1,000 views: load %d ms, look for changes %d ms%n", whole.toMillis(), check.toMillis());

        assertThat(catalog.relations()).hasSizeGreaterThan(11_000);
        assertThat(whole).isLessThan(Duration.ofSeconds(5));
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
