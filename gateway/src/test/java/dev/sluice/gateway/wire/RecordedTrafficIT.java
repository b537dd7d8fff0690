// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.wire.testing.Chunking;
import dev.sluice.gateway.wire.testing.Tap;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.testing.TestPostgres;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** What a real driver and a real server say to each other is read without a violation, and wholly, however it is cut. */
class RecordedTrafficIT {
    private static final int LIMIT = 64 << 20;
    private static TestPostgres postgres;

    @BeforeAll
    static void startServer() throws Exception {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        postgres.close();
    }

    @Test
    void readsWhatADriverAndAServerSay() throws Exception {
        List<Tap.Recording> recordings = new ArrayList<>();
        for (String mode : List.of("extended&prepareThreshold=1&protocolVersion=3.2", "extendedForPrepared&preparedStatementCacheQueries=0&protocolVersion=3.0")) {
            Tap tap = Tap.before(postgres.port());
            try (tap) {
                work("jdbc:postgresql://127.0.0.1:" + tap.port() + "/postgres?user=postgres&sslmode=disable&preferQueryMode=" + mode);
            }
            recordings.addAll(tap.recordings());
        }

        Set<String> seen = new TreeSet<>();
        for (Tap.Recording recording : recordings) {
            seen.addAll(startup(recording));
            seen.addAll(backend(recording.backend()));
        }
        assertThat(seen)
                .contains("StartupMessage 3.2", "StartupMessage 3.0", "CancelRequest of 32 bytes", "CancelRequest of 4 bytes")
                .contains("Query", "Parse", "Bind", "Describe", "Execute", "Close", "Sync", "Terminate", "FunctionCall")
                .contains("F CopyData", "F CopyDone", "CopyFail")
                .contains("Authentication", "ParameterStatus", "BackendKeyData", "ReadyForQuery", "RowDescription", "DataRows")
                .contains("CommandComplete", "ParseComplete", "BindComplete", "CloseComplete", "NoData", "PortalSuspended")
                .contains("ParameterDescription", "EmptyQueryResponse", "ErrorResponse", "NoticeResponse", "NotificationResponse")
                .contains("CopyInResponse", "CopyOutResponse", "CopyOutData", "CopyDone", "FunctionCallResponse");
    }

    private static void work(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE notes (id int, body text, data bytea)");
            statement.execute("");
            statement.execute("DO $$ BEGIN RAISE NOTICE 'grüße'; END $$");
            statement.execute("LISTEN jobs; NOTIFY jobs, 'one'; SELECT 1; SELECT 2");
            assertThatThrownBy(() -> statement.execute("SELECT nothing")).isInstanceOf(SQLException.class);
            insert(connection);
            readInPortions(connection);
            copy(connection);
            largeObject(connection);
            cancel(connection);
        }
    }

    private static void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes VALUES (?, ?, ?)")) {
            insert.getParameterMetaData();
            for (int i = 0; i < 500; i++) {
                insert.setInt(1, i);
                insert.setString(2, i % 7 == 0 ? null : "é".repeat(i));
                insert.setBytes(3, new byte[i == 400 ? 1 << 20 : i]);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void readInPortions(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        for (int round = 0; round < 2; round++) {
            try (PreparedStatement select = connection.prepareStatement("SELECT * FROM notes ORDER BY id")) {
                select.setFetchSize(50);
                try (ResultSet rows = select.executeQuery()) {
                    int count = 0;
                    while (rows.next()) {
                        count++;
                    }
                    assertThat(count).isEqualTo(500);
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void copy(Connection connection) throws Exception {
        PGConnection postgresql = connection.unwrap(PGConnection.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(postgresql.getCopyAPI().copyOut("COPY (SELECT id, body FROM notes) TO STDOUT", out)).isEqualTo(500);
        assertThat(postgresql.getCopyAPI().copyIn("COPY notes (id, body) FROM STDIN", new StringReader("1\tone\n2\ttwo\n"))).isEqualTo(2);
        var given = postgresql.getCopyAPI().copyIn("COPY notes (id) FROM STDIN");
        given.cancelCopy();
    }

    private static void largeObject(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long oid = manager.createLO(LargeObjectManager.READWRITE);
        try (LargeObject object = manager.open(oid, LargeObjectManager.READWRITE)) {
            object.write(new byte[3000]);
            object.seek(0);
            assertThat(object.read(3000)).hasSize(3000);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void cancel(Connection connection) throws Exception {
        try (Statement sleeping = connection.createStatement()) {
            CompletableFuture<Void> canceled = CompletableFuture.runAsync(() -> {
                try (Connection watcher = postgres.connect(); Statement watch = watcher.createStatement()) {
                    String asleep = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                    boolean found = false;
                    while (!found && System.nanoTime() < end) {
                        try (ResultSet rows = watch.executeQuery(asleep)) {
                            found = rows.next();
                        }
                    }
                    sleeping.cancel();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> sleeping.execute("SELECT pg_sleep(60)"))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            canceled.get(20, TimeUnit.SECONDS);
        }
    }

    private static Set<String> startup(Tap.Recording recording) {
        StartupReader reader = new StartupReader();
        reader.feed(recording.frontend());
        return switch (Objects.requireNonNull(reader.next())) {
            case StartupPacket.CancelRequest cancel -> Set.of("CancelRequest of " + cancel.secretKey().length + " bytes");
            case StartupPacket.StartupMessage startup -> {
                Set<String> seen = frontend(reader.drain());
                seen.add("StartupMessage " + startup.major() + "." + startup.minor());
                yield seen;
            }
            case StartupPacket.SslRequest request -> throw new AssertionError(request);
            case StartupPacket.GssEncRequest request -> throw new AssertionError(request);
        };
    }

    private static Set<String> frontend(Buffer stream) {
        assertThat(WireScript.describeFrontend(stream)).doesNotContain("F Raw");
        Set<String> seen = new TreeSet<>();
        for (Chunking chunking : chunkings(stream)) {
            FrontendReader reader = new FrontendReader(LIMIT);
            Buffer read = Buffer.buffer();
            for (Buffer chunk : chunking.chunks()) {
                reader.feed(chunk);
                for (FrontendMessage message = reader.next(); message != null; message = reader.next()) {
                    read.appendBuffer(message.raw());
                    String name = message.getClass().getSimpleName();
                    seen.add(name.equals("CopyData") || name.equals("CopyDone") ? "F " + name : name);
                }
            }
            assertThat(read.equals(stream)).as(chunking.name()).isTrue();
        }
        return seen;
    }

    private static Set<String> backend(Buffer stream) {
        String description = WireScript.describeBackend(stream);
        assertThat(description).doesNotContain("B Raw");
        long rows = description.lines().filter(line -> line.startsWith("B DataRow")).count();
        Set<String> seen = new TreeSet<>();
        for (Chunking chunking : chunkings(stream)) {
            BackendReader reader = new BackendReader();
            Buffer read = Buffer.buffer();
            long started = 0;
            for (Buffer chunk : chunking.chunks()) {
                reader.feed(chunk);
                for (BackendMessage message = reader.next(); message != null; message = reader.next()) {
                    read.appendBuffer(message.raw());
                    seen.add(message.getClass().getSimpleName());
                    started += message instanceof BackendMessage.DataRows piece ? piece.started() : 0;
                }
            }
            assertThat(read.equals(stream)).as(chunking.name()).isTrue();
            assertThat(started).as(chunking.name()).isEqualTo(rows);
        }
        return seen;
    }

    /** A long stream in chunks of the size of a packet: single bytes of megabytes would take minutes and show nothing more. */
    private static List<Chunking> chunkings(Buffer stream) {
        if (stream.length() < 2_000) {
            return Chunking.all(stream);
        }
        if (stream.length() < 20_000) {
            return Chunking.some(stream);
        }
        return List.of(
                new Chunking("whole", List.of(stream)),
                Chunking.random(stream, 1, 100),
                Chunking.random(stream, 2, 1460),
                Chunking.random(stream, 3, 1 << 16));
    }
}
