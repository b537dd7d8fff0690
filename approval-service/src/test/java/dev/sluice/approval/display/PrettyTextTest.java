// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrettyTextTest {
    @Test
    void aStatementIsLaidOut() {
        assertThat(PrettyText.of(
                        "update orders  set status = 'x' from customers c left outer join regions r on r.id = c.region where c.id = orders.customer and (c.a = 1 or c.b in (select b from d)) returning *"))
                .isEqualTo("""
                        update orders
                        set status = 'x'
                        from customers c
                        left outer join regions r
                          on r.id = c.region
                        where c.id = orders.customer
                          and (c.a = 1
                            or c.b in (select b
                            from d))
                        returning *""");
    }

    @Test
    void commentsStayWhereTheyAre() {
        assertThat(PrettyText.of("DELETE FROM t -- where id = 1\n WHERE true /* and /* nested */ id = 2 */ ; SELECT 1"))
                .isEqualTo("""
                        DELETE FROM t
                        -- where id = 1
                        WHERE true
                        /* and /* nested */ id = 2 */ ;
                        SELECT 1""");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT 'where is   it'  FROM t",
        "SELECT \"from   x\" FROM  t",
        "SELECT $a$ from $b$ where $a$ FROM  t",
        "SELECT E'it\\'s  from' FROM  t",
        "SELECT 'a'  \n 'b' FROM  t",
        "SELECT a--b\nFROM t",
        "SELECT 1-- comment from\n  FROM t",
        "SELECT U&'x  from'  FROM t",
        "SELECT x$1  FROM t WHERE  y=$1  AND z",
    })
    void onlyWhiteSpaceBetweenTokensDiffers(String sql) {
        var pretty = PrettyText.of(sql);

        assertThat(meaning(pretty == null ? sql : pretty)).isEqualTo(meaning(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'open FROM t", "SELECT 'a\\' FROM t", "SELECT /* open  FROM t", "SELECT \"open  FROM t", "SELECT $a$ open  FROM t"})
    void whatCannotBeCutForCertainIsNotLaidOut(String sql) {
        assertThat(PrettyText.of(sql)).isNull();
    }

    @Test
    void randomTextKeepsItsTokens() {
        var pieces = List.of(
                "select", " ", "  ", "\n", "from", "where", "and", "'", "''", "'x'", "\"", "\"n\"", "$$", "$a$", "--c", "/*", "*/", "(", ")", ";", "1", "E'", "\\", ",", "join", "left", "$1",
                "\u00e9", "\uD83D\uDE00", "\t");
        int laidOut = 0;
        for (int seed = 0; seed < 50_000; seed++) {
            var random = new Random(seed);
            var sql = new StringBuilder();
            for (int piece = random.nextInt(1, 20); piece > 0; piece--) {
                sql.append(pieces.get(random.nextInt(pieces.size())));
            }
            var pretty = PrettyText.of(sql.toString());
            if (pretty != null) {
                laidOut++;
                assertThat(meaning(pretty)).as("seed %s: %s", seed, sql).isEqualTo(meaning(sql.toString()));
            }
        }
        assertThat(laidOut).isGreaterThan(5_000);
    }

    @Test
    void hostileTextTakesNoTime() {
        assertThat(PrettyText.of("(".repeat(200_000) + " from x")).isNotNull();
        assertThat(PrettyText.of("'".repeat(200_001) + " from x")).isNull();
        assertThat(PrettyText.of("/*".repeat(100_000))).isNull();
        assertThat(PrettyText.of("$a".repeat(100_000) + "  from x")).isNotNull();
    }

    /** Every token but white space; and between two strings, whether there is a line break, which makes them one. */
    private static String meaning(String sql) {
        var tokens = SqlToken.cut(sql);
        var meaning = new StringBuilder();
        for (int index = 0; index < tokens.size(); index++) {
            var token = tokens.get(index);
            boolean joins = index > 0
                    && index + 1 < tokens.size()
                    && tokens.get(index - 1).kind() == SqlToken.Kind.STRING
                    && tokens.get(index + 1).kind() == SqlToken.Kind.STRING;
            meaning.append(token.kind() != SqlToken.Kind.SPACE ? token.text() + "|" : joins && token.text().contains("\n") ? "joined|" : "");
        }
        return meaning.toString();
    }
}
