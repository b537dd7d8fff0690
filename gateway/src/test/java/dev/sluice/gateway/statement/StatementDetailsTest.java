// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementDetailsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            select * from a, s.b join c on true | a READ,s.b READ,c READ
            select * from "A b" | A b READ
            with x as (select * from t) select * from x | t READ
            with t as (select * from t) select * from t | t READ
            with recursive t as (select 1 union select * from t) select * from t |
            with x as (select 1), y as (select * from x) select * from y, z | z READ
            with x as (select 1) select * from public.x | public.x READ
            select * from (with x as (select 1) select * from x) y, x | x READ
            with x as (select 1) update x set a = 1 where id = 2 | x UPDATE
            insert into s.t select * from u | s.t INSERT,u READ
            insert into t values (1) on conflict (a) do update set b = 1 | t INSERT,t UPDATE
            delete from t using u where t.id = u.id returning * | t DELETE,t READ,u READ
            merge into t using u on t.id = u.id when matched then delete when not matched then insert values (1) | t DELETE,t INSERT,u READ
            select * from t, u for update of t | t LOCK,t READ,u READ
            select * from t a join u b on true for update of b | u LOCK,t READ,u READ
            create table s.u as select * from t | s.u CREATE,t READ
            create table t (a int references u) | t CREATE,u READ
            alter table s.t add b int | s.t ALTER
            drop table a, s.b | a DROP,s.b DROP
            drop trigger g on s.t | s.t ALTER
            truncate a, b | a TRUNCATE,b TRUNCATE
            lock table a | a LOCK
            grant select on s.t to bob | s.t GRANT
            vacuum a, b | a MAINTAIN,b MAINTAIN
            copy s.t to stdout | s.t READ
            copy t from stdin | t INSERT
            explain delete from t | t READ
            comment on table t is 'x' |
            """)
    void namesRelations(String sql, String relations) {
        String found = String.join(",", Readers.one(sql).relations().stream()
                .map(relation -> (relation.schema() == null ? "" : relation.schema() + ".") + relation.name() + " " + relation.access())
                .toList());

        assertThat(Arrays.asList(found.split(",", -1))).containsExactlyInAnyOrder((relations == null ? "" : relations).split(",", -1));
    }

    @Test
    void tellsPostgresqlsFunctionsFromOthers() {
        StatementFacts facts = Readers.one("select lower(a), pg_catalog.upper(b), s.lower(c), mine(d) from t");

        assertThat(facts.functions()).extracting(FunctionName::toString).containsExactly("lower", "pg_catalog.upper", "s.lower", "mine");
        assertThat(facts.unknownFunctions()).extracting(FunctionName::toString).containsExactly("s.lower", "mine");
        assertThat(facts.mayChangeReading()).isTrue();
        assertThat(Readers.one("select lower(a) from t").mayChangeReading()).isFalse();
        assertThat(Readers.one("select a operator(s.+) b").unknownFunctions()).containsExactly(new FunctionName("s", "+"));
    }

    @Test
    void tiesPreparedStatementsToTheirQuery() {
        StatementFacts prepared = Readers.one("prepare p as delete from t");
        assertThat(prepared.prepares()).isEqualTo("p");
        assertThat(prepared.inner()).singleElement().satisfies(query -> {
            assertThat(query.effects()).containsExactly(Effect.WRITE);
            assertThat(query.bounded()).isFalse();
        });

        StatementFacts executed = Readers.one("execute p").tiedTo(prepared.inner().getFirst());

        assertThat(executed.kind()).isEqualTo("EXECUTE");
        assertThat(executed.executes()).isEqualTo("p");
        assertThat(executed.effects()).containsExactly(Effect.WRITE);
        assertThat(executed.bounded()).isFalse();
        assertThat(executed.relations()).containsExactly(new RelationAccess(null, "t", Access.DELETE));
        assertThat(Readers.one("deallocate all").deallocates()).isEqualTo(StatementFacts.ALL);
        assertThat(Readers.one("explain analyze execute p").executes()).isEqualTo("p");
        assertThat(Readers.one("create table u as execute p").executes()).isEqualTo("p");
    }

    @Test
    void namesCursors() {
        assertThat(Readers.one("declare \"C\" cursor for select 1").declaresCursor()).isEqualTo("C");
        assertThat(Readers.one("fetch 5 from c").fetchesCursor()).isEqualTo("c");
        assertThat(Readers.one("move c").fetchesCursor()).isEqualTo("c");
        assertThat(Readers.one("update t set a = 1 where current of c").fetchesCursor()).isEqualTo("c");
        assertThat(Readers.one("close all").closesCursor()).isEqualTo(StatementFacts.ALL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            set search_path to a, "B" | search_path | a, B | false | false
            set local work_mem = 64 | work_mem | 64 | false | false
            set Client_Encoding = 'latin1' | client_encoding | latin1 | false | true
            set names 'latin1' | client_encoding | latin1 | false | true
            set standard_conforming_strings = off | standard_conforming_strings | off | false | true
            reset client_encoding | client_encoding | | false | true
            reset all | * | | true | true
            discard all | * | | true | true
            set role admin | role | admin | true | false
            reset role | role | | true | false
            set session authorization bob | session_authorization | bob | true | false
            select set_config('Role', 'admin', false) | role | admin | true | false
            select set_config(lower('x'), 'admin', false) | * | | true | true
            set transaction read write | transaction_read_only | off | false | false
            begin read write | transaction_read_only | off | false | false
            begin isolation level serializable | transaction_isolation | serializable | false | false
            set session characteristics as transaction read write | default_transaction_read_only | off | false | false
            set work_mem to default | work_mem | | false | false
            update pg_settings set setting = 'x' where name = 'role' | * | | true | true
            """)
    void readsSettings(String sql, String name, String value, boolean setsRole, boolean mayChangeReading) {
        StatementFacts facts = Readers.one(sql);

        assertThat(facts.settings()).containsEntry(name, value);
        assertThat(facts.setsRole()).isEqualTo(setsRole);
        assertThat(facts.mayChangeReading()).isEqualTo(mayChangeReading);
    }

    @ParameterizedTest
    @CsvSource({
        "begin, BEGIN", "start transaction, BEGIN", "commit and chain, COMMIT", "end, COMMIT", "rollback, ROLLBACK", "savepoint s, SAVEPOINT", "release s, RELEASE",
        "rollback to s, ROLLBACK_TO", "prepare transaction 'x', PREPARE_TRANSACTION", "commit prepared 'x', COMMIT_PREPARED", "select 1, NONE"
    })
    void readsTransactionControl(String sql, TransactionControl control) {
        assertThat(Readers.one(sql).transactionControl()).isEqualTo(control);
    }

    @ParameterizedTest
    @CsvSource({
        "copy t from stdin, IN", "copy t to stdout, OUT", "copy t from '/x', FILE", "copy t to program 'x', PROGRAM", "copy (select 1) to stdout, OUT", "select 1, NONE"})
    void readsTheDirectionOfCopy(String sql, CopyDirection direction) {
        assertThat(Readers.one(sql).copy()).isEqualTo(direction);
    }

    @Test
    void keepsWhatOthersWillExecuteInside() {
        assertThat(Readers.one("create view v as select * from t").inner()).singleElement().satisfies(query -> assertThat(query.kind()).isEqualTo("SELECT"));
        assertThat(Readers.one("create rule r as on insert to t do also (delete from u; select 1)").inner()).extracting(StatementFacts::kind).containsExactly("DELETE", "SELECT");
        assertThat(Readers.one("create function f() returns int begin atomic delete from t; select 1; end").inner()).extracting(StatementFacts::kind).containsExactly("DELETE", "SELECT");
    }
}
