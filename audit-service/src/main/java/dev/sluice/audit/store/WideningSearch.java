// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest rows, or the oldest, by conditions of which PostgreSQL cannot know how many they find. For a page of the newest it would read through all of
 * them by time, which is right for what is frequent and takes minutes for what is not there. So it is asked for spans of time, each the more wide the less the
 * ones before it have given, and finds everything in each by whatever index it likes.
 */
final class WideningSearch {
    private static final int WIDER = 30;
    /** PostgreSQL's times go no finer. */
    static final Duration TICK = Duration.ofNanos(1_000);

    private final Pool pool;
    private final Listing listing;
    private final Spans spans;
    private final Steps steps;
    private final Where time;
    private final @Nullable String cursor;
    private final int wanted;
    private final List<JsonObject> found = new ArrayList<>();
    private boolean cut;

    /** What is searched. */
    @FunctionalInterface
    interface Spans {
        /** Conditions, made anew, for the rows behind the cursor that began at {@code from} or later and before {@code before}. */
        Where between(@Nullable OffsetDateTime from, @Nullable OffsetDateTime before);
    }

    /**
     * How it goes through the time.
     *
     * @param first the first span has this many rows, whatever they are: what is frequent is among them
     * @param count of spans; the last one is all the rest
     * @param wholeDays whether the others end where a day does, so that no partition is looked into twice
     */
    record Steps(int first, int count, boolean wholeDays) {}

    /**
     * @param listing its first key is {@code started_at}
     * @param time conditions on the time alone
     */
    WideningSearch(Pool pool, Listing listing, Spans spans, Steps steps, Where time, @Nullable String cursor, int limit) {
        this.pool = pool;
        this.listing = listing;
        this.spans = spans;
        this.steps = steps;
        this.time = time;
        this.cursor = cursor;
        this.wanted = limit + 1;
    }

    Future<Page> page() {
        if (cursor != null) {
            time.and("started_at " + (listing.descending() ? "<=" : ">=") + " ?", listing.values(cursor).getFirst());
        }
        String nearest = "SELECT min(started_at), max(started_at), count(*) FROM (SELECT started_at FROM " + listing.table() + time + " ORDER BY started_at"
                + (listing.descending() ? " DESC" : "") + " LIMIT " + steps.first() + ") n";
        return pool.preparedQuery(nearest).execute(time.values()).compose(rows -> {
            var row = rows.iterator().next();
            if (row.getLong(2) < steps.first()) {
                return span(null, null);
            }
            OffsetDateTime oldest = row.getOffsetDateTime(0);
            OffsetDateTime newest = row.getOffsetDateTime(1);
            return widen(null, listing.descending() ? oldest : newest.plus(TICK), Duration.between(oldest, newest).plusMillis(1), 1);
        }).map(ignored -> listing.page(found, wanted - 1, cut));
    }

    /** From {@code near}, where the span before ended, to {@code far}. */
    private Future<Void> widen(@Nullable OffsetDateTime near, OffsetDateTime far, Duration width, int number) {
        return span(near, far).compose(ignored -> {
            if (cut || found.size() >= wanted) {
                return Future.succeededFuture();
            }
            Duration wider = width.multipliedBy(WIDER);
            return number + 1 == steps.count() ? span(far, null) : widen(far, beyond(far, wider), wider, number + 1);
        });
    }

    private OffsetDateTime beyond(OffsetDateTime far, Duration width) {
        OffsetDateTime end = listing.descending() ? far.minus(width) : far.plus(width);
        if (!steps.wholeDays()) {
            return end;
        }
        OffsetDateTime midnight = end.truncatedTo(ChronoUnit.DAYS);
        return listing.descending() || midnight.equals(end) ? midnight : midnight.plusDays(1);
    }

    /** All that the conditions find in the span, of which the first are taken. */
    private Future<Void> span(@Nullable OffsetDateTime near, @Nullable OffsetDateTime far) {
        Where where = listing.descending() ? spans.between(far, near) : spans.between(near, far);
        String sql = "WITH found AS MATERIALIZED (SELECT * FROM " + listing.table() + where + ") "
                + listing.bounded("SELECT * FROM found" + listing.inOrder() + " LIMIT " + (wanted - found.size()));
        return Listing.rows(pool, sql, where)
                .map(items -> {
                    cut = Listing.isCut(items);
                    return found.addAll(items);
                })
                .mapEmpty();
    }
}
