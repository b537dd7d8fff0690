// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

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
        "select dblink_connect(E'pass\\x77ord=hunter2')", "create server s foreign data wrapper w options (passwd 'hunter2')"})
    void takesTheSecretOut(String sql) {
        Reading reading = Readers.read(sql);

        assertThat(reading.redactedSql()).doesNotContain("hunter2").contains("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "select 'password'", "insert into t values ('the password is wrong')", "comment on column t.password is 'hash of the password'",
        "select password from users where name = 'bob'", "alter role bob password null", "update t set password = $1 where id = 2", "create table t (password text default 'x')"})
    void leavesTheRest(String sql) {
        assertThat(Readers.read(sql).redactedSql()).isEqualTo(sql);
    }
}
