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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * PostgreSQL in several versions with databases that differ in nothing but their secrets, and the product in front of them, whose policy masks
 * these and refuses nothing else. Callers are superusers of the servers: no privilege stands in their way. Started when first asked for, shared
 * by all classes of the run, stopped at its end.
 */
final class Vault implements BeforeAllCallback, AutoCloseable {
    private static final String KEY = "vault";
    private static final Object LOCK = new Object();

    private static @Nullable Vault running;

    private static final String USER = "postgres";
    private static final List<String> DATABASES = List.of(Script.VAULT, "operators");
    private static final Path FILES = Path.of("src", "test", "resources", "masking");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Release, EmbeddedPostgres> servers = new EnumMap<>(Release.class);
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    /** Kept open: a connection for each cleanup would take longer than the attacks. */
    private final Map<String, Connection> owners = new HashMap<>();
    private Path folder;
    private Stack stack;

    @SuppressWarnings("NullAway.Init")
    Vault() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(Vault.class)).getOrComputeIfAbsent(KEY, key -> begin(), Vault.class);
    }

    private static Vault begin() {
        synchronized (LOCK) {
            Vault vault = new Vault();
            try {
                vault.start();
            } catch (IOException | SQLException failed) {
                throw new IllegalStateException("the servers with masked columns do not start", failed);
            }
            running = vault;
            return vault;
        }
    }

    /** The one of this run. */
    static Vault shared() {
        synchronized (LOCK) {
            return Objects.requireNonNull(running, "a class that uses the vault is extended with it");
        }
    }

    private void start() throws IOException, SQLException {
        folder = Files.createTempDirectory("sluice-vault");
        List<Target> targets = new ArrayList<>();
        for (Release release : Release.values()) {
            EmbeddedPostgres server = release.start(ProcessBuilder.Redirect.appendTo(log(release).toFile()));
            servers.put(release, server);
            build(server);
            for (String database : DATABASES) {
                for (Variant variant : Variant.values()) {
                    String name = name(database, variant);
                    targets.add(Target.parse(target(release, name) + "=postgres://" + USER + ":any@127.0.0.1:" + server.getPort() + "/" + name));
                }
            }
        }
        stack = Stack.start(StackOptions.forTests(folder).withTargets(targets).withPolicy(FILES.resolve("policy.yaml")));
    }

    /** What the server itself writes down. */
    Path log(Release release) {
        return folder.resolve("postgres-" + release.major() + ".log");
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

    private static String target(Release release, String database) {
        return database + release.major();
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

    /** A connection of the masked caller to the first variant. */
    Connection connect(Release release, String options) throws SQLException {
        Credentials credentials = stack.credentials();
        String database = target(release, name(Script.VAULT, Variant.A));
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + stack.gatewayPort() + "/" + database + "?" + options, credentials.agent().user(), credentials.agent().token());
    }

    /** How often a server has contradicted the lineage of a statement since the start, one line for each of the ways. */
    List<String> disagreements() throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + stack.gateway().controlPort() + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("sluice_lineage_disagreements_total"))
                    .toList();
        }
    }

    /** Changes the first variant past the gateway, as its owner. */
    void alter(Release release, String sql) throws SQLException {
        run(release, name(Script.VAULT, Variant.A), sql);
    }

    /** What two sessions hear, one in each variant of the database, at the same time. Statements that leave nothing behind share a session. */
    List<Answers> play(Release release, Script script, boolean through, boolean extended) throws IOException, SQLException {
        try {
            CompletableFuture<Answers> one = CompletableFuture.supplyAsync(() -> heard(release, script, Variant.A, through, extended), threads);
            Answers other = heard(release, script, Variant.B, through, extended);
            return List.of(one.join(), other);
        } finally {
            for (Variant variant : Variant.values()) {
                for (String cleanup : script.cleanups()) {
                    run(release, name(script.database(), variant), cleanup);
                }
            }
        }
    }

    private Answers heard(Release release, Script script, Variant variant, boolean through, boolean extended) {
        String database = name(script.database(), variant);
        try {
            if (!script.isRepeatable()) {
                try (Line line = open(release, database, through)) {
                    return line.play(script, extended);
                }
            }
            String key = target(release, database) + through;
            Line kept = lines.get(key);
            if (kept == null || kept.isClosed()) {
                kept = open(release, database, through);
                lines.put(key, kept);
            }
            return kept.play(script, extended);
        } catch (IOException failed) {
            throw new UncheckedIOException(script + " gets no answer", failed);
        }
    }

    private Line open(Release release, String database, boolean through) throws IOException {
        Credentials credentials = stack.credentials();
        return through
                ? Line.open(stack.gatewayPort(), credentials.agent().user(), credentials.agent().token(), target(release, database))
                : Line.open(server(release).getPort(), USER, "", database);
    }

    private EmbeddedPostgres server(Release release) {
        return Objects.requireNonNull(servers.get(release), "every release is started");
    }

    private void run(Release release, String database, String sql) throws SQLException {
        Connection owner = owners.get(target(release, database));
        if (owner == null) {
            owner = connect(server(release), database);
            owners.put(target(release, database), owner);
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
        for (EmbeddedPostgres server : servers.values()) {
            server.close();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
