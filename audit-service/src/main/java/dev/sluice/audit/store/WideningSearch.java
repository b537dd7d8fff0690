// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest statements by conditions of which PostgreSQL cannot know how many they find. For a page of the newest it would read through all of them by
 * time, which is right for what is frequent and takes minutes for what is not there. So it is asked for spans of time, each the more wide the less the ones
 * before it have given, and finds everything in each by whatever index it likes.
 */
final class WideningSearch {
    /** The first span has this many statements, whatever they are: what is frequent is among them. */
    private static final int NEWEST = 2_000;
    private static final int WIDER = 30;
    /** The last span is all the rest. */
    private static final int SPANS = 4;

    private final Pool pool;
    private final Listing listing;
    private final Supplier<Where> conditions;
    private final Where time;
    private final @Nullable String cursor;
    private final int wanted;
    private final List<JsonObject> found = new ArrayList<>();
    private boolean cut;

    /**
     * @param listing the newest first; its first key is {@code started_at}
     * @param conditions all of them, made anew for each query
     * @param time those on the time alone
     */
    WideningSearch(Pool pool, Listing listing, Supplier<Where> conditions, Where time, @Nullable String cursor, int limit) {
        this.pool = pool;
        this.listing = listing;
        this.conditions = conditions;
        this.time = time;
        this.cursor = cursor;
        this.wanted = limit + 1;
    }

    Future<Page> page() {
        if (cursor != null) {
            time.and("started_at <= ?", listing.values(cursor).getFirst());
        }
        String newest = "SELECT min(started_at), max(started_at), count(*) FROM (SELECT started_at FROM statements" + time + " ORDER BY started_at DESC LIMIT " + NEWEST + ") n";
        return pool.preparedQuery(newest).execute(time.values()).compose(rows -> {
            var row = rows.iterator().next();
            if (row.getLong(2) < NEWEST) {
                return span(null, null);
            }
            OffsetDateTime oldest = row.getOffsetDateTime(0);
            return widen(null, oldest, Duration.between(oldest, row.getOffsetDateTime(1)).plusMillis(1), 1);
        }).map(ignored -> listing.page(found, wanted - 1, cut));
    }

    private Future<Void> widen(@Nullable OffsetDateTime before, OffsetDateTime from, Duration width, int number) {
        return span(before, from).compose(ignored -> {
            if (cut || found.size() >= wanted) {
                return Future.succeededFuture();
            }
            Duration wider = width.multipliedBy(WIDER);
            return number + 1 == SPANS ? span(from, null) : widen(from, from.minus(wider), wider, number + 1);
        });
    }

    /** All that the conditions find in the span, of which the newest are taken. */
    private Future<Void> span(@Nullable OffsetDateTime before, @Nullable OffsetDateTime from) {
        Where where = listing.behind(conditions.get(), cursor)
                .and("started_at < ?", before)
                .and("day <= ?", before == null ? null : before.toLocalDate())
                .and("started_at >= ?", from);
        String sql = "WITH found AS MATERIALIZED (SELECT * FROM statements" + where + ") "
                + listing.bounded("SELECT * FROM found" + listing.inOrder() + " LIMIT " + (wanted - found.size()));
        return Listing.rows(pool, sql, where)
                .map(items -> {
                    cut = Listing.isCut(items);
                    return found.addAll(items);
                })
                .mapEmpty();
    }
}
