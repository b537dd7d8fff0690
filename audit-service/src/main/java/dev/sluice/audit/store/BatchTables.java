// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.projection.AccessColumn;
import dev.sluice.audit.projection.Batch;
import dev.sluice.audit.projection.Column;
import dev.sluice.audit.projection.EventRow;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.projection.LegalHoldColumn;
import dev.sluice.audit.projection.ProjectedRow;
import dev.sluice.audit.projection.ReadRecord.Header;
import dev.sluice.audit.projection.ResultRow;
import dev.sluice.audit.projection.SessionColumn;
import dev.sluice.audit.projection.StatementColumn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Brings a batch into its tables by COPY: events at once, rows that may be there already by way of a temporary table. */
final class BatchTables {
    private static final String COPY_EVENTS = "COPY events (day, session_id, topic, partition, record_offset, recorded_at, record_key, record,"
            + " event_id, type, subject, causation_id, sequence, event_time) FROM STDIN (FORMAT binary)";
    private static final String COPY_FINDINGS = "COPY incoming_findings (topic, partition, record_offset, kind, recorded_at, session_id, sequence, detail)"
            + " FROM STDIN (FORMAT binary)";
    private static final String TAKE_FINDINGS = "INSERT INTO findings SELECT * FROM incoming_findings ON CONFLICT DO NOTHING";
    private static final String COPY_RESULTS = "COPY results (day, session_id, statement_id, chunk, topic, partition, record_offset, recorded_at, record)"
            + " FROM STDIN (FORMAT binary)";
    private static final int RESULT_FIELDS = 9;
    private static final int EVENT_FIELDS = 14;
    private static final int FINDING_FIELDS = 8;
    private static final int EVENT_OVERHEAD = 400;
    private static final int ROW_SIZE = 1_000;

    private static final Target SESSIONS =
            new Target("sessions", SessionColumn.values(), Set.of(SessionColumn.SESSION_ID), column -> ((SessionColumn) column).moves());
    private static final Target STATEMENTS = new Target(
            "statements", StatementColumn.values(), Set.of(StatementColumn.SESSION_ID, StatementColumn.STATEMENT_ID, StatementColumn.DAY), _ -> false);

    private static final Target ACCESSES = new Target("accesses", AccessColumn.values(), Set.of(AccessColumn.EVENT_ID), _ -> false);
    private static final Target LEGAL_HOLDS = new Target("legal_holds", LegalHoldColumn.values(), Set.of(LegalHoldColumn.LEGAL_HOLD_ID), _ -> false);

    private BatchTables() {}

    /** A table whose rows may be there already. */
    private record Target(String table, Column[] columns, String copy, String take) {
        Target(String table, Column[] columns, Set<? extends Column> key, Predicate<Column> moves) {
            this(table, columns, copy(table, columns), take(table, columns, key, moves));
        }

        private static String copy(String table, Column[] columns) {
            return "COPY incoming_" + table + " (" + names(columns) + ") FROM STDIN (FORMAT binary)";
        }

        /** The first value of a column stays, so that writing a record twice, or a forged one later, changes no row. */
        private static String take(String table, Column[] columns, Set<? extends Column> key, Predicate<Column> moves) {
            String changes = Arrays.stream(columns)
                    .filter(column -> !key.contains(column))
                    .map(Column::column)
                    .map(name -> moves.test(named(columns, name))
                            ? name + " = coalesce(excluded." + name + ", " + table + "." + name + ")"
                            : name + " = coalesce(" + table + "." + name + ", excluded." + name + ")")
                    .collect(Collectors.joining(", "));
            String keys = key.stream().map(Column::column).sorted().collect(Collectors.joining(", "));
            return "INSERT INTO " + table + " (" + names(columns) + ") SELECT " + names(columns) + " FROM incoming_" + table
                    + " ON CONFLICT (" + keys + ") DO UPDATE SET " + changes;
        }

        private static Column named(Column[] columns, String name) {
            return Arrays.stream(columns).filter(column -> column.column().equals(name)).findFirst().orElseThrow();
        }

        private static String names(Column[] columns) {
            return Arrays.stream(columns).map(Column::column).collect(Collectors.joining(", "));
        }
    }

    /** Makes the temporary tables of a connection. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // What a crash of the server takes back takes its offsets back too, and is read again: a commit need not wait for the disk.
            statement.execute("SET synchronous_commit = off");
            for (String table : List.of("sessions", "statements", "findings", "accesses", "legal_holds")) {
                statement.execute("CREATE TEMPORARY TABLE incoming_" + table + " (LIKE " + table + ") ON COMMIT DELETE ROWS");
            }
        }
    }

    /** Writes all of it, in the connection's transaction. */
    static void write(Connection connection, Batch batch) throws SQLException {
        copy(connection, COPY_EVENTS, events(batch.events()));
        copy(connection, COPY_RESULTS, results(batch.results()));
        merge(connection, SESSIONS, batch.sessions());
        merge(connection, STATEMENTS, batch.statements());
        merge(connection, ACCESSES, batch.accesses());
        merge(connection, LEGAL_HOLDS, batch.legalHolds());
        if (!batch.findings().isEmpty()) {
            copy(connection, COPY_FINDINGS, findings(batch.findings()));
            execute(connection, TAKE_FINDINGS);
        }
    }

    private static void merge(Connection connection, Target target, Collection<ProjectedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        var copy = new CopyRows(rows.size() * ROW_SIZE);
        rows.forEach(row -> copy.row(target.columns(), row));
        copy(connection, target.copy(), copy);
        execute(connection, target.take());
    }

    private static CopyRows events(List<EventRow> events) {
        int bytes = events.stream().mapToInt(event -> event.record().raw().value().length + EVENT_OVERHEAD).sum();
        var copy = new CopyRows(bytes);
        for (EventRow event : events) {
            var raw = event.record().raw();
            Header header = event.record().header();
            copy.row(EVENT_FIELDS)
                    .date(event.day())
                    .text(event.sessionId())
                    .text(raw.topic())
                    .integer(raw.partition())
                    .bigint(raw.offset())
                    .timestamp(raw.recordedAt())
                    .bytes(raw.key())
                    .bytes(raw.value())
                    .text(header.id())
                    .text(header.type())
                    .text(header.subject())
                    .text(header.causationId())
                    .bigint(header.sequence())
                    .timestamp(event.record().time());
        }
        return copy;
    }

    private static CopyRows results(List<ResultRow> results) {
        int bytes = results.stream().mapToInt(result -> result.record().raw().value().length + EVENT_OVERHEAD).sum();
        var copy = new CopyRows(bytes);
        for (ResultRow result : results) {
            var raw = result.record().raw();
            copy.row(RESULT_FIELDS)
                    .date(result.day())
                    .text(result.sessionId())
                    .text(result.statementId())
                    .bigint(result.chunk())
                    .text(raw.topic())
                    .integer(raw.partition())
                    .bigint(raw.offset())
                    .timestamp(raw.recordedAt())
                    .bytes(raw.value());
        }
        return copy;
    }

    private static CopyRows findings(List<FindingRow> findings) {
        var copy = new CopyRows(findings.size() * EVENT_OVERHEAD);
        for (FindingRow finding : findings) {
            copy.row(FINDING_FIELDS)
                    .text(finding.record().topic())
                    .integer(finding.record().partition())
                    .bigint(finding.record().offset())
                    .text(finding.kind().word())
                    .timestamp(finding.record().recordedAt())
                    .text(finding.sessionId())
                    .bigint(finding.sequence())
                    .text(finding.detail());
        }
        return copy;
    }

    private static void copy(Connection connection, String sql, CopyRows rows) throws SQLException {
        if (rows.rows() == 0) {
            return;
        }
        ByteBuffer bytes = rows.finished();
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            copy.writeToCopy(bytes.array(), 0, bytes.limit());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }
}
