// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold for any statement: no call is overlooked, however it is wrapped; and texts of one template have the same facts. */
class StatementPropertiesTest {
    private static final List<String> EXPRESSIONS = List.of(
            "(%s)", "lower(%s)", "a + %s", "%s::text", "case when %s is null then 1 end", "case a when 1 then %s else 2 end", "coalesce(1, %s)", "array[1, %s]", "row(1, %s)",
            "(select %s)", "exists (select 1 from t where b = %s)", "a in (1, %s)", "a in (select %s)", "(array[1, 2])[%s]", "nullif(%s, 1)", "greatest(1, %s)",
            "count(*) filter (where %s = '1')", "sum(a) over (partition by %s)", "sum(a) over (order by %s rows between 1 preceding and current row)",
            "string_agg(a, ',' order by %s)", "percentile_cont(0.5) within group (order by %s)", "(%s).name", "not (%s = '1')", "a between 1 and %s", "a like %s", "%s is not null",
            "%s collate \"C\"", "json_object('a': %s)", "json_array(%s)", "xmlelement(name x, %s)", "f(a => %s)", "f(variadic %s)", "%s at time zone 'UTC'", "overlay(a placing %s from 1)",
            "any_value(distinct %s)", "a operator(pg_catalog.+) %s", "json_value(%s, '$')", "xmlserialize(content %s as text)", "(a, b) = (1, %s)", "a is distinct from %s");
    private static final List<String> STATEMENTS = List.of(
            "select %s", "select 1 from t where %s is null", "select * from t order by %s", "select 1 from t group by %s", "select 1 from t having %s is null", "select 1 limit %s",
            "select 1 offset %s", "select distinct on (%s) a from t", "values (1), (%s)", "select * from generate_series(1, %s)", "select * from rows from (f(1), f(%s)) x",
            "select * from t join u on %s is null", "select * from t, lateral (select %s) x", "with x as (select %s) select 1", "with x as (delete from t where a = %s returning 1) select 1",
            "insert into t values (%s)", "insert into t select %s", "insert into t values (1) on conflict (a) do update set b = %s", "insert into t values (1) returning %s",
            "update t set a = %s where id = 1", "update t set (a, b) = (1, %s) where id = 1", "delete from t where a = %s", "delete from t where a = 1 returning %s",
            "merge into t using u on t.a = %s when matched then update set a = 1", "merge into t using u on t.a = u.a when matched and %s is null then do nothing",
            "merge into t using u on t.a = u.a when not matched then insert values (%s)", "select 1 union select %s", "select * from t tablesample bernoulli (%s)",
            "explain analyze select %s", "declare c cursor for select %s", "copy (select %s) to stdout", "create table u as select %s", "execute p(%s)", "call p(%s)",
            "create table t (a text default %s)", "create table t (a text check (%s is null))", "create index on t ((%s))", "create policy p on t using (%s is null)",
            "select window_call(1) over w from t window w as (order by %s)", "select * from json_table(%s, '$' columns (a int path '$')) x", "select 1 from t where current_date > %s for update",
            "create materialized view m as select %s", "copy t from stdin where a = %s", "select * from xmltable('/a' passing %s columns a int)", "alter table t add column b text default %s");

    @Property(tries = 300)
    void everyCallIsFoundWhereverItIs(@ForAll("nests") String sql) {
        Reading reading = Readers.read(sql);
        assertThat(reading).as(sql).isInstanceOf(Reading.Understood.class);
        StatementFacts facts = ((Reading.Understood) reading).statements().getFirst();

        assertThat(facts.effects()).as(sql).contains(Effect.FILE);
        assertThat(facts.functions()).as(sql).contains(new FunctionName(null, "pg_read_file"));
    }

    @Provide
    Arbitrary<String> nests() {
        Arbitrary<List<String>> wrappers = Arbitraries.of(EXPRESSIONS).list().ofMaxSize(4);
        return Combinators.combine(Arbitraries.of(STATEMENTS), wrappers).as((statement, expressions) -> {
            String inner = "pg_read_file('x')";
            for (String expression : expressions) {
                inner = "(" + expression.replace("%s", inner) + ")";
            }
            return statement.replace("%s", inner);
        });
    }

    @Property(tries = 300)
    void textsOfOneTemplateHaveTheSameFacts(@ForAll("pairs") List<String> pair) {
        String first = pair.getFirst();
        String second = pair.getLast();
        Template template = Template.of(first);
        assertThat(template).isNotNull().isEqualTo(Template.of(second));

        StatementWalk.Result byTheFirst = FreshReading.of(first);
        StatementWalk.Result byTheSecond = FreshReading.of(second);

        assertThat(byTheFirst.dependsOnConstants()).isEqualTo(byTheSecond.dependsOnConstants());
        if (!byTheFirst.dependsOnConstants()) {
            assertThat(byTheFirst.statements()).as(first + " / " + second).isEqualTo(byTheSecond.statements());
            assertThat(FreshReading.of(template.representative())).isEqualTo(byTheFirst);
        }
        assertThat(Readers.understood(first).statements()).isEqualTo(byTheFirst.statements());
        assertThat(Readers.understood(second).statements()).isEqualTo(byTheSecond.statements());
    }

    @Provide
    Arbitrary<List<String>> pairs() {
        List<String> shapes = List.of(
                "update t set a = #i where #i = #i", "update t set a = #i where id = #i", "delete from t where id in (#i, #i)", "delete from t where #i in (#i, #i)",
                "delete from t where a like #s", "delete from t where #s", "delete from t where #s::bool or id = #i", "delete from t where a = #i or a <> #i",
                "delete from t where coalesce(a, #i) = coalesce(a, #i)", "delete from t where a between #i and #i", "delete from t where #i between #i and #i",
                "delete from t where exists (select 1 limit #i)", "delete from t where id in (select id from t limit #i)", "select set_config(#s, #s, true)", "select a from t limit #i",
                "select #i, #s, #f from t where a = #s", "insert into t values (#i, #s), (#i, #s)", "update t set a = #s where b ~ #s", "delete from t where #i + #i = #i",
                "delete from t where case when #i = #i then true else a = #i end", "delete from t where a is not distinct from #i", "delete from t where #f < #i", "delete from t where not #i = #i",
                "select dblink(#s, #s)", "select nextval(#s)", "explain (analyze #i) delete from t", "set work_mem = #i", "select lower(#s)", "delete from t where (select #s::bool)",
                "merge into t using u on #i = #i when matched then delete", "delete from t where a = any (array[#i, #i])", "delete from t where #s = #s and a = #i", "begin; delete from t where a = #i; commit");
        Arbitrary<String> integers = Arbitraries.of("0", "1", "2", "1", "0x1", "1_0", "2147483647");
        Arbitrary<String> strings = Arbitraries.of("'t'", "'f'", "'%'", "''", "'role'", "'1'", "$$t$$", "E't'", "'a''b'", "'.*'", "'t' \n ''");
        Arbitrary<String> numerics = Arbitraries.of("0.0", "1.5", "1e3", "99999999999");
        return Combinators.combine(Arbitraries.of(shapes), integers.list().ofSize(8), strings.list().ofSize(8), numerics.list().ofSize(4), Arbitraries.integers().between(0, 3))
                .as((shape, is, ss, fs, shift) -> List.of(fill(shape, is, ss, fs, 0), fill(shape, is, ss, fs, shift)));
    }

    private static String fill(String shape, List<String> integers, List<String> strings, List<String> numerics, int from) {
        String text = shape;
        for (int i = from; text.contains("#"); i++) {
            text = text.replaceFirst("#i", integers.get(i % integers.size()))
                    .replaceFirst("#s", Matcher.quoteReplacement(strings.get(i % strings.size())))
                    .replaceFirst("#f", numerics.get(i % numerics.size()));
        }
        return text;
    }
}
