// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import dev.sluice.schemas.testing.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL server of our own in a folder, from binaries that come as a Maven artifact. It listens on loopback and asks everybody for
 * a password (SCRAM-SHA-256), so that the only ways in are the superuser's password, kept in the folder, and the gateway's credential.
 */
public final class LocalPostgres implements AutoCloseable {
    /** The name of its superuser. */
    public static final String SUPERUSER = "postgres";

    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final Duration ORPHAN_STOP = Duration.ofSeconds(15);
    private static final String ASK_FOR_PASSWORDS =
            """
            # TYPE  DATABASE  USER  ADDRESS       METHOD
            local   all       all                 scram-sha-256
            host    all       all   127.0.0.1/32  scram-sha-256
            host    all       all   ::1/128       scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final String superuserPassword;
    private final boolean created;
    private final Path data;

    private LocalPostgres(EmbeddedPostgres server, Path data, String superuserPassword, boolean created) {
        this.server = server;
        this.data = data;
        this.superuserPassword = superuserPassword;
        this.created = created;
    }

    /**
     * Starts the server whose files are below {@code folder}; makes them first when there are none. A server that an earlier, killed run
     * left behind on the same files is stopped.
     *
     * @param settings more settings of postgresql.conf, by name
     * @throws IllegalStateException when it does not start, with the reason
     */
    public static LocalPostgres start(Path folder, Map<String, String> settings) {
        PrivateFile.folder(folder);
        Path data = folder.resolve("data");
        Path passwordFile = folder.resolve("superuser-password");
        boolean fresh = !Files.exists(passwordFile);
        try {
            if (fresh && Files.exists(data)) {
                // A first run that ended before it had set the password: nothing in there is anybody's yet.
                deleteTree(data);
            }
            stopOrphan(data);
            String password = fresh ? randomSecret() : Files.readString(passwordFile).strip();
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(STARTUP)
                    .setLocaleConfig("locale", "C.UTF-8")
                    .setPort(FreePort.take())
                    .setConnectConfig("password", password)
                    .setConnectConfig("loginTimeout", "20")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("password_encryption", "scram-sha-256")
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()));
            settings.forEach(builder::setServerConfig);
            LocalPostgres started = new LocalPostgres(builder.start(), data, password, fresh);
            if (fresh) {
                started.askForPasswords();
                PrivateFile.write(passwordFile, password + "\n");
            }
            return started;
        } catch (IOException | RuntimeException failed) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL in " + folder + " did not start: " + failed.getMessage() + " (its log: " + folder.resolve("server.log") + ")",
                    failed);
        }
    }

    /** True when this start made the database cluster. */
    public boolean created() {
        return created;
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return server.getPort();
    }

    /** The process of the postmaster, whose children are all the server's others. */
    public long pid() {
        try {
            return pidIn(data.resolve("postmaster.pid"));
        } catch (IOException gone) {
            throw new UncheckedIOException("the server in " + data + " does not run", gone);
        }
    }

    /** The superuser's password; not for printing. */
    public String superuserPassword() {
        return superuserPassword;
    }

    /** A connection of the superuser, past the gateway. */
    public Connection connect(String database) throws SQLException {
        return connect(database, SUPERUSER, superuserPassword);
    }

    /** A connection of any user, past the gateway. */
    public Connection connect(String database, String user, String password) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, login);
    }

    /** Runs statements as the superuser. */
    public void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException("the embedded PostgreSQL refused a set-up statement: " + failed.getMessage(), failed);
        }
    }

    /** Makes the login and its database, owned by it, unless they exist; sets the password in any case. */
    public void database(String name, String owner, String password) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            String login = "LOGIN PASSWORD " + statement.enquoteLiteral(password);
            String role = statement.enquoteIdentifier(owner, true);
            try (var exists = statement.executeQuery("SELECT FROM pg_roles WHERE rolname = " + statement.enquoteLiteral(owner))) {
                login = (exists.next() ? "ALTER ROLE " : "CREATE ROLE ") + role + " " + login;
            }
            statement.execute(login);
            boolean missing;
            try (var exists = statement.executeQuery("SELECT FROM pg_database WHERE datname = " + statement.enquoteLiteral(name))) {
                missing = !exists.next();
            }
            if (missing) {
                statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true) + " OWNER " + role);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("the embedded PostgreSQL could not make the database " + name + ": " + failed.getMessage(), failed);
        }
    }

    /** Stops the server; the files stay. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String randomSecret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + folder + ": " + failed.getMessage(), failed);
        }
    }

    private void askForPasswords() throws IOException {
        execute("postgres", "ALTER ROLE " + SUPERUSER + " PASSWORD '" + superuserPassword + "'");
        Files.writeString(data.resolve("pg_hba.conf"), ASK_FOR_PASSWORDS);
        execute("postgres", "SELECT pg_reload_conf()");
    }

    private static long pidIn(Path file) throws IOException {
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }

    private static void stopOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> orphan = ProcessHandle.of(pidIn(pidFile))
                .filter(process -> process.info().command().map(command -> command.endsWith("postgres")).orElse(false));
        if (orphan.isPresent()) {
            // SIGQUIT is PostgreSQL's immediate shutdown: the clients of a killed run are gone, and the next start recovers from the log.
            new ProcessBuilder("kill", "-QUIT", Long.toString(orphan.get().pid())).start();
            try {
                orphan.get().onExit().get(ORPHAN_STOP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while an earlier server stops", interrupted);
            } catch (ExecutionException | TimeoutException stuck) {
                throw new IllegalStateException("a PostgreSQL of an earlier run (process " + orphan.get().pid() + ") does not stop", stuck);
            }
        }
    }
}
