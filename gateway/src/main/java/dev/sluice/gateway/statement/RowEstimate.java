// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.OptionalLong;

/** How many rows PostgreSQL's planner expects a statement to give or change: the question, and what its answer says. */
public final class RowEstimate {
    /** The first major version that plans a statement whose parameters are not known. */
    private static final int GENERIC_PLANS_SINCE = 16;

    /** Bind counts its parameters in 16 bits (the manual's Message Formats). */
    private static final int MOST_BOUND = 0xffff;

    private static final ObjectMapper JSON = new ObjectMapper();

    private RowEstimate() {}

    /**
     * Whether a server of this version plans statements whose parameters are not known, and so many of them: even then each is bound, to NULL.
     *
     * @param parameters what {@link #parameters} says
     */
    public static boolean plansWithoutValues(int serverMajor, int parameters) {
        return serverMajor >= GENERIC_PLANS_SINCE && parameters <= MOST_BOUND;
    }

    /**
     * The question.
     *
     * @param sql one statement that {@linkplain StatementFacts#isPlannable is planned}
     * @param generic one plan for all values of the parameters
     */
    public static String question(String sql, boolean generic) {
        return (generic ? "EXPLAIN (GENERIC_PLAN, FORMAT JSON) " : "EXPLAIN (FORMAT JSON) ") + sql;
    }

    /** The largest number of a text's parameters, such as 2 in {@code $1 + $2}. */
    public static int parameters(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        int largest = 0;
        for (SqlScanner.Kind kind = scanner.next(); kind != SqlScanner.Kind.END && kind != SqlScanner.Kind.ERROR; kind = scanner.next()) {
            if (kind == SqlScanner.Kind.PARAMETER) {
                largest = Math.max(largest, scanner.parameter());
            }
        }
        return largest;
    }

    /**
     * The rows of the result, or those that are written where these are more; of several plans, as rules make them, the largest.
     *
     * @return empty where the text is no plan
     */
    public static OptionalLong of(String plans) {
        try {
            long most = -1;
            for (JsonNode element : JSON.readTree(plans)) {
                most = Math.max(most, most(element.path("Plan")));
            }
            return most < 0 ? OptionalLong.empty() : OptionalLong.of(most);
        } catch (JsonProcessingException | StackOverflowError unreadable) {
            return OptionalLong.empty();
        }
    }

    private static long most(JsonNode plan) {
        return plan.path("Plan Rows").isNumber() ? Math.max(plan.path("Plan Rows").asLong(), written(plan)) : -1;
    }

    private static long written(JsonNode plan) {
        long most = 0;
        long input = 0;
        for (JsonNode child : plan.path("Plans")) {
            most = Math.max(most, written(child));
            // Behind a ModifyTable node that is not the first are those of common table expressions: they are looked at by themselves.
            input += child.path("Parent Relationship").asText().equals("Outer") ? child.path("Plan Rows").asLong() : 0;
        }
        return plan.path("Node Type").asText().equals("ModifyTable") ? Math.max(most, input) : most;
    }
}
