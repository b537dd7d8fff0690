// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which columns the text names, by relation. */
final class NamedColumnsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            select a, b from t                                          | t.read(a,b)
            select * from t                                             | t.read(*)
            table t                                                     | t.read(*)
            select count(*) from t                                      | t.read()
            select x.a, y.* from t x join u y on x.id = y.t             | t.read(a,id) u.read(*,t)
            select a from t, u                                          | t.read(a) u.read(a)
            select t from t                                             | t.read(*,t)
            select s.t.a from s.t                                       | t.read(a)
            select (c).f, t.c.f from t                                  | t.read(c,t)
            select 1 from t join u using (id)                           | t.read(id) u.read(id)
            select 1 from t natural join u                              | t.read(*) u.read(*)
            select a from (select b from t) q where exists (select 1 from u where u.c = q.b) | t.read(a,b,q) u.read(a,b,c,q)
            insert into t (a, b) values (1, 2)                          | t.insert(a,b)
            insert into t values (1)                                    | t.insert(*)
            insert into t (a) select b from u                           | t.insert(a) u.read(b)
            insert into t (a) values (1) on conflict (a) do update set b = excluded.b | t.insert(a) t.update(b,excluded)
            insert into t (a) values (1) returning id                   | t.insert(a) t.read(id)
            update t set a = 1 where b = 2                              | t.update(a,b)
            update t set (a, c) = (1, 2)                                | t.update(a,c)
            update only t as x set a = u.b from u where u.id = x.id     | t.update(a,id) u.read(b,id)
            delete from t where b = 2                                   | t.delete(b)
            merge into t using u on t.id = u.id when matched then update set a = u.a when not matched then insert (id) values (u.id) | t.insert(id) t.update(a,id) u.read(a,id)
            copy t (a, b) from stdin                                    | t.insert(a,b)
            copy t to stdout                                            | t.read(*)
            explain analyze delete from t where b = 2                   | t.delete(b)
            """)
    void areThoseThatItNames(String sql, String expected) {
        StatementFacts facts = Readers.one(sql);
        String named = facts.relations().stream()
                .map(relation -> relation.name() + "." + relation.access().name().toLowerCase(Locale.ROOT)
                        + facts.columns().getOrDefault(relation, Set.of()).stream().sorted().collect(Collectors.joining(",", "(", ")")))
                .sorted()
                .collect(Collectors.joining(" "));
        assertThat(named).isEqualTo(expected);
    }
}
