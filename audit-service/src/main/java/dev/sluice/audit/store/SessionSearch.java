// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds sessions by what they are and by what happened in them. */
public final class SessionSearch {
    /** Facets count among this many of the newest that match, so that they answer in bounded time; the answer says when there were more. */
    private static final int COUNTED = 100_000;
    /** The same where the statements of each have to be looked at. */
    private static final int COUNTED_BY_STATEMENTS = 5_000;
    /** A search begins with as many sessions as make two pages. What is rarer than a page among the second span is worth looking up. */
    private static final WideningSearch.Steps STEPS = new WideningSearch.Steps(100, 3, true);
    /** Statements of which all sessions are looked up at once. */
    private static final long FEW = 25_000;

    private static final Map<String, String> FACETS = new TreeMap<>(Map.of(
            "principal", "principal",
            "target", "target",
            "group", "unnest(groups)",
            "application", "application",
            "state", "unnest(ARRAY[" + Arrays.stream(SessionState.values())
                    .map(state -> "CASE WHEN " + state.condition() + " THEN '" + state.word() + "' END")
                    .collect(Collectors.joining(", ")) + "])"));

    private final Pool pool;

    public SessionSearch(Pool pool) {
        this.pool = pool;
    }

    /** What sessions are sorted by. */
    public enum Sort {
        STARTED(Listing.Key.time("started_at", "startedAt")),
        /** One that has not ended comes before the shortest. */
        DURATION(new Listing.Key("coalesce(duration_micros, -1)", "durationMicros", Listing.Key.Kind.BIGINT)),
        STATEMENTS(new Listing.Key("statements", "statements", Listing.Key.Kind.BIGINT));

        private final Listing.Key key;

        Sort(Listing.Key key) {
            this.key = key;
        }

        /** As it is written in a request: {@code started}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One page. */
    public Future<Page> page(Filters.Sessions filter, Visibility visibility, Sort sort, boolean descending, @Nullable String cursor, int limit) {
        var listing = new Listing("sessions", "*", List.of(sort.key, Listing.Key.text("session_id", "sessionId")), descending);
        if (filter.statements() == null) {
            return listing.page(pool, sessions(filter, visibility), cursor, limit);
        }
        if (sort == Sort.STARTED) {
            return new WideningSearch(pool, listing, (from, before) -> span(listing.behind(sessions(filter, visibility), cursor), filter, visibility, from, before), STEPS,
                    started(new Where(), filter.started()), cursor, limit).page();
        }
        return frequent(filter, visibility).compose(frequent -> {
            Where where = listing.behind(sessions(filter, visibility), cursor);
            String sessions = "SELECT * FROM sessions";
            String page = listing.inOrder() + " LIMIT " + (limit + 1);
            if (frequent) {
                // In the order asked for, each with one look whether there is such a statement in it, until the page is full.
                String walk = "(" + sessions + where + listing.inOrder() + ") sessions";
                Where one = of(where.within().also("session_id = sessions.session_id").also("day = sessions.day"), filter, visibility);
                String sql = "SELECT sessions.* FROM " + walk + ", LATERAL (SELECT 1 AS there FROM statements" + one + " LIMIT 1) one" + page;
                return Listing.rows(pool, listing.bounded(sql), where);
            }
            Where all = having(where, filter, visibility);
            return Listing.rows(pool, "WITH found AS MATERIALIZED (" + sessions + all + ") " + listing.bounded("SELECT * FROM found" + page), all);
        }).map(items -> listing.page(items, limit));
    }

    /** The names that {@link #facet} takes. */
    public static List<String> facets() {
        return List.copyOf(FACETS.keySet());
    }

    /** How often the {@code limit} most frequent values of one of {@link #facets} occur among the newest sessions that match. */
    public Future<JsonObject> facet(String facet, Filters.Sessions filter, Visibility visibility, int limit) {
        String expression = FACETS.get(facet);
        if (expression == null) {
            throw new IllegalArgumentException("by: one of " + String.join(", ", FACETS.keySet()));
        }
        Where where = sessions(filter, visibility);
        String newest = " ORDER BY started_at DESC, session_id DESC";
        if (filter.statements() == null) {
            return counted(facet, "SELECT * FROM sessions" + where + newest, COUNTED, where, limit);
        }
        return frequent(filter, visibility).compose(frequent -> {
            if (frequent) {
                Where one = of(where.within().also("session_id = sessions.session_id").also("day = sessions.day"), filter, visibility);
                return counted(facet, "SELECT sessions.* FROM (SELECT * FROM sessions" + where + newest + ") sessions, LATERAL (SELECT 1 AS there FROM statements" + one + " LIMIT 1) one"
                        + newest, COUNTED_BY_STATEMENTS, where, limit);
            }
            Where all = having(where, filter, visibility);
            return counted(facet, "SELECT * FROM (SELECT * FROM sessions" + all + " OFFSET 0) found" + newest, COUNTED_BY_STATEMENTS, all, limit);
        });
    }

    private Future<JsonObject> counted(String facet, String rows, int most, Where where, int limit) {
        String sql = "WITH matching AS MATERIALIZED (" + rows + " LIMIT " + (most + 1) + "), valued AS (SELECT " + FACETS.get(facet)
                + " AS value FROM (SELECT * FROM matching LIMIT " + most + ") sessions)"
                + " SELECT value, count(*) AS times, (SELECT count(*) FROM matching) AS matching FROM valued WHERE value IS NOT NULL"
                + " GROUP BY value ORDER BY 2 DESC, value LIMIT " + limit;
        return pool.preparedQuery(sql).execute(where.values()).map(found -> {
            var values = new JsonArray();
            long matching = 0;
            for (var row : found) {
                values.add(new JsonObject().put("value", row.getString(0)).put("sessions", row.getLong(1)));
                matching = row.getLong(2);
            }
            return new JsonObject().put("by", facet).put("values", values).put("capped", matching > most);
        });
    }

    /** Whether the statements that are asked for are so many that their sessions are better come upon than looked up. */
    private Future<Boolean> frequent(Filters.Sessions filter, Visibility visibility) {
        Where time = new Where().and("started_at >= ?", Where.utc(filter.started().from())).and("day <= ?", Where.day(filter.started().to()));
        return Sample.take(pool, () -> of(new Where(), filter, visibility), time)
                .compose(sample -> StatementSearch.estimatedStatements(pool).map(all -> !sample.isFew(all, FEW)));
    }

    /** Within a span of the sessions' own start, in which their statements have begun too, or later. */
    private static Where span(Where where, Filters.Sessions filter, Visibility visibility, @Nullable OffsetDateTime from, @Nullable OffsetDateTime before) {
        where.and("started_at >= ?", from).and("started_at < ?", before);
        Where statements = of(where.within(), filter, visibility)
                .and("started_at >= ?", from)
                .and("day >= ?", from == null ? null : from.toLocalDate())
                .and("day <= ?", before == null ? null : before.minus(WideningSearch.TICK).toLocalDate());
        return where.also("session_id IN (SELECT session_id FROM statements" + statements + ")");
    }

    private static Where having(Where where, Filters.Sessions filter, Visibility visibility) {
        return where.also("session_id IN (SELECT session_id FROM statements" + of(where.within(), filter, visibility) + ")");
    }

    /** Adds the conditions on a statement of such a session; what both have, its indexes have too. */
    private static Where of(Where where, Filters.Sessions filter, Visibility visibility) {
        where.and("principal = ?", filter.principal())
                .and("target = ?", filter.target())
                // All rows of a session lie under the day of its start.
                .and("day >= ?", Where.day(filter.started().from()))
                .and("day <= ?", Where.day(filter.started().to()));
        return filter.statements() == null ? where : StatementSearch.where(where, filter.statements(), visibility);
    }

    private static Where started(Where where, Filters.Span started) {
        return where.and("started_at >= ?", Where.utc(started.from())).and("started_at < ?", Where.utc(started.to()));
    }

    /** The conditions on the session itself. */
    private static Where sessions(Filters.Sessions filter, Visibility visibility) {
        return started(new Where(), filter.started())
                .and("principal = ?", filter.principal())
                .and("groups @> ARRAY[?]", filter.group())
                .and("target = ?", filter.target())
                .and("(closed_at IS NULL AND refused_at IS NULL) = ?", filter.open())
                .and("application = ?", filter.application())
                .and("session_id IN (SELECT s.session_id FROM sessions s WHERE s.trace_id = ? UNION SELECT t.session_id FROM statements t WHERE t.trace_id = ?)", filter.trace(), filter.trace())
                .also(filter.state() == null ? null : filter.state().condition())
                .and("target = ANY (?)", (Object) visibility.parameter());
    }
}
