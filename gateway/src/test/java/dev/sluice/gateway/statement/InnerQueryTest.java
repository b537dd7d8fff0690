// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerQueryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXPLAIN SELECT 1",
                "explain verbose select analyze from t",
                "EXPLAIN (COSTS OFF, FORMAT json) SELECT 1",
                "EXPLAIN (SELECT 1)",
                "EXPLAIN /* ANALYZE */ (GENERIC_PLAN) SELECT $1"
            })
    void seesThatAnExplainOnlyPlans(String sql) {
        assertThat(InnerQuery.isOnlyPlanned(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXPLAIN ANALYZE SELECT 1",
                "EXPLAIN ANALYSE VERBOSE SELECT 1",
                "EXPLAIN (ANALYZE) SELECT 1",
                "EXPLAIN (COSTS OFF, analyze true) SELECT 1",
                "EXPLAIN (\"analyze\") SELECT 1",
                "EXPLAIN (U&\"\\0061nalyze\") SELECT 1",
                "EXPLAIN (COSTS"
            })
    void takesEveryOtherForOneThatRuns(String sql) {
        assertThat(InnerQuery.isOnlyPlanned(sql)).isFalse();
    }
}
