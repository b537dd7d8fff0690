// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What plans say, as EXPLAIN (FORMAT JSON) writes them. */
final class RowEstimateTest {
    private static String plan(String node, long rows, String... children) {
        return "{\"Node Type\": \"" + node + "\", \"Parent Relationship\": \"Outer\", \"Plan Rows\": " + rows
                + (children.length == 0 ? "" : ", \"Plans\": [" + String.join(", ", children) + "]") + "}";
    }

    private static long estimate(String... plans) {
        return RowEstimate.of("[" + String.join(", ", java.util.Arrays.stream(plans).map(plan -> "{\"Plan\": " + plan + "}").toList()) + "]").orElse(-1);
    }

    @Test
    void aQueryHasTheRowsOfItsResult() {
        assertThat(estimate(plan("Aggregate", 1, plan("Seq Scan", 10_000)))).isEqualTo(1);
        assertThat(estimate(plan("Seq Scan", 10_000))).isEqualTo(10_000);
    }

    @Test
    void aChangeHasTheRowsThatItWrites() {
        assertThat(estimate(plan("ModifyTable", 0, plan("Seq Scan", 9_900)))).isEqualTo(9_900);
    }

    @Test
    void aChangeInsideAQueryCounts() {
        String init = plan("ModifyTable", 0, plan("Seq Scan", 500)).replaceFirst("Outer", "InitPlan");
        assertThat(estimate(plan("CTE Scan", 1, init))).isEqualTo(500);
    }

    @Test
    void ofSeveralPlansTheLargestCounts() {
        assertThat(estimate(plan("ModifyTable", 0, plan("Seq Scan", 5)), plan("ModifyTable", 0, plan("Seq Scan", 7)))).isEqualTo(7);
    }

    @Test
    void whatIsNoPlanSaysNothing() {
        assertThat(RowEstimate.of("no json")).isEmpty();
        assertThat(RowEstimate.of("[{\"Utility Statement\": \"x\"}]")).isEmpty();
        assertThat(RowEstimate.of("[]")).isEmpty();
    }

    @Test
    void parametersAreCountedWhereTheyAreParameters() {
        assertThat(RowEstimate.parameters("SELECT $1, $3 FROM t WHERE a = '$9' -- $10")).isEqualTo(3);
        assertThat(RowEstimate.parameters("SELECT $$ $5 $$")).isZero();
    }
}
