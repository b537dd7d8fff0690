// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.projection.Batch;
import dev.sluice.audit.projection.BatchFold;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.projection.SessionTrack;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches with exactly-once effect: rows and offsets change in one transaction, and only while the stored offsets are still the
 * ones the batch was read from. Its methods wait and are for the thread of the consumer, never for an event loop.
 */
public final class IngestStore {
    private static final String LOCK_OFFSETS = """
            SELECT o.topic, o.partition, o.next_offset FROM offsets o
            JOIN unnest($1::text[], $2::int[]) AS wanted (topic, partition) USING (topic, partition)
            ORDER BY o.topic, o.partition FOR UPDATE OF o""";
    private static final String CREATE_OFFSETS = """
            INSERT INTO offsets (topic, partition, next_offset) SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[])
            ON CONFLICT DO NOTHING""";
    private static final String MOVE_OFFSETS = """
            UPDATE offsets o SET next_offset = moved.next_offset
            FROM unnest($1::text[], $2::int[], $3::bigint[]) AS moved (topic, partition, next_offset)
            WHERE (o.topic, o.partition) = (moved.topic, moved.partition)""";
    private static final String TRACKS = """
            SELECT session_id, last_sequence, last_digest, statements, closed_at IS NOT NULL, principal, target
            FROM sessions WHERE session_id = ANY ($1::text[])""";
    private static final String INSERT_EVENTS = """
            INSERT INTO events (topic, partition, record_offset, recorded_at, record_key, record, digest,
                                event_id, type, subject, session_id, causation_id, sequence, event_time)
            SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[], $5::bytea[], $6::bytea[], $7::text[],
                                 $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::timestamptz[])""";
    private static final String INSERT_FINDINGS = """
            INSERT INTO findings (topic, partition, record_offset, kind, recorded_at, session_id, sequence, detail)
            SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[], $8::text[])
            ON CONFLICT DO NOTHING""";
    private static final Set<String> SESSION_KEY = Set.of("session_id");
    private static final Set<String> STATEMENT_KEY = Set.of("session_id", "statement_id");
    private static final Set<String> MOVING = Set.of("last_at", "last_sequence", "last_digest", "statements");

    private final Pool pool;
    private final String sessionsTopic;
    private final String upsertSessions;
    private final String upsertStatements;

    private IngestStore(Pool pool, String sessionsTopic, String upsertSessions, String upsertStatements) {
        this.pool = pool;
        this.sessionsTopic = sessionsTopic;
        this.upsertSessions = upsertSessions;
        this.upsertStatements = upsertStatements;
    }

    /** Opens the store on migrated tables. {@code sessionsTopic} is the topic whose records form the sessions' chains. */
    public static Future<IngestStore> open(Pool pool, String sessionsTopic) {
        return Future.all(columns(pool, "sessions"), columns(pool, "statements"))
                .map(both -> new IngestStore(
                        pool, sessionsTopic, upsert("sessions", SESSION_KEY, both.resultAt(0)), upsert("statements", STATEMENT_KEY, both.resultAt(1))));
    }

    /** The next offset of each partition; those that were never read start at {@code beginnings}, and that is stored. */
    public Map<Partition, Long> offsets(Map<Partition, Long> beginnings) {
        List<Partition> partitions = List.copyOf(beginnings.keySet());
        Tuple keys = keys(partitions).addArrayOfLong(partitions.stream().map(beginnings::get).toArray(Long[]::new));
        return WatchedConnection.await(pool.withTransaction(connection -> connection
                .preparedQuery(CREATE_OFFSETS)
                .execute(keys)
                .compose(_ -> connection.preparedQuery(LOCK_OFFSETS).execute(keys(partitions)))
                .map(IngestStore::offsetsOf)));
    }

    /**
     * Writes the records and moves the offsets from {@code from} to {@code to}, or does nothing and throws.
     *
     * @throws OffsetsMoved when another instance has written in the meantime: read the offsets again
     */
    public Batch write(List<ReadRecord> records, Map<Partition, Long> from, Map<Partition, Long> to) {
        return write(records, List.of(), from, to);
    }

    /** As {@link #write(List, Map, Map)}, with findings that belong to no record among these. */
    public Batch write(List<ReadRecord> records, List<FindingRow> more, Map<Partition, Long> from, Map<Partition, Long> to) {
        try {
            return transaction(records, more, from, to);
        } catch (PgException e) {
            if (!isAboutData(e) || records.isEmpty()) {
                throw e;
            }
            return oneByOne(records, from);
        }
    }

    /** A record that PostgreSQL will not take as it is must stop neither its batch nor the partition: its bytes are kept, its fields not. */
    private Batch oneByOne(List<ReadRecord> records, Map<Partition, Long> from) {
        Map<Partition, Long> offsets = new HashMap<>(from);
        List<Batch> written = new ArrayList<>();
        for (ReadRecord record : records) {
            var partition = new Partition(record.raw().topic(), record.raw().partition());
            Map<Partition, Long> before = Map.of(partition, Objects.requireNonNull(offsets.get(partition)));
            Map<Partition, Long> after = Map.of(partition, record.raw().offset() + 1);
            try {
                written.add(transaction(List.of(record), List.of(), before, after));
            } catch (PgException e) {
                if (!isAboutData(e)) {
                    throw e;
                }
                ReadRecord kept = RecordReader.unreadable(record, "PostgreSQL does not take its fields: SQLSTATE " + e.getSqlState());
                written.add(transaction(List.of(kept), List.of(), before, after));
            }
            offsets.putAll(after);
        }
        return new Batch(
                records, List.of(), List.of(), written.stream().flatMap(batch -> batch.findings().stream()).toList());
    }

    /** SQLSTATE classes 22 (data exception) and 54 (program limit exceeded): trying the same again gives the same. */
    private static boolean isAboutData(PgException e) {
        return e.getSqlState() != null && (e.getSqlState().startsWith("22") || e.getSqlState().startsWith("54"));
    }

    private Batch transaction(List<ReadRecord> records, List<FindingRow> more, Map<Partition, Long> from, Map<Partition, Long> to) {
        try (var connection = new WatchedConnection(WatchedConnection.await(pool.getConnection()))) {
            Transaction transaction = connection.wait(connection.sql().begin());
            try {
                Batch batch = write(connection, records, more, from, to);
                connection.wait(transaction.commit());
                return batch;
            } catch (RuntimeException e) {
                transaction.rollback().onComplete(_ -> {});
                throw e;
            }
        }
    }

    private Batch write(
            WatchedConnection connection, List<ReadRecord> records, List<FindingRow> more, Map<Partition, Long> from, Map<Partition, Long> to) {
        Map<Partition, Long> stored = offsetsOf(connection.wait(connection.sql().preparedQuery(LOCK_OFFSETS).execute(keys(List.copyOf(from.keySet())))));
        if (!stored.equals(from)) {
            throw new OffsetsMoved("the batch was read from " + from + ", but the store is at " + stored);
        }
        var fold = new BatchFold(sessionsTopic, tracks(connection, records));
        records.forEach(fold::add);
        Batch batch = fold.batch();
        List<FindingRow> findings = new ArrayList<>(batch.findings());
        findings.addAll(more);
        List<Future<?>> writes = new ArrayList<>();
        if (!records.isEmpty()) {
            writes.add(connection.sql().preparedQuery(INSERT_EVENTS).execute(events(records)));
        }
        if (!batch.sessions().isEmpty()) {
            writes.add(connection.sql().preparedQuery(upsertSessions).execute(Tuple.of(json(batch.sessions()))));
        }
        if (!batch.statements().isEmpty()) {
            writes.add(connection.sql().preparedQuery(upsertStatements).execute(Tuple.of(json(batch.statements()))));
        }
        if (!findings.isEmpty()) {
            writes.add(connection.sql().preparedQuery(INSERT_FINDINGS).execute(findings(findings)));
        }
        List<Partition> moved = List.copyOf(to.keySet());
        writes.add(connection.sql().preparedQuery(MOVE_OFFSETS)
                .execute(keys(moved).addArrayOfLong(moved.stream().map(to::get).toArray(Long[]::new))));
        connection.wait(Future.all(writes));
        return batch;
    }

    private Map<String, SessionTrack> tracks(WatchedConnection connection, List<ReadRecord> records) {
        String[] sessions = records.stream()
                .map(record -> BatchFold.chainOf(record, sessionsTopic))
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        Map<String, SessionTrack> tracks = new HashMap<>();
        for (Row row : connection.wait(connection.sql().preparedQuery(TRACKS).execute(Tuple.tuple().addArrayOfString(sessions)))) {
            tracks.put(
                    row.getString(0),
                    new SessionTrack(
                            row.getString(0), row.getLong(1), row.getString(2), row.getLong(3), row.getBoolean(4), row.getString(5), row.getString(6)));
        }
        return tracks;
    }

    private static Tuple events(List<ReadRecord> records) {
        return Tuple.tuple()
                .addArrayOfString(records.stream().map(record -> record.raw().topic()).toArray(String[]::new))
                .addArrayOfInteger(records.stream().map(record -> record.raw().partition()).toArray(Integer[]::new))
                .addArrayOfLong(records.stream().map(record -> record.raw().offset()).toArray(Long[]::new))
                .addArrayOfOffsetDateTime(records.stream().map(record -> utc(record.raw().recordedAt())).toArray(OffsetDateTime[]::new))
                .addArrayOfBuffer(records.stream().map(record -> buffer(record.raw().key())).toArray(Buffer[]::new))
                .addArrayOfBuffer(records.stream().map(record -> buffer(record.raw().value())).toArray(Buffer[]::new))
                .addArrayOfString(records.stream().map(ReadRecord::digest).toArray(String[]::new))
                .addArrayOfString(records.stream().map(record -> record.header().id()).toArray(String[]::new))
                .addArrayOfString(records.stream().map(record -> record.header().type()).toArray(String[]::new))
                .addArrayOfString(records.stream().map(record -> record.header().subject()).toArray(String[]::new))
                .addArrayOfString(records.stream().map(BatchFold::sessionOf).toArray(String[]::new))
                .addArrayOfString(records.stream().map(record -> record.header().causationId()).toArray(String[]::new))
                .addArrayOfLong(records.stream().map(record -> record.header().sequence()).toArray(Long[]::new))
                .addArrayOfOffsetDateTime(records.stream().map(record -> utc(record.time())).toArray(OffsetDateTime[]::new));
    }

    private static Tuple findings(List<FindingRow> findings) {
        return Tuple.tuple()
                .addArrayOfString(findings.stream().map(finding -> finding.record().topic()).toArray(String[]::new))
                .addArrayOfInteger(findings.stream().map(finding -> finding.record().partition()).toArray(Integer[]::new))
                .addArrayOfLong(findings.stream().map(finding -> finding.record().offset()).toArray(Long[]::new))
                .addArrayOfString(findings.stream().map(finding -> finding.kind().word()).toArray(String[]::new))
                .addArrayOfOffsetDateTime(findings.stream().map(finding -> utc(finding.record().recordedAt())).toArray(OffsetDateTime[]::new))
                .addArrayOfString(findings.stream().map(FindingRow::sessionId).toArray(String[]::new))
                .addArrayOfLong(findings.stream().map(FindingRow::sequence).toArray(Long[]::new))
                .addArrayOfString(findings.stream().map(FindingRow::detail).toArray(String[]::new));
    }

    private static Map<Partition, Long> offsetsOf(RowSet<Row> rows) {
        Map<Partition, Long> offsets = new HashMap<>();
        for (Row row : rows) {
            offsets.put(new Partition(row.getString(0), row.getInteger(1)), row.getLong(2));
        }
        return offsets;
    }

    private static Tuple keys(List<Partition> partitions) {
        return Tuple.tuple()
                .addArrayOfString(partitions.stream().map(Partition::topic).toArray(String[]::new))
                .addArrayOfInteger(partitions.stream().map(Partition::number).toArray(Integer[]::new));
    }

    private static String json(Collection<ObjectNode> rows) {
        return rows.stream().map(ObjectNode::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static Future<List<String>> columns(Pool pool, String table) {
        return pool.preparedQuery("SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1")
                .execute(Tuple.of(table))
                .map(rows -> {
                    List<String> names = new ArrayList<>();
                    rows.forEach(row -> names.add(row.getString(0)));
                    return List.copyOf(names);
                });
    }

    /** The first value of a column stays, so that writing a record twice, or a forged one later, changes no row. */
    private static String upsert(String table, Set<String> key, List<String> columns) {
        String names = String.join(", ", columns);
        String changes = columns.stream()
                .filter(column -> !key.contains(column))
                .map(column -> MOVING.contains(column) && table.equals("sessions")
                        ? column + " = excluded." + column
                        : column + " = coalesce(" + table + "." + column + ", excluded." + column + ")")
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + table + " (" + names + ") SELECT " + names + " FROM json_populate_recordset(NULL::" + table + ", $1::text::json)"
                + " ON CONFLICT (" + String.join(", ", new java.util.TreeSet<>(key)) + ") DO UPDATE SET " + changes;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}
