// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.function.Supplier;

/**
 * How frequent what a search asks for is among the newest statements. PostgreSQL only guesses it, and where the order asked for is not that of an index of the
 * condition, all depends on it: what is frequent is soon found along the order, what is rare is better looked up and then sorted.
 *
 * @param statements how many were looked at
 * @param matching how many of these are asked for
 */
record Sample(long statements, long matching) {
    private static final int NEWEST = 20_000;
    /** Of ten million as many are found by an index of the condition as are read along the order to find a page of fifty. */
    private static final double FREQUENT = 1.0 / 400;

    /**
     * Looks at the newest statements.
     *
     * @param conditions all of them, made anew for each query
     * @param time those on the time alone
     */
    static Future<Sample> take(Pool pool, Supplier<Where> conditions, Where time) {
        String edge = "SELECT min(started_at), count(*) FROM (SELECT started_at FROM statements" + time + " ORDER BY started_at DESC LIMIT " + NEWEST + ") n";
        return pool.preparedQuery(edge).execute(time.values()).compose(edges -> {
            var row = edges.iterator().next();
            Where newest = conditions.get().and("started_at >= ?", row.getOffsetDateTime(0));
            return pool.preparedQuery("SELECT count(*) FROM statements" + newest)
                    .execute(newest.values())
                    .map(counted -> new Sample(row.getLong(1), counted.iterator().next().getLong(0)));
        });
    }

    /** Whether going through statements in any order soon comes upon enough of them for a page. */
    boolean isFrequent() {
        return statements == NEWEST && matching > NEWEST * FREQUENT;
    }

    /** Whether there are few enough to look all of them up, if there are about as many among {@code all}. */
    boolean isFew(double all, long few) {
        return statements < NEWEST || matching * Math.max(all, NEWEST) / NEWEST <= few;
    }
}
