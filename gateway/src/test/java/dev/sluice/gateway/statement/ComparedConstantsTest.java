// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparedConstantsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "SELECT a FROM t WHERE b = 'x'              | SELECT  a FROM t /* c */ WHERE b = 'it''s'",
        "SELECT a FROM t WHERE b = 1 AND c <> 2.5   | SELECT a FROM t WHERE b = 77 AND c <> 0.1",
        "SELECT a FROM t WHERE b IN (1, 2)          | SELECT a FROM t WHERE b IN (3, 4)",
        "SELECT a FROM t LIMIT 5 OFFSET 10          | SELECT a FROM t LIMIT 6 OFFSET 0",
        "SELECT a FROM t WHERE b IN ('x') ORDER BY 1 | SELECT a FROM t WHERE b IN ('y') ORDER BY 1",
    })
    void textsThatDifferInWhatTheyCompareWithLeaveTheSame(String one, String other) {
        assertThat(ComparedConstants.without(one)).isNotNull().isEqualTo(ComparedConstants.without(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "SELECT a FROM t WHERE b = 1 ORDER BY 1      | SELECT a FROM t WHERE b = 1 ORDER BY 2",
        "SELECT a, c FROM t WHERE b = 1 GROUP BY 1, 2 | SELECT a, c FROM t WHERE b = 1 GROUP BY 1, 1",
        "SELECT a FROM t WHERE b = 1                 | SELECT a FROM t WHERE b = 10000000000",
        "SELECT a FROM t WHERE b = 1                 | SELECT a FROM t WHERE b = 1.0",
        "SELECT a FROM t WHERE b = 1                 | SELECT a FROM t WHERE b = '1'",
        "SELECT a FROM t WHERE b = 'x'               | SELECT a FROM t WHERE b = E'x'",
        "SELECT a FROM t WHERE b = 'x'               | SELECT a FROM t WHERE b = $$x$$",
        "SELECT a FROM t WHERE b = 'x'               | SELECT a FROM t WHERE b = 'x'::regclass",
        "SELECT a FROM t WHERE b = 'x' LIMIT 1       | SELECT a FROM t WHERE b = 'x'",
        "SELECT a FROM t WHERE b IN (1, 2)           | SELECT a FROM t WHERE b IN (1, 2, 3)",
        "SELECT a FROM t WHERE b = 1 AND f(c => 1)   | SELECT a FROM t WHERE b = 1 AND f(c => 2)",
        "SELECT a::varchar(3) FROM t WHERE b = 1     | SELECT a::varchar(4) FROM t WHERE b = 1",
        "SELECT a ->> 'x' FROM t WHERE b = 1         | SELECT a ->> 'y' FROM t WHERE b = 1",
        "SELECT a FROM t WHERE b = 1 AND c IN (1, d, 2) | SELECT a FROM t WHERE b = 1 AND c IN (1, d, 3)",
        "SELECT \"a\" FROM t WHERE b = 1             | SELECT \"A\" FROM t WHERE b = 1",
    })
    void allOtherDifferencesStay(String one, String other) {
        assertThat(ComparedConstants.without(one)).isNotNull().isNotEqualTo(ComparedConstants.without(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "SELECT a FROM t ORDER BY 1", "SELECT N'x' FROM t WHERE b = 1", "SELECT U&\"a\" FROM t WHERE b = 1", "SELECT 'a", "SELECT a FROM t WHERE b = 'x\\y'"})
    void textsWithoutSuchConstantsOrWithOutlandishOnesAreTakenAsTheyAre(String sql) {
        assertThat(ComparedConstants.without(sql)).isNull();
    }
}
