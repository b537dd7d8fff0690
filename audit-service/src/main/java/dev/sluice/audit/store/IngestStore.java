// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.projection.Batch;
import dev.sluice.audit.projection.BatchFold;
import dev.sluice.audit.projection.EventRow;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecentRecords;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.projection.SessionTrack;
import dev.sluice.schemas.signature.TrustedKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches with exactly-once effect: rows and offsets change in one transaction, and only while the stored offsets are still the
 * ones the batch was read from. Keeps one connection of its own. Its methods wait; for one thread at a time.
 */
public final class IngestStore implements AutoCloseable {
    private static final String LOCK_OFFSETS = """
            SELECT o.topic, o.partition, o.next_offset FROM offsets o
            JOIN unnest(?::text[], ?::int[]) AS wanted (topic, partition) USING (topic, partition)
            ORDER BY o.topic, o.partition FOR UPDATE OF o""";
    private static final String CREATE_OFFSETS = """
            INSERT INTO offsets (topic, partition, next_offset) SELECT * FROM unnest(?::text[], ?::int[], ?::bigint[])
            ON CONFLICT DO NOTHING""";
    private static final String MOVE_OFFSETS = """
            UPDATE offsets o SET next_offset = moved.next_offset
            FROM unnest(?::text[], ?::int[], ?::bigint[]) AS moved (topic, partition, next_offset)
            WHERE (o.topic, o.partition) = (moved.topic, moved.partition)""";
    private static final String TRACKS = """
            SELECT session_id, started_at, last_sequence, last_digest, statements, closed_at IS NOT NULL, principal, target
            FROM sessions WHERE session_id = ANY (?::text[])""";

    private final DataSource source;
    private final RecentRecords recent = new RecentRecords();
    private final String sessionsTopic;
    private final @Nullable TrustedKeys auditKeys;
    private final Days days = new Days();
    private @Nullable Connection connection;

    /** As {@link #IngestStore(DataSource, String, TrustedKeys)}, with no key that could prove what auditors did. */
    public IngestStore(DataSource source, String sessionsTopic) {
        this(source, sessionsTopic, null);
    }

    /**
     * On migrated tables. {@code sessionsTopic} is the topic whose records form the sessions' chains, {@code auditKeys} are those of the
     * audit-service. Nothing is connected yet.
     */
    public IngestStore(DataSource source, String sessionsTopic, @Nullable TrustedKeys auditKeys) {
        this.source = source;
        this.auditKeys = auditKeys;
        this.sessionsTopic = sessionsTopic;
    }

    /** The next offset of each partition; those that were never read start at {@code beginnings}, and that is stored. */
    public Map<Partition, Long> offsets(Map<Partition, Long> beginnings) {
        return inTransaction(open -> {
            move(open, CREATE_OFFSETS, beginnings);
            return locked(open, beginnings.keySet());
        });
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
            return batch(records, more, from, to);
        } catch (StoreFailure e) {
            if (!e.isAboutData() || records.isEmpty()) {
                throw e;
            }
            return oneByOne(records, from);
        }
    }

    /** A record that PostgreSQL will not take as it is must stop neither its batch nor the partition: its bytes are kept, its fields not. */
    private Batch oneByOne(List<ReadRecord> records, Map<Partition, Long> from) {
        Map<Partition, Long> offsets = new HashMap<>(from);
        List<EventRow> events = new ArrayList<>();
        List<FindingRow> findings = new ArrayList<>();
        for (ReadRecord record : records) {
            var partition = new Partition(record.raw().topic(), record.raw().partition());
            Map<Partition, Long> before = Map.of(partition, Objects.requireNonNull(offsets.get(partition)));
            Map<Partition, Long> after = Map.of(partition, record.raw().offset() + 1);
            Batch written;
            try {
                written = batch(List.of(record), List.of(), before, after);
            } catch (StoreFailure e) {
                if (!e.isAboutData()) {
                    throw e;
                }
                written = batch(List.of(RecordReader.unreadable(record, "PostgreSQL does not take its fields: " + e.getMessage())), List.of(), before, after);
            }
            events.addAll(written.events());
            findings.addAll(written.findings());
            offsets.putAll(after);
        }
        return new Batch(events, List.of(), List.of(), findings, List.of(), List.of(), List.of());
    }

    private Batch batch(List<ReadRecord> records, List<FindingRow> more, Map<Partition, Long> from, Map<Partition, Long> to) {
        Set<LocalDate> daysOfBatch = new java.util.TreeSet<>();
        Batch written = inTransaction(open -> {
            Map<Partition, Long> stored = locked(open, from.keySet());
            if (!stored.equals(from)) {
                throw new OffsetsMoved("the batch was read from " + from + ", but the store is at " + stored);
            }
            var fold = new BatchFold(sessionsTopic, auditKeys, tracks(open, records), recent);
            records.forEach(fold::add);
            Batch batch = fold.batch(more);
            batch.events().forEach(event -> daysOfBatch.add(event.day()));
            batch.results().forEach(result -> daysOfBatch.add(result.day()));
            days.create(open, daysOfBatch);
            BatchTables.write(open, batch);
            move(open, MOVE_OFFSETS, to);
            return batch;
        });
        days.committed(daysOfBatch);
        return written;
    }

    private Map<String, SessionTrack> tracks(Connection open, List<ReadRecord> records) throws SQLException {
        Set<String> sessions =
                records.stream().map(record -> BatchFold.chainOf(record, sessionsTopic)).filter(Objects::nonNull).collect(Collectors.toSet());
        Map<String, SessionTrack> tracks = new HashMap<>();
        if (sessions.isEmpty()) {
            return tracks;
        }
        try (PreparedStatement statement = open.prepareStatement(TRACKS)) {
            statement.setObject(1, sessions.toArray(String[]::new));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String sessionId = row.getString(1);
                    tracks.put(
                            sessionId,
                            new SessionTrack(
                                    sessionId,
                                    row.getObject(2, OffsetDateTime.class).toInstant(),
                                    row.getLong(3),
                                    row.getString(4),
                                    row.getLong(5),
                                    row.getBoolean(6),
                                    row.getString(7),
                                    row.getString(8)));
                }
            }
        }
        return tracks;
    }

    private static Map<Partition, Long> locked(Connection open, Set<Partition> partitions) throws SQLException {
        Map<Partition, Long> offsets = new HashMap<>();
        try (PreparedStatement statement = open.prepareStatement(LOCK_OFFSETS)) {
            keys(statement, List.copyOf(partitions));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    offsets.put(new Partition(row.getString(1), row.getInt(2)), row.getLong(3));
                }
            }
        }
        return offsets;
    }

    private static void move(Connection open, String sql, Map<Partition, Long> offsets) throws SQLException {
        List<Partition> partitions = List.copyOf(offsets.keySet());
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            keys(statement, partitions);
            statement.setObject(3, partitions.stream().map(offsets::get).toArray(Long[]::new));
            statement.executeUpdate();
        }
    }

    private static void keys(PreparedStatement statement, List<Partition> partitions) throws SQLException {
        statement.setObject(1, partitions.stream().map(Partition::topic).toArray(String[]::new));
        statement.setObject(2, partitions.stream().map(Partition::number).toArray(Integer[]::new));
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    private interface Work<T> {
        T with(Connection open) throws SQLException;
    }

    /** After any failure the connection is not used again: whatever state it was in ends with it. */
    private <T> T inTransaction(Work<T> work) {
        boolean done = false;
        try {
            Connection open = connection == null ? connect() : connection;
            connection = open;
            T result = work.with(open);
            open.commit();
            done = true;
            return result;
        } catch (SQLException e) {
            throw new StoreFailure(e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Connection connect() throws SQLException {
        Connection open = source.getConnection();
        open.setAutoCommit(false);
        BatchTables.prepare(open);
        open.commit();
        return open;
    }

    /** Gives the connection back; the next write makes another. */
    @Override
    public void close() {
        days.forget();
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                throw new StoreFailure(e);
            }
        }
    }
}
