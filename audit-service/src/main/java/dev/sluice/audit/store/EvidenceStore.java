// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.projection.RawRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the REST interface asks of the database. Reads only. */
public final class EvidenceStore {
    private static final String RAW = "SELECT topic, partition, record_offset, recorded_at, record_key, record FROM events ";

    private final Pool pool;

    public EvidenceStore(Pool pool) {
        this.pool = pool;
    }

    /** Succeeds when the database answers. */
    public Future<Void> ping() {
        return pool.query("SELECT 1").execute().mapEmpty();
    }

    /** Sessions, newest first, from behind {@code cursor}. */
    public Future<Page> sessions(Filters.Sessions filter, @Nullable String cursor, int limit) {
        Where where = new Where()
                .and("principal = ?", filter.principal())
                .and("target = ?", filter.target())
                .and("(closed_at IS NULL AND refused_at IS NULL) = ?", filter.open())
                .and("started_at >= ?", utc(filter.from()))
                .and("started_at < ?", utc(filter.to()));
        if (cursor != null) {
            JsonArray key = Page.parse(cursor, 2);
            where.and("(started_at, session_id) < (?, ?)", time(key, 0), text(key, 1));
        }
        String sql = "SELECT * FROM sessions" + where + " ORDER BY started_at DESC, session_id DESC LIMIT " + (limit + 1);
        return page(sql, where, limit, item -> Page.cursor(item.getString("startedAt"), item.getString("sessionId")));
    }

    /** One session with how many of its statements were denied, held, released, refused and failed, and how many findings there are; null when unknown. */
    public Future<@Nullable JsonObject> session(String sessionId) {
        String sql = """
                SELECT s.*, c.*, (SELECT count(*) FROM findings f WHERE f.session_id = s.session_id) AS findings
                FROM sessions s, LATERAL (
                  SELECT count(*) FILTER (WHERE outcome = 'deny') AS denied, count(*) FILTER (WHERE held_at IS NOT NULL) AS held,
                         count(*) FILTER (WHERE released_at IS NOT NULL) AS released, count(*) FILTER (WHERE refused_at IS NOT NULL) AS refused,
                         count(*) FILTER (WHERE sqlstate IS NOT NULL) AS failed
                  FROM statements t WHERE t.session_id = s.session_id) c
                WHERE s.session_id = $1""";
        return pool.preparedQuery(sql).execute(Tuple.of(sessionId)).map(rows -> rows.size() == 0 ? null : RowJson.of(rows.iterator().next()));
    }

    /** Statements, newest first, from behind {@code cursor}. */
    public Future<Page> statements(Filters.Statements filter, @Nullable String cursor, int limit) {
        Where where = new Where()
                .and("query ILIKE ?", Where.containing(filter.text()))
                .and("relations @> ARRAY[?]", filter.table())
                .and("effects @> ARRAY[?]", filter.effect())
                .and("outcome = ?", filter.outcome())
                .and("(sqlstate = ? OR refusal_sqlstate = ?)", filter.sqlstate(), filter.sqlstate())
                .and("principal = ?", filter.principal())
                .and("target = ?", filter.target())
                .and("session_id = ?", filter.sessionId())
                .and("approval_id = ?", filter.approvalId())
                .and("started_at >= ?", utc(filter.from()))
                .and("started_at < ?", utc(filter.to()));
        if (cursor != null) {
            JsonArray key = Page.parse(cursor, 3);
            where.and("(started_at, session_id, statement_id) < (?, ?, ?)", time(key, 0), text(key, 1), text(key, 2));
        }
        String sql = "SELECT * FROM statements" + where + " ORDER BY started_at DESC, session_id DESC, statement_id DESC LIMIT " + (limit + 1);
        return page(sql, where, limit, item -> Page.cursor(item.getString("startedAt"), item.getString("sessionId"), item.getString("statementId")));
    }

    /** Findings, newest first, from behind {@code cursor}. */
    public Future<Page> findings(Filters.Findings filter, @Nullable String cursor, int limit) {
        Where where = new Where().and("kind = ?", filter.kind()).and("session_id = ?", filter.sessionId());
        if (cursor != null) {
            JsonArray key = Page.parse(cursor, 5);
            where.and(
                    "(recorded_at, topic, partition, record_offset, kind) < (?, ?, ?, ?, ?)",
                    time(key, 0), text(key, 1), number(key, 2).intValue(), number(key, 3).longValue(), text(key, 4));
        }
        String sql = "SELECT * FROM findings" + where
                + " ORDER BY recorded_at DESC, topic DESC, partition DESC, record_offset DESC, kind DESC LIMIT " + (limit + 1);
        return page(
                sql,
                where,
                limit,
                item -> Page.cursor(
                        item.getString("recordedAt"), item.getString("topic"), item.getInteger("partition"), item.getLong("recordOffset"), item.getString("kind")));
    }

    /** The session's raw records of one topic in the order of the log, after the place given: start with partition -1. */
    public Future<List<RawRecord>> records(String sessionId, String topic, int partition, long offset, int limit) {
        return pool.preparedQuery(RAW + "WHERE session_id = $1 AND topic = $2 AND (partition, record_offset) > ($3, $4) ORDER BY partition, record_offset LIMIT $5")
                .execute(Tuple.of(sessionId, topic, partition, offset, limit))
                .map(EvidenceStore::raw);
    }

    /** The session's raw records of {@code topics} about these approvals, in the order of each log. */
    public Future<List<RawRecord>> approvals(String sessionId, Collection<String> topics, Collection<String> approvalIds) {
        return pool.preparedQuery(RAW + "WHERE session_id = $1 AND topic = ANY ($2::text[]) AND subject = ANY ($3::text[]) ORDER BY topic, partition, record_offset")
                .execute(Tuple.of(sessionId).addArrayOfString(topics.toArray(String[]::new)).addArrayOfString(approvalIds.toArray(String[]::new)))
                .map(EvidenceStore::raw);
    }

    private Future<Page> page(String sql, Where where, int limit, Function<JsonObject, String> cursor) {
        return pool.preparedQuery(sql).execute(where.values()).map(rows -> {
            List<JsonObject> items = new ArrayList<>(rows.size());
            rows.forEach(row -> items.add(RowJson.of(row)));
            boolean more = items.size() > limit;
            List<JsonObject> shown = more ? items.subList(0, limit) : items;
            return new Page(List.copyOf(shown), more ? cursor.apply(shown.getLast()) : null);
        });
    }

    private static List<RawRecord> raw(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new RawRecord(
                        row.getString(0), row.getInteger(1), row.getLong(2), row.getOffsetDateTime(3).toInstant(), bytes(row.getBuffer(4)), row.getBuffer(5).getBytes()))
                .toList();
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static OffsetDateTime time(JsonArray key, int part) {
        try {
            return Instant.parse(text(key, part)).atOffset(ZoneOffset.UTC);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("cursor: not one that this list has given out", e);
        }
    }

    private static String text(JsonArray key, int part) {
        return key.getValue(part) instanceof String text ? text : refuse();
    }

    private static Number number(JsonArray key, int part) {
        return key.getValue(part) instanceof Number number ? number : Long.valueOf(refuse());
    }

    private static String refuse() {
        throw new IllegalArgumentException("cursor: not one that this list has given out");
    }
}
