// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {
    private static final StatementReaderSettings SMALL = new StatementReaderSettings(1, 2, 2000, 200, 20, 1 << 20, 1 << 20);

    @Test
    void knowsAtOnceWhatItHasRead() {
        String sql = "select known from at_once where id = 1";
        assertThat(Readers.SHARED.readNow(sql)).isNull();

        Reading reading = Readers.read(sql);

        assertThat(Readers.SHARED.readNow(sql)).isEqualTo(reading);
        assertThat(Readers.SHARED.readNow("select known\n  from at_once -- same\n where id = 2"))
                .isInstanceOfSatisfying(Reading.Understood.class, other -> {
                    assertThat(other.statements()).isEqualTo(((Reading.Understood) reading).statements());
                    assertThat(other.fingerprint()).isEqualTo(((Reading.Understood) reading).fingerprint());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "select known from kinds where id = 'a'", "select known from kinds where id = 1.5", "select known from kinds where id = null",
        "select known from kinds where id = true", "select known from kinds where id = $1", "select known from kinds where id = b'1'",
        "select known from kinds where id = x'1'", "select known from kinds where id = 99999999999", "select known from kinds where id = \"a\"",
        "select known from kinds where id = n'a'", "select known from kinds where id = -1", "select known from kinds where id = (1)"})
    void constantsOfAnotherKindAreAnotherTemplate(String sql) {
        Readers.read("select known from kinds where id = 1");

        assertThat(Template.of(sql)).isNotEqualTo(Template.of("select known from kinds where id = 1"));
    }

    @Test
    void factsThatDependOnAConstantAreReadForEachText() {
        assertThat(Readers.one("delete from per_text where 1 = 2").bounded()).isTrue();
        assertThat(Readers.SHARED.readNow("delete from per_text where 1 = 1")).isNull();
        assertThat(Readers.one("delete from per_text where 1 = 1").bounded()).isFalse();
        assertThat(Readers.one("select set_config('a.b', 'x', true)").settings()).containsEntry("a.b", "x");
        assertThat(Readers.one("select set_config('role', 'x', true)").setsRole()).isTrue();
    }

    @Test
    void anEmptyQueryHasNoStatements() {
        assertThat(Readers.understood("").statements()).isEmpty();
        assertThat(Readers.understood(" ; ; -- nothing").statements()).isEmpty();
    }

    @Test
    void aTextHasItsStatementsInOrder() {
        assertThat(Readers.understood("begin; delete from t; commit").statements())
                .extracting(StatementFacts::kind)
                .containsExactly("BEGIN", "DELETE", "COMMIT");
    }

    @Test
    void aSyntaxErrorIsTheServersOwn() {
        assertThat(Readers.read("select 'é' é_ from_"))
                .isEqualTo(new Reading.SyntaxError("42601", "syntax error at or near \"from_\"", 15, "select 'é' é_ from_"));
        assertThat(Readers.read("select 1; garbage"))
                .isEqualTo(new Reading.SyntaxError("42601", "syntax error at or near \"garbage\"", 11, "select 1; garbage"));
        assertThat(Readers.read("select 'x"))
                .isEqualTo(new Reading.SyntaxError("42601", "unterminated quoted string at or near \"'x\"", 8, "select 'x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "select 1 limit 1, 2 | 42601 | LIMIT #,# syntax is not supported | Use separate LIMIT and OFFSET clauses.",
        "drop operator = (int4) | 42601 | missing argument | Use NONE to denote the missing argument of a unary operator.",
        "create policy p on t as ugly | 42601 | unrecognized row security option \"ugly\" | Only PERMISSIVE or RESTRICTIVE policies are supported currently.",
        "create user u unencrypted password 'x' | 0A000 | UNENCRYPTED PASSWORD is no longer supported | Remove UNENCRYPTED to store the password in encrypted form instead.",
    })
    void aSyntaxErrorHasTheServersHint(String sql, String sqlState, String message, String hint) {
        Reading.SyntaxError error = (Reading.SyntaxError) Readers.read(sql);

        assertThat(error.sqlState()).isEqualTo(sqlState);
        assertThat(error.message()).startsWith(message);
        assertThat(error.hint()).isEqualTo(hint);
        assertThat(error.detail()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "create role public | 42939",
        "select sum(1) over (rows between unbounded following and current row) | 42P20",
        "create schema if not exists s create table t (a int) | 0A000",
        "create table t (a float(77)) | 22023",
    })
    void anErrorOfTheGrammarHasTheServersSqlState(String sql, String sqlState) {
        assertThat(((Reading.SyntaxError) Readers.read(sql)).sqlState()).isEqualTo(sqlState);
    }

    @Test
    void aSyntaxErrorHasTheServersDetail() {
        Reading.SyntaxError error = (Reading.SyntaxError) Readers.read("create publication p for a, b");

        assertThat(error.message()).startsWith("invalid publication object list");
        assertThat(error.detail()).startsWith("One of TABLE or TABLES IN SCHEMA");
        assertThat(error.hint()).isNull();
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        try (StatementReader reader = StatementReader.start(SMALL)) {
            assertRefused(reader, "select " + "a,".repeat(1500) + "a", "54000");
            assertRefused(reader, "select " + "a,".repeat(150) + "a", "54000");
            assertRefused(reader, "select " + "(".repeat(21) + "1" + ")".repeat(21), "54001");
            assertRefused(reader, "set x = '\ud800'", "22021");
            assertRefused(reader, "set x = 'a\0b'", "22021");
        }
    }

    @Test
    void readsAnyNumberOfRowsByTheFirst() {
        try (StatementReader reader = StatementReader.start(SMALL)) {
            String rows = IntStream.range(0, 5000).mapToObj(i -> "(" + i + ", 'text " + i + "', $1, null, date '2026-01-01')").collect(Collectors.joining(", "));

            Reading reading = Readers.read(reader, "insert into t values " + rows);

            assertThat(reading).isInstanceOfSatisfying(Reading.Understood.class, understood -> {
                assertThat(understood.statements().getFirst().kind()).isEqualTo("INSERT");
                assertThat(understood.fingerprint())
                        .isEqualTo(((Reading.Understood) Readers.read(reader, "insert into t values (1, 'a', $7, null, date 'today')")).fingerprint());
            });
        }
    }

    @Test
    void aRowThatCallsAFunctionIsNotLeftOut() {
        assertThat(Readers.one("insert into t values (lower('a')), (pg_read_file('a'))").effects()).contains(Effect.FILE);
        assertThat(Readers.one("insert into t values ('a'), ((select pg_read_file('a')))").effects()).contains(Effect.FILE);
        assertThat(Readers.understood("insert into t values (1), (1); drop table t").statements()).hasSize(2);
    }

    @Test
    void survivesATreeThatIsDeepWithoutParentheses() {
        for (String sql : List.of("select 1" + " + 1".repeat(4000), "select " + "not ".repeat(4000) + "true", "select 1" + " union select 1".repeat(800))) {
            assertThat(Readers.read(sql)).as(sql.substring(0, 30)).satisfiesAnyOf(
                    reading -> assertThat(reading).isInstanceOf(Reading.Understood.class),
                    reading -> assertThat(reading).isInstanceOfSatisfying(Reading.Refused.class, refused -> assertThat(refused.sqlState()).isEqualTo("54001")));
            assertThat(Readers.one("select 1 from after_" + sql.length()).kind()).isEqualTo("SELECT");
        }
    }

    @Test
    void manyCallersGetEachTheirOwnReading() {
        List<CompletableFuture<Reading>> readings = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            readings.add(Readers.SHARED.read("select " + "a".repeat(1 + i % 40) + " from t" + i % 50).toCompletableFuture());
        }

        for (int i = 0; i < readings.size(); i++) {
            Reading.Understood understood = (Reading.Understood) readings.get(i).orTimeout(60, TimeUnit.SECONDS).join();
            assertThat(understood.statements().getFirst().relations()).containsExactly(new RelationAccess(null, "t" + i % 50, Access.READ));
        }
    }

    @Test
    void refusesWhenTooManyWaitAndWhenClosed() {
        StatementReader reader = StatementReader.start(SMALL);
        List<CompletableFuture<Reading>> readings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readings.add(reader.read("select a" + i).toCompletableFuture());
        }
        reader.close();

        assertThat(readings).anySatisfy(reading -> assertThat(reading.orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Reading.Refused.class));
        assertThat(readings).allSatisfy(reading -> assertThat(reading.orTimeout(60, TimeUnit.SECONDS).join()).isNotNull());
        assertThat(Readers.read(reader, "select late")).isInstanceOf(Reading.Refused.class);
    }

    private static void assertRefused(StatementReader reader, String sql, String sqlState) {
        assertThat(Readers.read(reader, sql)).isInstanceOfSatisfying(Reading.Refused.class, refused -> assertThat(refused.sqlState()).isEqualTo(sqlState));
    }
}
