// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** pgjdbc notices nothing. */
@ExtendWith(Servers.class)
class JdbcE2E {
    @BeforeEach
    void anEmptyTable() {
        Servers.clean();
        Servers.execute(Servers.DATABASE, "CREATE TABLE t (a int PRIMARY KEY, b text)");
    }

    private static Connection connect(Guard guard, String... properties) throws SQLException {
        var login = new Properties();
        login.setProperty("user", Servers.USER);
        for (int i = 0; i < properties.length; i += 2) {
            login.setProperty(properties[i], properties[i + 1]);
        }
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Servers.through(guard) + "/" + Servers.DATABASE, login);
    }

    @ParameterizedTest
    @CsvSource({"OBSERVING, simple", "OBSERVING, extended", "OBSERVING, extendedForPrepared", "ENFORCING, simple", "ENFORCING, extended", "ENFORCING, extendedCacheEverything"})
    void statementsOfEveryQueryMode(Guard guard, String mode) throws SQLException {
        try (Connection connection = connect(guard, "preferQueryMode", mode, "prepareThreshold", "2")) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                for (int i = 0; i < 5; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "row " + i + " ☃");
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                }
                insert.setInt(1, 4);
                insert.setString(2, "again");
                assertThatThrownBy(insert::executeUpdate).isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
            }
            try (PreparedStatement select = connection.prepareStatement("SELECT b FROM t WHERE a = ?")) {
                for (int i = 0; i < 5; i++) {
                    select.setInt(1, i);
                    try (ResultSet found = select.executeQuery()) {
                        assertThat(found.next()).isTrue();
                        assertThat(found.getString(1)).isEqualTo("row " + i + " ☃");
                    }
                }
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                Savepoint savepoint = connection.setSavepoint();
                assertThatThrownBy(() -> statement.execute("SELECT 1/0")).isInstanceOf(SQLException.class);
                connection.rollback(savepoint);
                assertThat(statement.executeUpdate("DELETE FROM t")).isEqualTo(5);
            }
            connection.rollback();
            assertThat(count(connection)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void batches(Guard guard) throws SQLException {
        try (Connection connection = connect(guard);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            for (int i = 0; i < 3_000; i++) {
                insert.setInt(1, i);
                insert.setString(2, "batched");
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(3_000).containsOnly(1);
            for (int i = 2_999; i < 3_010; i++) {
                insert.setInt(1, i);
                insert.setString(2, "fails");
                insert.addBatch();
            }
            assertThatThrownBy(insert::executeBatch).isInstanceOf(BatchUpdateException.class).hasMessageContaining("duplicate key");
            assertThat(count(connection)).isEqualTo(3_000);
        }
        try (Connection connection = connect(guard, "reWriteBatchedInserts", "true");
                Statement statement = connection.createStatement()) {
            statement.addBatch("UPDATE t SET b = 'x' WHERE a < 10");
            statement.addBatch("DELETE FROM t WHERE a >= 10");
            assertThat(statement.executeBatch()).containsExactly(10, 2_990);
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void aLargeResultInPortions(Guard guard) throws SQLException {
        try (Connection connection = connect(guard)) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement("SELECT i, md5(i::text) FROM generate_series(1, 100000) i")) {
                select.setFetchSize(777);
                long sum = 0;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        sum += rows.getInt(1);
                    }
                }
                assertThat(sum).isEqualTo(100_000L * 100_001 / 2);
            }
            connection.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void copyInAndOut(Guard guard) throws Exception {
        try (Connection connection = connect(guard)) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            var lines = new StringBuilder();
            for (int i = 0; i < 20_000; i++) {
                lines.append(i).append(",text ").append(i).append('\n');
            }
            assertThat(copy.copyIn("COPY t FROM STDIN WITH (FORMAT csv)", new StringReader(lines.toString()))).isEqualTo(20_000);
            var out = new StringWriter();
            assertThat(copy.copyOut("COPY (SELECT * FROM t ORDER BY a) TO STDOUT WITH (FORMAT csv)", out)).isEqualTo(20_000);
            assertThat(out.toString()).isEqualTo(lines.toString());
            assertThatThrownBy(() -> copy.copyIn("COPY t FROM STDIN", new StringReader("not a number\tx\n"))).hasMessageContaining("invalid input syntax");
            copy.copyIn("COPY t FROM STDIN").cancelCopy();
            assertThat(count(connection)).isEqualTo(20_000);
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void cancellationAndTimeout(Guard guard) throws Exception {
        try (Connection connection = connect(guard);
                Statement statement = connection.createStatement()) {
            CompletableFuture<SQLException> ended = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    statement.execute("SELECT pg_sleep(60)");
                    ended.completeExceptionally(new AssertionError("it was not cancelled"));
                } catch (SQLException cancelled) {
                    ended.complete(cancelled);
                }
            });
            // A cancel request that comes before the statement runs is lost, as it is without a gateway.
            Servers.awaitActive("SELECT pg_sleep(60)");
            statement.cancel();
            assertThat(ended.get(20, TimeUnit.SECONDS).getSQLState()).isEqualTo("57014");
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(SQLException.class, timeout -> assertThat(timeout.getSQLState()).isEqualTo("57014"));
            statement.setQueryTimeout(0);
            assertThat(count(connection)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void notifications(Guard guard) throws SQLException {
        try (Connection listening = connect(guard);
                Connection notifying = connect(guard);
                Statement listen = listening.createStatement();
                Statement notify = notifying.createStatement()) {
            listen.execute("LISTEN jdbc");
            notify.execute("NOTIFY jdbc, 'from another session'");
            PGNotification[] heard = listening.unwrap(PGConnection.class).getNotifications(10_000);
            assertThat(heard).hasSize(1);
            assertThat(heard[0].getParameter()).isEqualTo("from another session");
            assertThat(heard[0].getPID()).isEqualTo(notifying.unwrap(PGConnection.class).getBackendPID());
        }
    }

    /** Drivers and tools find their own session in pg_stat_activity by it, and end others' sessions by it. */
    @ParameterizedTest
    @EnumSource(Guard.class)
    void theProcessIdIsTheServers(Guard guard) throws SQLException {
        try (Connection connection = connect(guard);
                Connection ended = connect(guard);
                Statement statement = connection.createStatement()) {
            try (ResultSet own = statement.executeQuery("SELECT pg_backend_pid()")) {
                own.next();
                assertThat(own.getInt(1)).isEqualTo(connection.unwrap(PGConnection.class).getBackendPID());
            }
            statement.execute("SELECT pg_terminate_backend(" + ended.unwrap(PGConnection.class).getBackendPID() + ", 20000)");
            assertThatThrownBy(() -> ended.createStatement().execute("SELECT 1"))
                    .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo("57P01"));
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void metadataFunctionsAndEnds(Guard guard) throws SQLException {
        try (Connection connection = connect(guard)) {
            try (ResultSet columns = connection.getMetaData().getColumns(null, "public", "t", null)) {
                assertThat(columns.next()).isTrue();
                assertThat(columns.getString("COLUMN_NAME")).isEqualTo("a");
            }
            try (ResultSet keys = connection.getMetaData().getPrimaryKeys(null, "public", "t")) {
                assertThat(keys.next()).isTrue();
            }
            try (CallableStatement call = connection.prepareCall("{? = call upper(?)}")) {
                call.registerOutParameter(1, Types.VARCHAR);
                call.setString(2, "loud");
                call.execute();
                assertThat(call.getString(1)).isEqualTo("LOUD");
            }
            assertThat(connection.isValid(5)).isTrue();
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("SELECT pg_terminate_backend(pg_backend_pid())"))
                        .isInstanceOfSatisfying(SQLException.class, ended -> assertThat(ended.getSQLState()).isEqualTo("57P01"));
            }
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet counted = statement.executeQuery("SELECT count(*) FROM t")) {
            counted.next();
            return counted.getInt(1);
        }
    }
}
