// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "alter role bob password 'hunter2'", "create user bob encrypted password 'hunter2' valid until 'x'", "ALTER ROLE bob PASSWORD E'hunter2'",
        "alter role bob password $$hunter2$$", "alter role bob password $x$hunter2$x$", "alter role bob password U&'hunter2'",
        "alter role bob password 'hunt'\n'hunter2'", "alter role bob password /* c */ 'hunter2'", "create role bob password 'hunter2' nonsense", "alter role bob password 'hunter2",
        "create user mapping for bob server s options (user 'bob', password 'hunter2')", "create user mapping for bob server s options (\"password\" 'hunter2')",
        "alter user mapping for bob server s options (set password 'hunter2')", "create subscription s connection 'host=h password=hunter2' publication p",
        "create subscription s connection 'host=h password = hunter2' publication p", "alter subscription s connection 'postgresql://bob:hunter2@h/db'",
        "select dblink_connect('host=h password=hunter2')", "select * from dblink('postgres://bob:hunter2@h/db', 'select 1') as t(a int)",
        "alter system set primary_conninfo = 'host=h password=hunter2'", "do $$ begin execute 'alter role bob password ''hunter2'''; end $$",
        "do 'begin alter role bob password ''hunter2''; end'", "copy t from program 'PGPASSWORD=hunter2 psql'", "do $$ begin alter role bob password 'hunter2'; end $$",
        "select dblink_connect(E'pass\\x77ord=hunter2')", "select dblink_connect(U&'pass\\0077ord=hunter2')", "select dblink_connect(U&'pass!0077ord=hunter2' uescape '!')",
        "select dblink_connect(U&'pass!+000077ord=hunter2' /* c */ UESCAPE $$!$$)", "select dblink_connect(E'pass\\167ord\\u003dhunter2')", "select dblink_connect('host=h pass'\n'word=hunter2')",
        "create user mapping for bob server s options (U&\"pass\\0077ord\" 'hunter2')", "create user mapping for bob server s options (U&\"pass!0077ord\" uescape '!' 'hunter2')",
        "select dblink_connect($$host=h password=hunter2$$)", "select dblink_connect($$postgres://bob:hunter2@h/db$$)", "do language plpython3u $$ connect(password=\"hunter2\") $$",
        "copy t from program $$PGPASSWORD=hunter2 psql$$", "create server s foreign data wrapper w options (passwd 'hunter2')"})
    void takesTheSecretOut(String sql) {
        Reading reading = Readers.read(sql);

        assertThat(reading.redactedSql()).doesNotContain("hunter2").contains("***");
    }

    /** How a constant is written hides nothing: whoever sends it would choose what of it is not seen. */
    @ParameterizedTest
    @ValueSource(strings = {
        "update accounts set owner = 'me' where name = U&'\\006dine'", "update accounts set owner = 'me' where name = U&'\\006dine' or 1 = 2", "delete from t where a = E'\\x6d' or 1 = 2",
        "delete from t where a = U&'!006d' uescape '!' or 1 = 2", "delete from t where U&\"n\\0061me\" = 'dine' or 1 = 2", "delete from t where U&\"n!0061me\" uescape '!' = 'dine' or 1 = 2",
        "do $$ begin /* token: */ delete from t; end $$", "do $x$ begin delete from t; -- password =\n end $x$", "create function f() returns int language sql as $$ select 1 /* secret= */ $$",
        "update users set token = 'x', name = U&'\\0061' where id = 1"})
    void showsWhatHidesNothing(String sql) {
        assertThat(Readers.read(sql).redactedSql()).isEqualTo(sql);
    }

    @Test
    void aWordIsTakenOutOfABodyAndNoMoreThanThat() {
        assertThat(Readers.read("do $$ begin token := other(a); delete from t; /* token:*/ end $$").redactedSql())
                .isEqualTo("do $$ begin token := ***(a); delete from t; /* token:*/ end $$");
    }

    @Test
    void tellsHowManyConstantsItHasTakenOutAndKeepsTheTextAsItWasSent() {
        String sql = "do $$ begin alter role a password 'x'; alter role b password 'y'; end $$";
        assertThat(Readers.read(sql)).isInstanceOfSatisfying(Reading.Understood.class, reading -> {
            assertThat(reading.hidden()).isEqualTo(2);
            assertThat(reading.sentSql()).isEqualTo(sql);
            assertThat(reading.toString()).doesNotContain("'x'");
        });
    }

    @Test
    void bodiesInBodiesEndSomewhere() {
        StringBuilder body = new StringBuilder("password = 'hunter2'");
        for (int i = 0; i < 2_000; i++) {
            body.insert(0, "$a" + i + "$").append("$a").append(i).append('$');
        }
        assertThat(Secrets.redact("do " + body).sql()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "select 'password'", "insert into t values ('the password is wrong')", "comment on column t.password is 'hash of the password'",
        "select password from users where name = 'bob'", "alter role bob password null", "update t set password = $1 where id = 2", "create table t (password text default 'x')"})
    void leavesTheRest(String sql) {
        assertThat(Readers.read(sql).redactedSql()).isEqualTo(sql);
    }
}
