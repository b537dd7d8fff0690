// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.projection.StorableTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Deletes sessions whose retention has passed and that no legal hold names. A session goes whole, with its chain; what stays of it is the
 * end of the chain and the gateway's signature over it, with which any other copy of its records still proves to be whole. A day of which
 * nothing is left is dropped with its partitions. Waits; several instances take turns.
 */
public final class Retention {
    private static final String DAYS = """
            SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'events'::regclass ORDER BY 1""";
    private static final String EXPIRING = """
            CREATE TEMPORARY TABLE expiring ON COMMIT DROP AS
            SELECT s.* FROM sessions s WHERE s.day = ? AND expired(s, ?, ?::interval, ?::text[], ?::interval[])""";
    private static final String KEEP_ENDS = """
            INSERT INTO dropped_sessions (session_id, principal, target, started_at, last_at, closed_at, statements, last_sequence, last_digest,
                                          sealed_sequence, sealed_digest, seal, dropped_at)
            SELECT session_id, principal, target, started_at, last_at, closed_at, statements, last_sequence, last_digest,
                   sealed_sequence, sealed_digest, seal, ? FROM expiring
            ON CONFLICT DO NOTHING""";
    private static final String NEEDED = """
            SELECT EXISTS (SELECT FROM sessions s WHERE s.day = ?)
                OR EXISTS (SELECT FROM events e JOIN sessions s USING (session_id) WHERE e.day = ?)""";
    private static final String RESULT_DAYS = """
            SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'results'::regclass ORDER BY 1""";
    private static final String RESULTS_OVER = """
            DELETE FROM results r WHERE r.day = ?
              AND r.day < coalesce((SELECT o.first_kept FROM sessions s, unnest(?::text[], ?::date[]) AS o (target, first_kept)
                                    WHERE s.session_id = r.session_id AND o.target = s.target), ?)
              AND NOT EXISTS (SELECT FROM sessions s WHERE s.session_id = r.session_id AND on_hold(s))""";
    private static final String RESULTS_LEFT = "SELECT EXISTS (SELECT FROM results r WHERE r.day = ?)";
    private static final String TURN = "SELECT pg_try_advisory_xact_lock(hashtext('sluice-audit-retention'))";

    private final DataSource source;
    private final Period usual;
    private final Map<String, Period> targets;
    private final Period results;
    private final Map<String, Period> resultsOfTargets;

    public Retention(DataSource source, AuditConfig.Retention retention) {
        this.source = source;
        this.usual = Period.parse(Objects.requireNonNull(retention.evidence()));
        this.results = Period.parse(Objects.requireNonNull(retention.results()));
        this.resultsOfTargets = new TreeMap<>();
        Objects.requireNonNull(retention.resultsOfTargets()).forEach((target, kept) -> resultsOfTargets.put(target, Period.parse(kept)));
        this.targets = new TreeMap<>();
        Objects.requireNonNull(retention.targets()).forEach((target, kept) -> targets.put(target, Period.parse(kept)));
    }

    /**
     * What was done.
     *
     * @param sessions deleted
     * @param days dropped with their partitions
     */
    public record Outcome(long sessions, int days) {}

    /** Deletes what has expired at {@code now}. A day that fails stays as it was; the days before it are done. */
    public Outcome apply(Instant now) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            long sessions = 0;
            int days = 0;
            for (LocalDate day : days(connection, DAYS)) {
                if (!candidate(day, now) || !turn(connection)) {
                    connection.rollback();
                    continue;
                }
                sessions += expire(connection, day, now);
                if (spent(connection, day, now)) {
                    drop(connection, day);
                    days++;
                } else {
                    update(connection, "DELETE FROM events e USING expiring x WHERE e.day = ? AND e.session_id = x.session_id", day);
                    update(connection, "DELETE FROM statements t USING expiring x WHERE t.day = ? AND t.session_id = x.session_id", day);
                }
                connection.commit();
            }
            results(connection, now);
            update(connection, "DELETE FROM accesses WHERE accessed_at < ?", before(usual, now).atStartOfDay().atOffset(ZoneOffset.UTC));
            connection.commit();
            return new Outcome(sessions, days);
        } catch (SQLException e) {
            throw new StoreFailure(e);
        }
    }

    /** Answers have a time of their own, and go without their sessions; a legal hold on the session keeps them too. */
    private void results(Connection connection, Instant now) throws SQLException {
        for (LocalDate day : days(connection, RESULT_DAYS)) {
            boolean over = Stream.concat(Stream.of(results), resultsOfTargets.values().stream()).anyMatch(period -> day.isBefore(before(period, now)));
            if (!day.equals(StorableTime.UNDATED) && over && turn(connection)) {
                update(connection, "SET LOCAL lock_timeout = '5s'");
                update(
                        connection,
                        RESULTS_OVER,
                        day,
                        resultsOfTargets.keySet().toArray(String[]::new),
                        resultsOfTargets.values().stream().map(period -> before(period, now).toString()).toArray(String[]::new),
                        before(results, now));
                if (!exists(connection, RESULTS_LEFT, day)) {
                    update(connection, "DROP TABLE IF EXISTS results_" + day.toString().replace("-", ""));
                }
                connection.commit();
            } else {
                connection.rollback();
            }
        }
    }

    private static boolean exists(Connection connection, String sql, LocalDate day) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, day);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static List<LocalDate> days(Connection connection, String sql) throws SQLException {
        List<LocalDate> days = new java.util.ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                days.add(row.getObject(1, LocalDate.class));
            }
        }
        return days;
    }

    /** Whether anything of the day can have expired under the shortest retention there is. */
    private boolean candidate(LocalDate day, Instant now) {
        return Stream.concat(Stream.of(usual), targets.values().stream()).anyMatch(period -> day.isBefore(before(period, now)));
    }

    private static LocalDate before(Period period, Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC).minus(period);
    }

    private static boolean turn(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TURN);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private long expire(Connection connection, LocalDate day, Instant now) throws SQLException {
        // Readers come first: where one has a partition open for long, the day is left for the next time.
        update(connection, "SET LOCAL lock_timeout = '5s'");
        update(
                connection,
                EXPIRING,
                day,
                now.atOffset(ZoneOffset.UTC),
                usual.toString(),
                targets.keySet().toArray(String[]::new),
                targets.values().stream().map(Period::toString).toArray(String[]::new));
        update(connection, KEEP_ENDS, now.atOffset(ZoneOffset.UTC));
        update(connection, "DELETE FROM findings f USING expiring x WHERE f.session_id = x.session_id");
        update(connection, "DELETE FROM results r USING expiring x WHERE r.session_id = x.session_id");
        return update(connection, "DELETE FROM sessions s USING expiring x WHERE s.session_id = x.session_id");
    }

    /** What is about no session at all is kept for the usual time. */
    private boolean spent(Connection connection, LocalDate day, Instant now) throws SQLException {
        if (day.equals(StorableTime.UNDATED) || !day.isBefore(before(usual, now))) {
            return false;
        }
        try (PreparedStatement statement = connection.prepareStatement(NEEDED)) {
            statement.setObject(1, day);
            statement.setObject(2, day);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && !row.getBoolean(1);
            }
        }
    }

    private static void drop(Connection connection, LocalDate day) throws SQLException {
        String suffix = day.toString().replace("-", "");
        update(connection, "DROP TABLE IF EXISTS events_" + suffix + ", statements_" + suffix);
    }

    private static long update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}
