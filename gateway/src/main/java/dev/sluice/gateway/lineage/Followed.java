// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.function.Supplier;

/** A query that was followed once and may be read from in several places: what may fail in it may happen at each. */
record Followed(QueryResult result, Failures failures) {
    /** Follows it now, without its failures being counted before it is read. */
    static Followed of(TreeFacts facts, Supplier<QueryResult> walk) {
        QueryResult[] result = new QueryResult[1];
        Failures failures = facts.failuresApart(() -> result[0] = walk.get());
        return new Followed(result[0], failures);
    }

    /** Its rows, for whoever has them computed here. */
    QueryResult read() {
        failures.arise();
        return result;
    }
}
