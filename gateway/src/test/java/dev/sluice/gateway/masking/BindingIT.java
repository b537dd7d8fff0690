// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.TestDatabase;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Masks bound to the catalog of a real server, and which statements come near them. */
class BindingIT {
    private static final Uses NONE = new Uses(Uses.Predicates.DENY, false, false, false);

    private static TestDatabase database;
    private static Catalog catalog;

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY, name text, ssn text, profile jsonb, \"Odd Name\" text)",
                "CREATE TABLE vips (perk text) INHERITS (customers)",
                "CREATE TABLE log (at date, ssn text) PARTITION BY RANGE (at)",
                "CREATE TABLE log_old PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2026-01-01')",
                "CREATE TABLE log_new (ssn text, at date)",
                "ALTER TABLE log ATTACH PARTITION log_new FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE TABLE orders (id int, customer int)",
                "CREATE VIEW open AS SELECT id, name FROM customers",
                "CREATE VIEW deeper AS SELECT * FROM open",
                "CREATE VIEW harmless AS SELECT * FROM orders",
                "CREATE MATERIALIZED VIEW copies AS SELECT id, lower(ssn) AS s FROM customers",
                "CREATE MATERIALIZED VIEW names AS SELECT id, name FROM customers",
                "CREATE MATERIALIZED VIEW rows_too AS SELECT c AS whole FROM customers c",
                "CREATE MATERIALIZED VIEW of_view AS SELECT * FROM deeper",
                "CREATE VIEW sneaky AS SELECT query_to_xml('select ssn from customers', true, true, '')",
                "CREATE FUNCTION peek(i int) RETURNS text LANGUAGE sql AS 'select ssn from customers where id = i'",
                "CREATE FUNCTION tidy(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'select trim(t)'",
                "CREATE FUNCTION of_order(o orders) RETURNS text LANGUAGE sql AS 'select ssn from customers limit 1'",
                "CREATE VIEW by_function AS SELECT peek(1)",
                "CREATE SCHEMA aside",
                "CREATE FUNCTION aside.upper(text) RETURNS text LANGUAGE sql AS 'select ssn from public.customers limit 1'",
                "CREATE FUNCTION initial(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(left(t, 1))",
                "CREATE FUNCTION loud(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'select upper(t)'",
                "CREATE FUNCTION louder(t text) RETURNS text LANGUAGE sql RETURN aside.upper(t)",
                "CREATE FUNCTION initials(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'select public.initial($1) || public.initial($1)'",
                "CREATE FUNCTION peeks(t int) RETURNS text LANGUAGE sql RETURN public.peek(t)",
                "CREATE FUNCTION ping(t int) RETURNS int LANGUAGE sql AS 'select t'",
                "CREATE FUNCTION pong(t int) RETURNS int LANGUAGE sql AS 'select public.ping(t)'",
                "CREATE OR REPLACE FUNCTION ping(t int) RETURNS int LANGUAGE sql AS 'select public.pong(t)'",
                "CREATE EXTENSION pg_trgm",
                "CREATE EXTENSION tablefunc");
        catalog = database.load();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    private static MaskRule rule(Mask mask, String... columns) {
        return new MaskRule("r", Arrays.stream(columns).map(ColumnPattern::parse).toList(), mask, NONE);
    }

    private static BoundMasks bind(MaskRule... rules) {
        return new MaskRules(List.of(rules), Set.of()).bind(catalog);
    }

    private static Set<String> masked(BoundMasks masks) {
        return masks.masks().stream().map(BoundMask::name).filter(name -> name.startsWith("public")).collect(Collectors.toSet());
    }

    private static ColumnId id(String table, String column) {
        Relation relation = Objects.requireNonNull(catalog.relation("public", table));
        Column found = Objects.requireNonNull(relation.column(column));
        return new ColumnId(relation.oid(), found.number());
    }

    @Test
    void masksChildrenPartitionsAndParents() {
        assertThat(masked(bind(rule(new Mask.Hash(), "public.customers.name")))).contains("public.customers.name", "public.vips.name");
        assertThat(masked(bind(rule(new Mask.Hash(), "public.log.ssn")))).containsExactlyInAnyOrder("public.log.ssn", "public.log_old.ssn", "public.log_new.ssn");
        assertThat(masked(bind(rule(new Mask.Hash(), "public.log_new.ssn")))).containsExactlyInAnyOrder("public.log.ssn", "public.log_new.ssn");
        assertThat(bind(rule(new Mask.Hash(), "public.log.ssn")).mask(id("log_new", "ssn"))).isNotNull();
    }

    @Test
    void understandsWildcardsAndQuotes() {
        assertThat(masked(bind(rule(new Mask.Hash(), "*.*.ssn")))).contains("public.customers.ssn", "public.vips.ssn", "public.log.ssn", "public.log_old.ssn");
        assertThat(masked(bind(rule(new Mask.Hash(), "public.l*.s*")))).contains("public.log.ssn").doesNotContain("public.customers.ssn");
        assertThat(masked(bind(rule(new Mask.Hash(), "PUBLIC.Customers.\"Odd Name\"")))).contains("public.customers.Odd Name");
        assertThat(bind(rule(new Mask.Hash(), "*.*.*")).masks()).noneMatch(mask -> mask.name().startsWith("information_schema"));
    }

    @Test
    void warnsOfMasksThatMatchNothing() {
        assertThat(bind(rule(new Mask.Hash(), "public.customers.nope")).warnings())
                .containsExactly("mask 'r': 'public.customers.nope' matches no column of database 'postgres'");
        assertThat(bind(rule(new Mask.Hash(), "public.open.name")).warnings()).singleElement().asString().contains("a view's");
        assertThat(bind(rule(new Mask.Hash(), "public.customers.name..ssn")).warnings()).singleElement().asString().contains("of type json");
        assertThat(bind(rule(new Mask.Hash(), "public.customers.profile..ssn")).mask(id("customers", "profile"))).isNotNull();
    }

    @Test
    void theMaskThatShowsLeastWins() {
        BoundMasks masks = bind(rule(new Mask.Partial(0, 4), "public.customers.ssn"), rule(new Mask.Nullify(), "*.customers.ssn"));
        assertThat(Objects.requireNonNull(masks.mask(id("customers", "ssn"))).mask()).isEqualTo(new Mask.Nullify());
    }

    @Test
    void hidesMaterializedCopies() {
        BoundMasks masks = bind(rule(new Mask.Hash(), "public.customers.ssn"));
        assertThat(Objects.requireNonNull(masks.mask(id("copies", "s"))).mask()).isEqualTo(new Mask.Redact());
        assertThat(masks.mask(id("rows_too", "whole"))).isNotNull();
        assertThat(masks.mask(id("names", "name"))).isNull();
        assertThat(masks.warnings()).anyMatch(warning -> warning.contains("materialized view public.copies"));
    }

    @Test
    void deniesTheStatistics() {
        BoundMasks masks = bind(rule(new Mask.Hash(), "public.customers.ssn"));
        assertThat(masks.masks()).anyMatch(mask -> mask.name().equals("pg_catalog.pg_statistic.stavalues1") && mask.mask() instanceof Mask.Deny);
        assertThat(masks.reach().relations()).contains("pg_stats", "pg_statistic", "pg_stats_ext", "pg_stat_activity");
    }

    @Test
    void knowsWhatLeadsToAMaskedColumn() {
        Reach reach = bind(rule(new Mask.Hash(), "public.customers.ssn")).reach();
        assertThat(reach.isEverything()).isFalse();
        assertThat(reach.relations()).contains("customers", "vips", "open", "deeper", "copies", "sneaky", "by_function", "orders").doesNotContain("log", "log_old");
        assertThat(reach.functions()).contains("peek", "tidy", "of_order", "crosstab", "query_to_xml", "ts_stat").doesNotContain("similarity", "lower");
    }

    @Test
    void doesNotCountFunctionsThatSomebodyVouchedFor() {
        Function tidy = catalog.functions().stream().filter(function -> function.name().equals("tidy")).findFirst().orElseThrow();
        MaskRule rule = rule(new Mask.Hash(), "public.customers.ssn");
        BoundMasks masks = new MaskRules(List.of(rule), Set.of(new VouchedFunction("public", "tidy", Objects.requireNonNull(tidy.sourceHash())))).bind(catalog);
        assertThat(masks.reach().functions()).contains("peek").doesNotContain("tidy");
        assertThat(masks.isHarmless(tidy.oid())).isTrue();
    }

    @Test
    void seesThroughFunctionsInSql() {
        MaskRule rule = rule(new Mask.Hash(), "public.customers.ssn");
        try (StatementReader reader = StatementReader.start(StatementReaderSettings.DEFAULTS)) {
            FunctionBodies bodies = FunctionBodies.read(catalog, sql -> reader.read(sql).toCompletableFuture().join());
            BoundMasks masks = new MaskRules(List.of(rule), Set.of()).bind(catalog, bodies);
            assertThat(masks.reach().functions()).contains("peek", "of_order").doesNotContain("tidy");
            assertThat(masks.distrusting().reach().functions()).contains("peek", "of_order", "tidy");
        }
    }

    @Test
    void seesThroughFunctionsInSqlThatCallOthersOnlyByWhatIsMeant() {
        try (StatementReader reader = StatementReader.start(StatementReaderSettings.DEFAULTS)) {
            FunctionBodies bodies = FunctionBodies.read(catalog, sql -> reader.read(sql).toCompletableFuture().join());
            Reach reach = new MaskRules(List.of(rule(new Mask.Hash(), "public.customers.ssn")), Set.of()).bind(catalog, bodies).reach();
            assertThat(reach.functions()).contains("upper", "loud", "louder", "peeks", "ping", "pong").doesNotContain("initial", "initials");
        }
    }

    @Test
    void everythingCountsWhereOperatorsCallCodeThatNobodyVouchedFor() throws Exception {
        try {
            database.execute(
                    "CREATE FUNCTION same(int, text) RETURNS bool LANGUAGE sql AS $$ select true $$",
                    "CREATE OPERATOR ### (LEFTARG = int, RIGHTARG = text, FUNCTION = same)");
            BoundMasks masks = new MaskRules(List.of(rule(new Mask.Hash(), "public.customers.ssn")), Set.of()).bind(database.load());
            assertThat(masks.reach().isEverything()).isTrue();
            assertThat(masks.warnings()).anyMatch(warning -> warning.contains("public.same"));
        } finally {
            database.execute("DROP OPERATOR ### (int, text)", "DROP FUNCTION same(int, text)");
        }
    }
}
