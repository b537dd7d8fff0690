// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of the evidence itself: who has asked for it, what must be kept beyond its time, what was dropped. Reads only. */
public final class CustodyStore {
    private static final Listing ACCESSES =
            new Listing("accesses", "*", List.of(Listing.Key.time("accessed_at", "accessedAt"), Listing.Key.text("event_id", "eventId")), true);
    private static final Listing LEGAL_HOLDS = new Listing("legal_holds", "*", List.of(Listing.Key.text("legal_hold_id", "legalHoldId")), false);
    private static final Listing DROPPED = new Listing(
            "dropped_sessions", "*", List.of(Listing.Key.time("started_at", "startedAt"), Listing.Key.text("session_id", "sessionId")), true);

    private final Pool pool;

    public CustodyStore(Pool pool) {
        this.pool = pool;
    }

    /** Accesses, newest first. */
    public Future<Page> accesses(Filters.Accesses filter, @Nullable String cursor, int limit) {
        Where where = new Where()
                .and("caller = ?", filter.caller())
                .and("session_id = ?", filter.sessionId())
                .and("permitted = ?", filter.permitted())
                .and("proven = ?", filter.proven())
                .and("accessed_at >= ?", Where.utc(filter.accessed().from()))
                .and("accessed_at < ?", Where.utc(filter.accessed().to()));
        return ACCESSES.page(pool, where, cursor, limit);
    }

    /** Legal holds, those that were lifted included unless {@code inForce} is true. */
    public Future<Page> legalHolds(@Nullable Boolean inForce, @Nullable String cursor, int limit) {
        return LEGAL_HOLDS.page(pool, new Where().and("(placed_at IS NOT NULL AND lifted_at IS NULL) = ?", inForce), cursor, limit);
    }

    /** One legal hold; null when it is not known here yet, or at all. */
    public Future<@Nullable JsonObject> legalHold(String id) {
        return pool.preparedQuery("SELECT * FROM legal_holds WHERE legal_hold_id = $1")
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0 ? null : RowJson.of(rows.iterator().next()));
    }

    /** What is left of sessions whose records were dropped, newest first. */
    public Future<Page> dropped(Visibility visibility, @Nullable String cursor, int limit) {
        return DROPPED.page(pool, new Where().and("target = ANY (?)", (Object) visibility.parameter()), cursor, limit);
    }
}
