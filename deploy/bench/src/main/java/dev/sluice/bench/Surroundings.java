// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.quickstart.LocalPostgres;
import dev.sluice.schemas.testing.FreePort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Everything that is measured and what it needs: PostgreSQL, PgBouncer, Kafka and the gateway, each in processes of its own. */
final class Surroundings implements AutoCloseable {
    private static final String DATABASE = "bench";
    private static final String USER = "bench";
    private static final String PASSWORD = "bench-only-on-loopback";
    private static final int CONNECTIONS = 200;

    private final Path folder;
    private final Consumer<String> progress;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<Route> routes = new ArrayList<>();
    private final Pgbench pgbench = new Pgbench(USER, PASSWORD, DATABASE);
    private Bystanders bystanders = new Bystanders(-1);

    private Surroundings(Path folder, Consumer<String> progress) {
        this.folder = folder;
        this.progress = progress;
    }

    static Surroundings start(int scale, Consumer<String> progress) throws IOException {
        TemporaryFolder folder = TemporaryFolder.create("sluice-bench-");
        Surroundings surroundings = new Surroundings(folder.path(), progress);
        // The first to be there is the last to be closed.
        surroundings.parts.push(folder);
        try {
            surroundings.start(scale);
            return surroundings;
        } catch (IOException | RuntimeException failed) {
            surroundings.close();
            throw failed;
        }
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    Pgbench pgbench() {
        return pgbench;
    }

    Bystanders bystanders() {
        return bystanders;
    }

    private void start(int scale) throws IOException {
        progress.accept("starting PostgreSQL");
        LocalPostgres postgres = LocalPostgres.start(
                folder.resolve("postgresql"), Map.of("max_connections", Integer.toString(CONNECTIONS), "shared_buffers", "512MB", "max_wal_size", "4GB", "jit", "off"));
        parts.push(postgres);
        postgres.database(DATABASE, USER, PASSWORD);
        pgbench.initialize(postgres.port(), scale);
        long postmaster = postgres.pid();
        bystanders = new Bystanders(postmaster);
        routes.add(new Route(Route.DIRECT, postgres.port(), Map.of("postgres", postmaster)));
        startPgBouncer(postgres.port(), postmaster);
        startSluice(postgres.port(), postmaster);
    }

    private void startPgBouncer(int server, long postmaster) throws IOException {
        List<Path> places = Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, "pgbouncer"))
                .filter(Files::isExecutable)
                .toList();
        if (places.isEmpty()) {
            progress.accept("PgBouncer is not installed and is left out (on Debian: apt-get install pgbouncer)");
            return;
        }
        progress.accept("starting PgBouncer");
        int port = FreePort.take();
        Path own = Files.createDirectories(folder.resolve("pgbouncer"));
        Files.writeString(own.resolve("users"), "\"" + USER + "\" \"" + PASSWORD + "\"\n");
        Files.writeString(
                own.resolve("pgbouncer.ini"),
                """
                [databases]
                %s = host=127.0.0.1 port=%d dbname=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = session
                max_client_conn = %d
                default_pool_size = %d
                log_connections = 0
                log_disconnections = 0
                """
                        .formatted(DATABASE, server, DATABASE, port, own.resolve("users"), CONNECTIONS, CONNECTIONS / 2));
        List<String> command = new ArrayList<>(List.of(places.getFirst().toString(), own.resolve("pgbouncer.ini").toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root and becomes somebody else, who must be able to read its files.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            command.addAll(1, List.of("--user", "nobody"));
        }
        Child pgbouncer = Child.start("pgbouncer", command, own, port);
        parts.push(pgbouncer);
        routes.add(new Route(Route.PGBOUNCER, port, Map.of("postgres", postmaster, "pgbouncer", pgbouncer.pid())));
    }

    private void startSluice(int server, long postmaster) throws IOException {
        progress.accept("starting Kafka and the gateway");
        int broker = FreePort.take();
        Child kafka = Child.start("kafka", java("dev.sluice.bench.Broker", folder.resolve("kafka").toString(), Integer.toString(broker)), folder, broker);
        parts.push(kafka);
        int port = FreePort.take();
        Path own = Files.createDirectories(folder.resolve("gateway"));
        Path policy = Path.of(System.getProperty("sluice.home", "."), "deploy", "policies", "observe.yaml").toAbsolutePath();
        Files.writeString(
                own.resolve("gateway.yaml"),
                """
                instance: bench
                state: %s
                listen: {host: 127.0.0.1, port: %d}
                http: {host: 127.0.0.1, port: 0}
                kafka: {bootstrapServers: ["127.0.0.1:%d"]}
                targets: [{name: "*", url: "postgres://127.0.0.1:%d/?credential=passthrough&sslmode=disable"}]
                policy: %s
                """
                        .formatted(own, port, broker, server, policy));
        Child gateway = Child.start(
                "gateway",
                java("dev.sluice.gateway.Main", "--config", own.resolve("gateway.yaml").toString()),
                own,
                port);
        parts.push(gateway);
        Map<String, Long> processes = new TreeMap<>();
        processes.put("postgres", postmaster);
        processes.put("gateway", gateway.pid());
        processes.put("kafka", kafka.pid());
        routes.add(new Route(Route.SLUICE, port, processes));
    }

    private static List<String> java(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=quickstart-logback.xml",
                "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                progress.accept("a part did not stop cleanly: " + failed.getMessage());
            }
        }
    }
}
