// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.TestDatabase;
import dev.sluice.gateway.lineage.Lineage;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** Statements as a real server resolves them, planned with masks that are bound to its catalog. */
class MaskPlanIT {
    private static final Uses NO_USE = new Uses(Uses.Predicates.DENY, false, false, false);

    private static TestDatabase database;
    private static BoundMasks masks;
    private static StatementReader reader;

    @BeforeAll
    static void start() throws Exception {
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
        database = new TestDatabase();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY, name text, ssn text, born date, card text, secret text, profile jsonb)",
                "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, note text, total numeric)",
                "CREATE TABLE backup (id int, ssn text)",
                "CREATE TABLE log (at date, ssn text) PARTITION BY RANGE (at)",
                "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2030-01-01')",
                "CREATE VIEW people AS SELECT id, name, ssn AS number FROM customers",
                "CREATE MATERIALIZED VIEW copies AS SELECT id, ssn FROM customers",
                "CREATE FUNCTION peek(i int) RETURNS text LANGUAGE plpgsql AS 'begin return (select ssn from customers where id = i); end'",
                "CREATE FUNCTION of_customer(c customers) RETURNS text LANGUAGE plpgsql AS 'begin return c.ssn; end'");
        Catalog catalog = database.load();
        masks = new MaskRules(
                        List.of(
                                new MaskRule("ssn", List.of(ColumnPattern.parse("public.*.ssn")), new Mask.Partial(0, 4), NO_USE),
                                new MaskRule(
                                        "card",
                                        List.of(ColumnPattern.parse("*.*.card")),
                                        new Mask.Hash(),
                                        new Uses(Uses.Predicates.EQUALITY, true, false, true)),
                                new MaskRule("secret", List.of(ColumnPattern.parse("*.*.secret")), new Mask.Deny(), NO_USE)),
                        Set.of())
                .bind(catalog);
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        database.close();
    }

    private static MaskPlan plan(String sql) throws SQLException {
        List<String> trees = new ArrayList<>();
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET client_min_messages = log; SET debug_pretty_print = off; SET debug_print_rewritten = on");
            statement.clearWarnings();
            statement.execute("PREPARE one AS " + sql);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                ServerErrorMessage message = warning instanceof PSQLWarning server ? server.getServerErrorMessage() : null;
                String detail = message == null ? null : message.getDetail();
                if (detail != null && !detail.contains("PREPARESTMT")) {
                    trees.add(detail);
                }
            }
        }
        Lineage lineage = LineageResolver.resolve(trees, masks.catalog().serverMajor(), masks.catalog());
        return MaskPlanner.plan(masks, lineage);
    }

    /** What is shown for each column: {@code -} as it is, else the mask. */
    private static String shown(String sql) throws SQLException {
        return switch (plan(sql)) {
            case MaskPlan.Nothing() -> "nothing";
            case MaskPlan.Columns columns -> columns.outputs().stream()
                    .map(mask -> mask == null ? "-" : Objects.requireNonNull(mask).getClass().getSimpleName())
                    .collect(Collectors.joining(" "));
            case MaskPlan.Refused(String reason, String hint) -> "refused: " + reason;
        };
    }

    /** Whether the statement's own names lead to a masked column. */
    private static boolean touches(String sql) {
        Reading reading = reader.read(sql).toCompletableFuture().join();
        return reading instanceof Reading.Understood understood && understood.statements().stream().anyMatch(masks.reach()::touches);
    }

    @Test
    void showsWhatSessionsDoButNotTheirStatements() throws SQLException {
        assertThat(shown("select pid, query, state from pg_stat_activity")).isEqualTo("- Redact -");
        assertThat(shown("select a from pg_stat_activity a")).isEqualTo("Redact");
    }

    @Test
    void sparesStatementsThatComeNowhereNear() {
        for (String sql : List.of(
                "select 1",
                "begin",
                "select o.id, sum(total) from orders o group by o.id",
                "insert into orders (id) values (1)",
                "create table fresh (a int)",
                "select relname, lower(relname) from pg_class",
                "select n.nspname from pg_catalog.pg_namespace n order by 1")) {
            assertThat(touches(sql)).as(sql).isFalse();
        }
        for (String sql : List.of(
                "select * from people",
                "table log_1",
                "copy customers to stdout",
                "explain select * from copies",
                "declare c cursor for select id from customers",
                "create table x as select * from people",
                "with x as (delete from backup returning *) select 1",
                "select * from pg_toast.pg_toast_1234",
                "select * from not_known",
                "select not_known()",
                "select public.peek(1)",
                "do $$ begin end $$",
                "select pg_read_file('x')",
                "select * from pg_stats")) {
            assertThat(touches(sql)).as(sql).isTrue();
        }
    }

    @Test
    void masksPlainColumnsHoweverTheyAreReached() throws SQLException {
        assertThat(shown("select id, ssn as x from customers")).isEqualTo("- Partial");
        assertThat(shown("select number from people")).isEqualTo("Partial");
        assertThat(shown("select ssn from log_1")).isEqualTo("Partial");
        assertThat(shown("select ssn from log")).isEqualTo("Partial");
        assertThat(shown("select ssn from copies")).isEqualTo("Partial");
        assertThat(shown("with c as (select * from people) select c.number, id from c")).isEqualTo("Partial -");
        assertThat(shown("select ssn from customers union all select note from orders")).isIn("Redact", "Partial");
        assertThat(shown("select (select ssn from customers c where c.id = o.customer), total from orders o")).endsWith("-").doesNotStartWith("-");
        assertThat(shown("insert into customers (id, ssn) values (1, 'x') returning ssn, id")).isEqualTo("Partial -");
        assertThat(shown("select card from customers")).isEqualTo("Hash");
    }

    @Test
    void redactsExpressions() throws SQLException {
        assertThat(shown("select upper(ssn), length(ssn), ssn || 'x', id from customers")).isEqualTo("Redact Redact Redact -");
        assertThat(shown("select max(ssn), count(ssn), count(*) from customers")).isEqualTo("Redact Redact -");
        assertThat(shown("select case when ssn > '9' then 1 end from customers")).isEqualTo("Redact");
        assertThat(shown("select profile, name from customers")).isEqualTo("- -");
        assertThat(shown("select c from people c")).isEqualTo("Redact");
        assertThat(shown("select row_to_json(p) from people p")).isEqualTo("Redact");
    }

    @Test
    void refusesExpressionsWhoseErrorsTellTheValue() throws SQLException {
        assertThat(shown("select 1 / (case when ssn like '9%' then 0 else 1 end) from customers")).startsWith("refused: ").contains("could fail");
        assertThat(shown("select case when ssn > '9' then 1 / (id - id) end from customers")).startsWith("refused: ").contains("would decide what is computed");
        assertThat(shown("select ssn::int from customers")).startsWith("refused: the cast to ").contains("could fail");
    }

    @Test
    void letsOrdinaryWorkPass() throws SQLException {
        assertThat(shown("select 1")).isEqualTo("nothing");
        assertThat(shown("select o.id, sum(total) from orders o group by o.id order by 2 desc")).isEqualTo("nothing");
        assertThat(shown("select c.name, count(*) from customers c join orders o on o.customer = c.id where c.born > '2000-01-01' group by c.name order by 2")).isEqualTo("- -");
        assertThat(shown("select name from customers where card = '4111111111111111'")).isEqualTo("-");
        assertThat(shown("select card, count(*) from customers group by card")).isEqualTo("Hash -");
        assertThat(shown("update customers set ssn = '1' where id = 1")).isEmpty();
        assertThat(shown("insert into backup (ssn) select ssn from customers")).isEmpty();
        assertThat(shown("select relname from pg_class where relkind = 'r'")).isEqualTo("nothing");
        assertThat(shown("select attname, null_frac from pg_stats")).doesNotStartWith("refused");
    }

    @Test
    void refusesWhatWouldTellValues() throws SQLException {
        for (String sql : List.of(
                "select id from customers where ssn like '9%'",
                "select id from customers where ssn = '1'",
                "select id from people where number > '5'",
                "select id from customers order by ssn",
                "select id from customers order by length(ssn)",
                "select count(*) from customers group by ssn",
                "select distinct ssn from customers",
                "select a.id from customers a join backup b on a.ssn = b.ssn",
                "select id from customers where exists (select from backup where backup.ssn = customers.ssn)",
                "select count(*) filter (where ssn like '9%'), id from customers group by id having max(ssn) > '5'",
                "select id from customers limit (select length(ssn) from customers where id = 1)",
                "select secret from customers",
                "select * from customers",
                "select id from customers where card like '4%'",
                "update orders set note = ssn from customers where customers.id = customer",
                "insert into orders (id, note) select id, ssn from customers",
                "update customers set name = ssn",
                "insert into backup (ssn) select ssn || 'x' from customers",
                "insert into backup (ssn) select coalesce(ssn, 'none') from customers",
                "update customers set ssn = left(ssn, 4)",
                "select peek(1)",
                "select of_customer(c) from customers c",
                "select query_to_xml('select ssn from customers', true, true, '')",
                "select set_config('a.b', ssn, false) from customers",
                "select pg_notify('c', ssn) from customers",
                "select most_common_vals from pg_stats",
                "select stavalues1 from pg_statistic",
                "select pid from pg_stat_activity where query like 'select%'",
                "select pg_stat_get_activity(1)",
                "select lo_get(1)",
                "select pg_read_file('x')")) {
            assertThat(shown(sql)).as(sql).startsWith("refused: ");
            assertThat(touches(sql)).as(sql).isTrue();
        }
    }
}
