// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import dev.sluice.schemas.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One PostgreSQL that trusts everybody, and the product in front of the whole of it. Started when first asked for, shared by all classes of
 * the run, stopped at its end.
 */
final class Servers implements BeforeAllCallback, AutoCloseable {
    /** The database that cases and clients work in. */
    static final String DATABASE = "e2e";

    static final String USER = "postgres";

    private static final String KEY = "servers";
    private static final Object LOCK = new Object();

    private static Servers running = new Servers();

    private final Map<Guard, Stack> stacks = new EnumMap<>(Guard.class);
    private TestPostgres server;
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    Servers() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(Servers.class)).getOrComputeIfAbsent(KEY, key -> begin(), Servers.class);
    }

    private static Servers begin() {
        synchronized (LOCK) {
            running = new Servers();
            running.startServer();
            return running;
        }
    }

    private void startServer() {
        try {
            folder = Files.createTempDirectory("sluice-e2e");
            server = TestPostgres.start(Map.of("max_connections", "100"));
            execute("postgres", "CREATE DATABASE " + DATABASE);
        } catch (IOException failed) {
            throw new UncheckedIOException("the PostgreSQL of the tests does not start", failed);
        }
    }

    /** The port of PostgreSQL itself. */
    static int direct() {
        return running.server.port();
    }

    /** The port of the gateway under this policy; starts it when it does not run yet. */
    static int through(Guard guard) {
        synchronized (LOCK) {
            return running.stacks.computeIfAbsent(guard, running::startStack).gatewayPort();
        }
    }

    private Stack startStack(Guard guard) {
        Target target = Target.parse("*=postgres://127.0.0.1:" + server.port() + "/?credential=passthrough");
        return Stack.start(StackOptions.forTests(folder.resolve(guard.name()))
                .withTargets(List.of(target))
                .withPolicy(guard.policy()));
    }

    /** Runs statements past the gateway. */
    static void execute(String database, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + direct() + "/" + database, USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException("PostgreSQL refused a set-up statement: " + failed.getMessage(), failed);
        }
    }

    /** Waits until some session runs exactly this; fails after 20 s. */
    static void awaitActive(String sql) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + direct() + "/postgres", USER, "");
                PreparedStatement active = connection.prepareStatement("SELECT FROM pg_stat_activity WHERE state = 'active' AND query = ?")) {
            active.setString(1, sql);
            boolean found = false;
            while (!found) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("not running: " + sql);
                }
                try (ResultSet rows = active.executeQuery()) {
                    found = rows.next();
                }
            }
        }
    }

    /** An empty schema {@code public} and nothing left of earlier cases. */
    static void clean() {
        execute(DATABASE, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
    }

    @Override
    public void close() throws IOException {
        stacks.values().forEach(Stack::close);
        server.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
