// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the REST interface asks of the database. Reads only. */
public final class EvidenceStore {
    private static final String RAW = "SELECT topic, partition, record_offset, recorded_at, record_key, record FROM events ";
    private static final int PIECE_BYTES = 4 * 1024 * 1024;
    /** Nothing about a session lies in a partition before the one of its day. */
    private static final String OF_SESSION = "WHERE session_id = $1 AND day >= (SELECT s.day FROM sessions s WHERE s.session_id = $1)";

    /** In the words of the index "events_by_approval". */
    private static final String OF_APPROVALS =
            "WHERE topic IN ('" + Topics.APPROVALS.name() + "', '" + Topics.VERDICTS.name() + "') AND subject = ANY ($1::text[])";

    private static final String ASKED_WHERE_VISIBLE =
            " AND ($2::text[] IS NULL OR EXISTS (SELECT FROM sessions s WHERE s.session_id = events.session_id AND s.target = ANY ($2::text[])))";

    private static final Listing FINDINGS = new Listing(
            "findings",
            "*",
            List.of(
                    Listing.Key.time("recorded_at", "recordedAt"),
                    Listing.Key.text("topic", "topic"),
                    new Listing.Key("partition", "partition", Listing.Key.Kind.INTEGER),
                    new Listing.Key("record_offset", "recordOffset", Listing.Key.Kind.BIGINT),
                    Listing.Key.text("kind", "kind")),
            true);

    private final Pool pool;

    public EvidenceStore(Pool pool) {
        this.pool = pool;
    }

    /** Succeeds when the database answers. */
    public Future<Void> ping() {
        return pool.query("SELECT 1").execute().mapEmpty();
    }

    /**
     * Whose a session is.
     *
     * @param target absent for a session that was refused before it named one
     * @param dropped whether its records are past their retention
     */
    public record Owner(@Nullable String target, boolean dropped) {}

    /** Whose the session is; empty when it is unknown. */
    public Future<Optional<Owner>> owner(String sessionId) {
        return pool.preparedQuery("SELECT target, false FROM sessions WHERE session_id = $1 UNION ALL SELECT target, true FROM dropped_sessions WHERE session_id = $1")
                .execute(Tuple.of(sessionId))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).findFirst().map(row -> new Owner(row.getString(0), row.getBoolean(1))));
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

    /** Findings, newest first, from behind {@code cursor}. */
    public Future<Page> findings(Filters.Findings filter, Visibility visibility, @Nullable String cursor, int limit) {
        Where where = new Where()
                .and("kind = ?", filter.kind())
                .and("session_id = ?", filter.sessionId())
                .and("recorded_at >= ?", Where.utc(filter.recorded().from()))
                .and("recorded_at < ?", Where.utc(filter.recorded().to()))
                .and("session_id IN (SELECT s.session_id FROM sessions s WHERE s.target = ?)", filter.target())
                .and("EXISTS (SELECT FROM sessions s WHERE s.session_id = findings.session_id) = ?", filter.attributed())
                .and("session_id IN (SELECT s.session_id FROM sessions s WHERE s.target = ANY (?))", (Object) visibility.parameter());
        return FINDINGS.page(pool, where, cursor, limit);
    }

    /**
     * The session's raw records of one topic in the order of the log, after the place given: start with partition -1. None begins behind the first
     * {@value #PIECE_BYTES} bytes, so that records of many megabytes come one or two at a time; {@link #mayGoOn} says whether to ask again.
     */
    public Future<List<RawRecord>> records(String sessionId, String topic, int partition, long offset, int limit) {
        return pool.preparedQuery(piece(OF_SESSION + " AND topic = $2 AND (partition, record_offset) > ($3, $4)", "partition, record_offset", "$5"))
                .execute(Tuple.of(sessionId, topic, partition, offset, limit))
                .map(EvidenceStore::raw);
    }

    /** Whether there may be more behind {@code piece}, which {@link #records} gave for {@code limit}. */
    public static boolean mayGoOn(List<RawRecord> piece, int limit) {
        return piece.size() == limit || piece.stream().mapToLong(record -> record.value().length).sum() >= PIECE_BYTES;
    }

    /**
     * The raw records about these approvals, whichever session asked for them, in the order of each log. Records name approvals as they like, so only those are
     * given whose asking session may be seen.
     */
    public Future<List<RawRecord>> approvals(Collection<String> approvalIds, Visibility visibility) {
        return pool.preparedQuery(RAW + OF_APPROVALS + ASKED_WHERE_VISIBLE + " ORDER BY topic, partition, record_offset")
                .execute(Tuple.tuple().addArrayOfString(approvalIds.toArray(String[]::new)).addArrayOfString(visibility.parameter()))
                .map(EvidenceStore::raw);
    }

    /**
     * The raw records about these approvals as far as other sessions than {@code sessionId} have asked for them, in the order of each log, behind {@code after};
     * from the first where that is null. As of {@link #records}, {@link #mayGoOn} says whether to ask again; as of {@link #approvals}, some may not be seen.
     */
    public Future<List<RawRecord>> approvalsFromElsewhere(
            String sessionId, Collection<String> approvalIds, Visibility visibility, @Nullable RawRecord after, int limit) {
        String order = "topic, partition, record_offset";
        String where = OF_APPROVALS + ASKED_WHERE_VISIBLE + " AND session_id <> $3" + (after == null ? "" : " AND (" + order + ") > ($5, $6, $7)");
        Tuple parameters = Tuple.tuple()
                .addArrayOfString(approvalIds.toArray(String[]::new))
                .addArrayOfString(visibility.parameter())
                .addString(sessionId)
                .addInteger(limit);
        if (after != null) {
            parameters.addString(after.topic()).addInteger(after.partition()).addLong(after.offset());
        }
        return pool.preparedQuery(piece(where, order, "$4")).execute(parameters).map(EvidenceStore::raw);
    }

    /** Selects the next records where {@code where}, of which none begins behind the first {@value #PIECE_BYTES} bytes. */
    private static String piece(String where, String order, String limit) {
        return "SELECT topic, partition, record_offset, recorded_at, record_key, record FROM"
                + " (SELECT *, sum(octet_length(record)) OVER (ORDER BY " + order + ") - octet_length(record) AS behind FROM"
                + " (" + RAW + where + " ORDER BY " + order + " LIMIT " + limit + ") n) b"
                + " WHERE behind < " + PIECE_BYTES + " ORDER BY " + order;
    }

    /**
     * The value of a record, and where it was in its topic.
     *
     * @param partition to go on after
     * @param offset to go on after
     */
    public record Placed(int partition, long offset, byte[] value) {}

    /** The record of one chunk of a kept answer; null when there is none. */
    public Future<byte @Nullable []> chunk(String sessionId, String statementId, long chunk) {
        return pool.preparedQuery("SELECT record FROM results WHERE session_id = $1 AND statement_id = $2 AND chunk = $3 ORDER BY topic, partition, record_offset LIMIT 1")
                .execute(Tuple.of(sessionId, statementId, chunk))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getBuffer(0).getBytes());
    }

    /** A chunk of a kept answer, and what it is filed under. */
    public record Filed(String statementId, long chunk, RawRecord raw) {}

    /**
     * The session's chunks of kept answers, each answer's in their order, behind {@code after}; from the first where that is null. None begins behind the first
     * {@value #PIECE_BYTES} bytes, so there may be fewer than {@code limit} though there are more; it is empty only at the end.
     */
    public Future<List<Filed>> results(String sessionId, @Nullable Filed after, int limit) {
        String order = "statement_id, chunk, topic, partition, record_offset";
        String next = "SELECT topic, partition, record_offset, recorded_at, record, statement_id, chunk FROM results WHERE session_id = $1"
                + (after == null ? "" : " AND (statement_id, chunk, topic, partition, record_offset) > ($3, $4, $5, $6, $7)")
                + " ORDER BY " + order + " LIMIT $2";
        String sql = "SELECT topic, partition, record_offset, recorded_at, NULL::bytea, record, statement_id, chunk FROM"
                + " (SELECT *, sum(octet_length(record)) OVER (ORDER BY " + order + ") - octet_length(record) AS behind FROM (" + next + ") n) b"
                + " WHERE behind < " + PIECE_BYTES + " ORDER BY " + order;
        Tuple parameters = Tuple.of(sessionId, limit);
        if (after != null) {
            parameters.addString(after.statementId()).addLong(after.chunk()).addString(after.raw().topic()).addInteger(after.raw().partition()).addLong(after.raw().offset());
        }
        return pool.preparedQuery(sql).execute(parameters).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Filed(row.getString(6), row.getLong(7), raw(row)))
                .toList());
    }

    /** The session's records of parts of long texts, in the order of the log, after the place given: start with partition -1. */
    public Future<List<Placed>> parts(String sessionId, int partition, long offset, int limit) {
        return pool.preparedQuery("SELECT partition, record_offset, record FROM events " + OF_SESSION
                        + " AND type = 'dev.sluice.statement.parted.v1' AND (partition, record_offset) > ($2, $3) ORDER BY partition, record_offset LIMIT $4")
                .execute(Tuple.of(sessionId, partition, offset, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Placed(row.getInteger(0), row.getLong(1), row.getBuffer(2).getBytes()))
                        .toList());
    }

    private static List<RawRecord> raw(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(EvidenceStore::raw).toList();
    }

    private static RawRecord raw(Row row) {
        return new RawRecord(
                row.getString(0), row.getInteger(1), row.getLong(2), row.getOffsetDateTime(3).toInstant(), bytes(row.getBuffer(4)), row.getBuffer(5).getBytes());
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
