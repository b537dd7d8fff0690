// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import dev.sluice.e2e.Answers;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A PostgreSQL with databases that differ in nothing but their secrets, and the product in front of it, whose policy masks these and refuses
 * nothing else. Callers are superusers of the server: no privilege stands in their way.
 */
final class Vault implements AutoCloseable {
    private static final String USER = "postgres";
    private static final List<String> DATABASES = List.of(Script.VAULT, "operators");
    private static final Path FILES = Path.of("src", "test", "resources", "masking");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final EmbeddedPostgres server;
    private final Stack stack;
    private final Credentials credentials;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    /** Kept open: a connection for each cleanup would take longer than the attacks. */
    private final Map<String, Connection> owners = new HashMap<>();

    private Vault(EmbeddedPostgres server, Stack stack) {
        this.server = server;
        this.stack = stack;
        this.credentials = stack.credentials();
    }

    static Vault start(Path folder) throws IOException, SQLException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C.UTF-8")
                .setServerConfig("fsync", "off")
                .setServerConfig("autovacuum", "off")
                .setServerConfig("TimeZone", "UTC")
                .start();
        build(server);
        List<Target> targets = new ArrayList<>();
        for (String database : DATABASES) {
            for (Variant variant : Variant.values()) {
                String name = name(database, variant);
                targets.add(Target.parse(name + "=postgres://" + USER + ":any@127.0.0.1:" + server.getPort() + "/" + name));
            }
        }
        return new Vault(
                server,
                Stack.start(StackOptions.forTests(folder).withTargets(targets).withPolicy(FILES.resolve("policy.yaml"))));
    }

    /** Objects first, then copies of the whole with equal OIDs, then the rows. */
    private static void build(EmbeddedPostgres server) throws IOException, SQLException {
        run(server, USER, "CREATE DATABASE vault");
        run(server, "vault", Files.readString(FILES.resolve("vault.sql")));
        run(server, USER, "CREATE DATABASE operators TEMPLATE vault STRATEGY file_copy");
        run(server, "operators", Files.readString(FILES.resolve("operators.sql")));
        String rows = Files.readString(FILES.resolve("rows.sql"));
        for (String database : DATABASES) {
            for (Variant variant : Variant.values()) {
                run(server, USER, "CREATE DATABASE " + name(database, variant) + " TEMPLATE " + database + " STRATEGY file_copy");
                run(server, name(database, variant), variant.fill(rows));
            }
        }
    }

    private static String name(String database, Variant variant) {
        return database + "_" + variant.name().toLowerCase(Locale.ROOT);
    }

    private static void run(EmbeddedPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = connect(server, database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?preferQueryMode=simple", USER, "any");
    }

    /** What two sessions hear, one in each variant of the database, at the same time. Statements that leave nothing behind share a session. */
    List<Answers> play(Script script, boolean through, boolean extended) throws IOException, SQLException {
        try {
            CompletableFuture<Answers> one = CompletableFuture.supplyAsync(() -> heard(script, Variant.A, through, extended), threads);
            Answers other = heard(script, Variant.B, through, extended);
            return List.of(one.join(), other);
        } finally {
            for (Variant variant : Variant.values()) {
                for (String cleanup : script.cleanups()) {
                    run(name(script.database(), variant), cleanup);
                }
            }
        }
    }

    private Answers heard(Script script, Variant variant, boolean through, boolean extended) {
        String database = name(script.database(), variant);
        try {
            if (!script.isRepeatable()) {
                try (Line line = open(database, through)) {
                    return line.play(script, extended);
                }
            }
            String key = database + through;
            Line kept = lines.get(key);
            if (kept == null || kept.isClosed()) {
                kept = open(database, through);
                lines.put(key, kept);
            }
            return kept.play(script, extended);
        } catch (IOException failed) {
            throw new UncheckedIOException(script + " gets no answer", failed);
        }
    }

    private Line open(String database, boolean through) throws IOException {
        return through
                ? Line.open(stack.gatewayPort(), credentials.agent().user(), credentials.agent().token(), database)
                : Line.open(server.getPort(), USER, "", database);
    }

    private void run(String database, String sql) throws SQLException {
        Connection owner = owners.get(database);
        if (owner == null) {
            owner = connect(server, database);
            owners.put(database, owner);
        }
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        for (Line line : lines.values()) {
            line.close();
        }
        threads.close();
        stack.close();
        server.close();
    }
}
