// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds statements. */
public final class StatementSearch {
    /** Facets count among this many of the newest that match, so that they answer in bounded time; the answer says when there were more. */
    static final int COUNTED = 100_000;

    /** The first span of a search has this many statements, whatever they are: what is frequent is among them. */
    private static final WideningSearch.Steps STEPS = new WideningSearch.Steps(2_000, 4, false);

    private static final Map<String, String> FACETS = new TreeMap<>(Map.ofEntries(
            Map.entry("principal", "principal"),
            Map.entry("target", "target"),
            Map.entry("outcome", "outcome"),
            Map.entry("rule", "rule"),
            Map.entry("policy", "policy_version"),
            Map.entry("sqlstate", "coalesce(sqlstate, refusal_sqlstate)"),
            Map.entry("effect", "unnest(effects)"),
            Map.entry("table", "unnest(relations)"),
            Map.entry("kind", "unnest(kinds)"),
            Map.entry("approver", "unnest(approvers)"),
            Map.entry("group", "groups")));

    /** Letters and digits between spaces: what is found by it as a word has it as a part. */
    private static final Pattern PLAIN_WORD = Pattern.compile("(?<!\\S)[A-Za-z0-9]{3,}(?!\\S)");

    private static final int MOST_PLAIN_WORDS = 3;
    private static final String GROUP = "group";
    /** Each session is looked up once, however many of its statements match. */
    private static final String GROUPS = "SELECT unnest(s.groups) AS value, c.times FROM"
            + " (SELECT session_id, count(*) AS times FROM counted GROUP BY session_id) c JOIN sessions s USING (session_id)";

    private final Pool pool;

    public StatementSearch(Pool pool) {
        this.pool = pool;
    }

    /** What statements are sorted by. */
    public enum Sort {
        STARTED(Listing.Key.time("started_at", "startedAt")),
        DURATION(new Listing.Key("coalesce(duration_micros, -1)", "durationMicros", Listing.Key.Kind.BIGINT)),
        ROWS(new Listing.Key("coalesce(row_count, -1)", "rowCount", Listing.Key.Kind.BIGINT));

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
    public Future<Page> page(Filters.Statements filter, Visibility visibility, Sort sort, boolean descending, @Nullable String cursor, int limit) {
        var listing = new Listing(
                "statements",
                "*",
                List.of(sort.key, Listing.Key.text("session_id", "sessionId"), Listing.Key.text("statement_id", "statementId")),
                descending,
                "coalesce(octet_length(query), 0)");
        if (!filter.isOfUnknownNumber(visibility)) {
            return listing.page(pool, where(filter, visibility), cursor, limit);
        }
        if (sort == Sort.STARTED) {
            WideningSearch.Spans spans = (from, before) -> listing.behind(where(filter, visibility), cursor)
                    .and("started_at < ?", before)
                    .and("day <= ?", before == null ? null : before.toLocalDate())
                    .and("started_at >= ?", from);
            return new WideningSearch(pool, listing, spans, STEPS, started(new Where(), filter.started()), cursor, limit).page();
        }
        return sample(filter, visibility).compose(sample -> {
            Where where = where(filter, visibility);
            if (sample.isFrequent()) {
                return listing.page(pool, where, cursor, limit);
            }
            Where behind = listing.behind(where, cursor);
            String sql = "WITH found AS MATERIALIZED (SELECT * FROM statements" + behind + ") " + listing.bounded("SELECT * FROM found" + listing.inOrder() + " LIMIT " + (limit + 1));
            return Listing.rows(pool, sql, behind).map(items -> listing.page(items, limit));
        });
    }

    private Future<Sample> sample(Filters.Statements filter, Visibility visibility) {
        return Sample.take(pool, () -> where(filter, visibility), started(new Where(), filter.started()));
    }

    /** About how many statements there are, as PostgreSQL has last counted them. */
    static Future<Double> estimatedStatements(Pool pool) {
        return pool.query("SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::double precision FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                        + " WHERE i.inhparent = 'statements'::regclass")
                .execute()
                .map(rows -> rows.iterator().next().getDouble(0));
    }

    private static Where started(Where where, Filters.Span started) {
        return where.and("started_at >= ?", Where.utc(started.from()))
                .and("started_at < ?", Where.utc(started.to()))
                // A session cannot have begun after its statement: days later than that need not be looked at.
                .and("day <= ?", Where.day(started.to()));
    }

    /** The names that {@link #facet} takes. */
    public static List<String> facets() {
        return List.copyOf(FACETS.keySet());
    }

    /** How often the {@code limit} most frequent values of one of {@link #facets} occur among the newest {@value #COUNTED} statements that match. */
    public Future<JsonObject> facet(String facet, Filters.Statements filter, Visibility visibility, int limit) {
        String expression = FACETS.get(facet);
        if (expression == null) {
            throw new IllegalArgumentException("by: one of " + String.join(", ", FACETS.keySet()));
        }
        return filter.isOfUnknownNumber(visibility)
                ? sample(filter, visibility).compose(sample -> estimatedStatements(pool).compose(all -> facet(facet, filter, visibility, limit, sample.isFew(all, 2 * COUNTED))))
                : facet(facet, filter, visibility, limit, false);
    }

    /** Where they are {@code few}, they are looked up, and read through by time otherwise. */
    private Future<JsonObject> facet(String facet, Filters.Statements filter, Visibility visibility, int limit, boolean few) {
        Where where = where(filter, visibility);
        String statements = few ? "(SELECT * FROM statements" + where + " OFFSET 0) found" : "statements" + where;
        String valued = facet.equals(GROUP) ? GROUPS : "SELECT " + FACETS.get(facet) + " AS value, 1 AS times FROM counted";
        String sql = "WITH matching AS MATERIALIZED (SELECT * FROM " + statements + " ORDER BY started_at DESC LIMIT " + (COUNTED + 1) + "),"
                + " counted AS (SELECT * FROM matching LIMIT " + COUNTED + "), valued AS (" + valued + ")"
                + " SELECT value, sum(times)::bigint AS statements, (SELECT count(*) FROM matching) AS matching FROM valued WHERE value IS NOT NULL"
                + " GROUP BY value ORDER BY 2 DESC, value LIMIT " + limit;
        return pool.preparedQuery(sql).execute(where.values()).map(rows -> {
            var values = new JsonArray();
            long matching = 0;
            for (var row : rows) {
                values.add(new JsonObject().put("value", row.getString(0)).put("statements", row.getLong(1)));
                matching = row.getLong(2);
            }
            return new JsonObject().put("by", facet).put("values", values).put("capped", matching > COUNTED);
        });
    }

    /** Written out, because an index has those that are not bounded, and only those. */
    private static @Nullable String bounded(@Nullable Boolean wanted) {
        return wanted == null ? null : wanted ? "bounded" : "NOT bounded";
    }

    private static String @Nullable [] spellings(@Nullable String column) {
        if (column == null) {
            return null;
        }
        int end = column.lastIndexOf('.');
        return end < 0 ? new String[] {column} : new String[] {column, column.substring(0, end) + ".*"};
    }

    /** The conditions of a search; also what exports are restricted by. */
    static Where where(Filters.Statements filter, Visibility visibility) {
        return where(new Where(), filter, visibility);
    }

    /** Adds the conditions of a search. */
    static Where where(Where where, Filters.Statements filter, Visibility visibility) {
        return likely(started(where, filter.started()), filter.words())
                .and("query ILIKE ?", Where.containing(filter.text()))
                .and(SearchIndexes.WORDS + " @@ plainto_tsquery('simple', ?)", filter.words())
                .and("relations @> ARRAY[?]", filter.table())
                .and("functions @> ARRAY[?]", filter.function())
                .and("kinds @> ARRAY[?]", filter.kind())
                .and("effects @> ARRAY[?]", filter.effect())
                .and("outcome = ?", filter.outcome())
                .and("rule = ?", filter.rule())
                .and("(approvers @> ARRAY[?] OR (refused_at IS NOT NULL AND " + SearchIndexes.REJECTED_BY + " = ?))", filter.approver(), filter.approver() == null ? null : "rejected by " + filter.approver())
                .and("(sqlstate = ? OR refusal_sqlstate = ?)", filter.sqlstate(), filter.sqlstate())
                .and("principal = ?", filter.principal())
                .and("session_id IN (SELECT s.session_id FROM sessions s WHERE s.groups @> ARRAY[?])", filter.group())
                .and("target = ?", filter.target())
                .and("session_id = ?", filter.sessionId())
                // All rows of a session lie under its day: the other days need not be looked at.
                .and("day = (SELECT s.day FROM sessions s WHERE s.session_id = ?)", filter.sessionId())
                .and("approval_id = ?", filter.approvalId())
                .and("trace_id = ?", filter.trace())
                .also(bounded(filter.bounded()))
                .and("coalesce(row_count, -1) >= ?", filter.minRows())
                .and("(coalesce(row_count, -1) <= ? AND row_count IS NOT NULL)", filter.maxRows())
                .and("coalesce(duration_micros, -1) >= ?", filter.minDuration() == null ? null : filter.minDuration().toNanos() / 1_000)
                .and("(coalesce(duration_micros, -1) <= ? AND duration_micros IS NOT NULL)", filter.maxDuration() == null ? null : filter.maxDuration().toNanos() / 1_000)
                .and("(masks @> ARRAY[?] OR exposed @> ARRAY[?])", filter.maskedColumn(), filter.maskedColumn())
                .and("(columns && ? OR masks @> ARRAY[?] OR exposed @> ARRAY[?])", (Object) spellings(filter.column()), filter.column(), filter.column())
                .and("(CASE WHEN ? THEN exposed IS NOT NULL ELSE cardinality(masks) > 0 END)", filter.unmasked())
                .and("exposed @> ARRAY[?]", filter.seen(true))
                .and("masks @> ARRAY[?]", filter.seen(false))
                .also(filter.end() == null ? null : filter.end().condition())
                .also(destructive(filter.destructive()))
                .and("policy_version = ?", filter.policy())
                .and("target = ANY (?)", (Object) visibility.parameter());
    }

    /** Where no index has a query's words, to look for them as parts of it leaves out most that has none of them, before it is taken apart. */
    private static Where likely(Where where, @Nullable String words) {
        if (words != null) {
            // Of others it depends on the parser of words what they become.
            PLAIN_WORD.matcher(words).results().map(MatchResult::group).limit(MOST_PLAIN_WORDS).forEach(word -> where.and("query ILIKE ?", Where.containing(word)));
        }
        return where;
    }

    private static @Nullable String destructive(@Nullable Boolean wanted) {
        return wanted == null ? null : wanted ? ReportStore.DESTROYS : "(" + ReportStore.DESTROYS + ") IS NOT TRUE";
    }
}
