// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the trees of real servers: whether an error could tell something of {@code customers.ssn} or {@code customers.balance}. */
class FailuresIT {
    private static final List<String> TELLING = List.of(
            "select 1 / (case when ssn like '9%' then 0 else 1 end) from customers",
            "select case when ssn > '5' then 1 / (id - id) end from customers",
            "select case ssn when '5' then (id / 0)::text else 'x' end from customers",
            "select ssn::int from customers", "select cast(ssn as date) from customers", "select ssn::email_address from customers", "select (ssn || '@')::jsonb from customers",
            "select ('{' || ssn || '}')::int[] from customers", "select array[ssn]::int[] from customers", "select ssn like 'x' from customers", "select ssn ~ '9' from customers",
            "select balance * 12.5 from customers", "select balance * balance from customers", "select balance + 1e131071 from customers", "select balance * $1 from customers",
            "select (profile ->> 'ssn')::int from customers", "select sqrt(balance) from customers", "select 1 / balance from customers", "select power(balance, 9) from customers", "select balance::int from customers",
            "select chr(length(ssn)) from customers", "select repeat('x', length(ssn)) from customers", "select replace(ssn, '1', repeat('x', 500000000)) from customers",
            "select date_trunc(ssn, born::timestamp) from customers", "select to_char(born::timestamp, ssn) from customers", "select substr(name, 1, length(ssn)) from customers",
            "select sum(length(ssn)::float8 * 1e300) from customers", "select 1 / count(*) filter (where ssn like '9%') from customers",
            "select sum(1 / (id - id)) filter (where ssn > '5') from customers", "select coalesce(nullif(ssn, '5'), (1 / (id - id))::text) from customers",
            "select (ssn > '5') and (1 / (id - id) = 1) from customers", "select (ssn > '5') or (1 / (id - id) = 1) from customers",
            "select case when ssn > '5' then pg_sleep(1)::text end from customers", "select case when ssn > '5' then (select id from orders limit 5) end from customers",
            "select case when ssn > '5' then nextval('s') end from customers",
            "select (select 1 from orders o where c.ssn > '5') from customers c", "select (select 1 from customers where ssn > '5')",
            "select (select count(*) from orders limit (case when c.ssn > '5' then -1 else 1 end)) from customers c",
            "select case when s.ssn > '5' then s.q end from (select ssn, 1 / (id - id) as q from customers) s",
            "with c as materialized (select 1 / length(ssn) as q from customers) select count(*) from c",
            "with c as materialized (select 1 / length(ssn) as q from customers) select s.id from (select id, (select max(q) from c) as unused from orders) s, c",
            "select id from (select id, 1 / length(ssn) + random() as q from customers) s",
            "select id from (select distinct id, 1 / length(ssn) as q from customers) s",
            "select xmlparse(content ssn) from customers", "select array[array[1], string_to_array(ssn, ',')::int[]] from customers",
            "select sum(id) over (rows (select length(min(ssn)) from customers) preceding) from orders",
            "select date_trunc('bogus', placed), case when ssn > '5' then date_trunc('bogus', placed) end from customers, orders",
            "update customers set city = city where id = 1 returning ssn::int", "insert into notes (id, rank) select 1, 1 / length(ssn) from customers",
            "select generate_series(1, length(ssn)) from customers", "select * from customers c, generate_series(1, length(c.ssn)) g");

    private static final List<String> SILENT = List.of(
            "select balance * 12, 5 - balance, balance + 1 from customers", "select profile -> 'ssn', profile ->> 'ssn', profile #>> '{a,b}', profile ? 'a', (profile -> 'a')::text from customers",
            "select ssn, balance from customers", "select upper(ssn), lower(ssn), length(ssn), md5(ssn), left(ssn, 3), right(ssn, 4) from customers",
            "select ssn || '-' || id, concat(ssn, 1), coalesce(ssn, 'none'), ssn::text, ssn::varchar, balance::text from customers",
            "select coalesce(ssn, 'none'), id / 2 from customers", "select case when balance > 100 then 'rich' else 'poor' end from customers",
            "select case when ssn is null then 'no' when ssn = '5' then 'five' end, nullif(ssn, ''), greatest(ssn, 'a') from customers",
            "select min(ssn), max(ssn), count(ssn), count(distinct ssn), string_agg(ssn, ','), array_agg(ssn), json_agg(ssn), avg(balance), sum(balance) from customers",
            "select to_char(balance, '999'), round(balance, 1), floor(balance), abs(balance), substr(ssn, 1, 3), substring(ssn from 2) from customers",
            "select row_to_json(c), to_jsonb(c), json_build_object('ssn', ssn) from customers c", "select c from customers c", "select c::text from customers c",
            "select id / 0, sqrt(id), ssn from customers", "select id from (select id, 1 / length(ssn) as q from customers) s", "select lag(ssn) over (order by id) from customers",
            "select (select ssn from customers where id = o.customer) from orders o", "select card, label from customer_cards", "select array[ssn, name], row(ssn, 1) from customers",
            "select count(*), city from customers group by city having count(*) > 1 order by count(*) / 2", "update customers set ssn = '5', balance = 5 where id = 1 returning ssn",
            "with c as (select * from customers) select c.ssn, o.amount / 2 from c join orders o on o.customer = c.id");

    /** What a subquery has, and nobody asks for. */
    private static final List<String> NOT_COMPUTED = List.of(
            "select count(*) from (select 1 / (id - id) as q from customers) s", "select id from (select id, 1 / (id - id) as q from customers offset 0) s",
            "select id from (select id, 1 / (id - id) as q from customers order by id limit 5) s", "select n from (select count(*) as n, sum(1 / (id - id)) as q from customers group by city) s",
            "select a.id from customers a left join (select id, 1 / (id - id) as q from customers) s on s.id = a.id", "select exists (select 1 / (id - id) from customers)",
            "select id from (select id, 1 / (id - id) as q, row_number() over (order by id) from customers) s");

    /** Telling statements of the same kind whose failing part the server computes although nobody asks for it: they are not to be taken for the above. */
    private static final List<String> COMPUTED = List.of(
            "select id from (select id, 1 / (id - id) as q, random() from customers union all select 1, 1, 1) s", "select id from (select id, 1 / (id - id) + random() as q from customers) s",
            "select id from (select distinct id, 1 / (id - id) as q from customers) s", "with c as materialized (select id, 1 / (id - id) as q from customers) select id from c");

    @ParameterizedTest
    @EnumSource(names = {"V13", "V18"})
    void serversComputeWhatIsTakenToBeComputed(ServerVersion version) throws IOException, SQLException {
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : NOT_COMPUTED) {
                assertThatCode(() -> statement.executeQuery(sql).close()).as(sql).doesNotThrowAnyException();
            }
            for (String sql : COMPUTED) {
                assertThatThrownBy(() -> statement.executeQuery(sql).close()).as(sql).hasMessageContaining("division by zero");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V13", "V15", "V18"})
    void knowsWhatAnErrorWouldTell(ServerVersion version) throws IOException, SQLException {
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create sequence s");
            Catalog catalog = TestCatalog.of(version.major(), TestCatalog.lines(connection));
            Relation customers = catalog.relation("public", "customers");
            assertThat(customers).isNotNull();
            Set<ColumnId> secret = Set.of(new ColumnId(customers.oid(), 3), new ColumnId(customers.oid(), 6), new ColumnId(customers.oid(), 8));
            try (TreeProbe probe = new TreeProbe(server.getPort(), "postgres", "postgres")) {
                assertThat(TELLING.stream().filter(sql -> !tells(probe, sql, version, catalog, secret))).as("are not found").isEmpty();
                assertThat(SILENT.stream().filter(sql -> tells(probe, sql, version, catalog, secret))).as("are harmless").isEmpty();
            }
        }
    }

    private static boolean tells(TreeProbe probe, String sql, ServerVersion version, Catalog catalog, Set<ColumnId> secret) {
        try {
            Lineage lineage = LineageResolver.resolve(probe.parse(sql).trees(), version.major(), catalog);
            if (!(lineage instanceof Lineage.Resolved resolved)) {
                throw new AssertionError(sql + ": " + lineage);
            }
            Set<ColumnId> told = new HashSet<>(resolved.failures().isEmpty() ? Set.of() : resolved.choosing());
            resolved.failures().forEach(failure -> told.addAll(failure.columns()));
            return told.stream().anyMatch(secret::contains);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void listsOnlyFunctionsOfTheServerThatDoNothingElse(ServerVersion version) throws IOException, SQLException {
        Set<String> listed = new HashSet<>();
        Statements.lines("total-functions.txt").stream().filter(line -> !line.startsWith("#")).map(line -> line.split(" ")).forEach(line -> listed.add(line[0] + " " + line[1]));
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet functions = statement.executeQuery(
                        "select proname || ' ' || coalesce(nullif(replace(proargtypes::text, ' ', ','), ''), '-') from pg_proc where oid < 16384 and provolatile <> 'v'"
                                + " and pronamespace = 'pg_catalog'::regnamespace and not proretset")) {
            while (functions.next()) {
                listed.remove(functions.getString(1));
            }
        }

        assertThat(listed).isSubsetOf(version == ServerVersion.V18 ? Set.of() : Set.of("any_value 2283", "min 17", "max 17", "min 2249", "max 2249"));
    }
}
