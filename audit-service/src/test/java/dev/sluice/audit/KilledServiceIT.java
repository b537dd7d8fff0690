// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.testing.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, killed by the system in the middle of its work, again and again. */
final class KilledServiceIT {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String SCHEMA = "killed";
    private static final int KILLS = 3;
    private static final int STATEMENTS = 40;
    private static final int EVENTS = 2 + 2 * STATEMENTS;
    private static final long SESSIONS_AHEAD = 60;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aKillInMidLoadLosesAndDoublesNothing() throws IOException, InterruptedException {
        try (Servers servers = Servers.start();
                TestIssuer issuer = TestIssuer.start()) {
            Path config = Files.writeString(folder.resolve("audit.yaml"), config(servers, issuer));
            var sending = new AtomicBoolean(true);
            var sessions = new AtomicLong();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (sending.get()) {
                    // So far ahead that there is always something to read, and not without bound.
                    Servers.await("room", LONG, () -> !sending.get() || sessions.get() * EVENTS - events(servers) < SESSIONS_AHEAD * EVENTS);
                    send(servers, sessions.getAndIncrement());
                }
                servers.flush();
            });
            Process process = serve(config);
            try {
                long mark = 0;
                for (int kill = 1; kill <= KILLS; kill++) {
                    long before = mark;
                    Servers.await("progress before kill " + kill, LONG, () -> events(servers) > before + 5L * EVENTS);
                    process.destroyForcibly().waitFor();
                    mark = events(servers);
                    process = serve(config);
                }
                sending.set(false);
                load.join();
                long expected = sessions.get() * EVENTS;
                Servers.await("all of " + expected + " events", LONG, () -> events(servers) >= expected);

                assertThat(events(servers)).isEqualTo(expected);
                assertThat(count(servers, "SELECT count(DISTINCT (topic, partition, record_offset)) FROM killed.events WHERE topic = 'sluice.sessions'")).isEqualTo(expected);
                assertThat(count(servers, "SELECT count(*) FROM killed.sessions WHERE statements = " + STATEMENTS + " AND last_sequence = " + (EVENTS - 1)
                                + " AND closed_at IS NOT NULL"))
                        .isEqualTo(sessions.get());
                assertThat(count(servers, "SELECT count(*) FROM killed.statements WHERE completed_at IS NOT NULL")).isEqualTo(sessions.get() * STATEMENTS);
                assertThat(servers.rows("SELECT kind FROM killed.findings")).isEmpty();
            } finally {
                sending.set(false);
                process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void send(Servers servers, long number) {
        var chain = new Chain("killed-" + number).opened();
        for (int statement = 0; statement < STATEMENTS; statement++) {
            chain.allowed("select " + statement);
        }
        servers.send(chain.closed());
    }

    /** Zero until the service has made its tables. */
    private static long events(Servers servers) {
        boolean made = count(servers, "SELECT count(*) FROM pg_tables WHERE schemaname = '" + SCHEMA + "' AND tablename = 'events'") == 1;
        return made ? count(servers, "SELECT count(*) FROM killed.events WHERE topic = 'sluice.sessions'") : 0;
    }

    private static long count(Servers servers, String sql) {
        return servers.count(sql);
    }

    private Process serve(Path config) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        java,
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sluice.audit.Main",
                        "serve",
                        "--config",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("service.log").toFile()))
                .start();
    }

    private static String config(Servers servers, TestIssuer issuer) {
        var database = servers.databaseConfig(SCHEMA);
        // A dead member is missed by its group after this long; until then its partitions rest.
        return """
                listen: {host: 127.0.0.1, port: 0}
                kafka:
                  bootstrapServers: %s
                  group: killed
                  batchRecords: 200
                  properties: {session.timeout.ms: '6000', heartbeat.interval.ms: '1000'}
                database: {host: %s, port: %d, database: %s, user: %s, schema: %s}
                oidc: {issuers: [{issuer: '%s'}]}
                """
                .formatted(
                        servers.kafka().bootstrapServers(),
                        database.host(),
                        database.port(),
                        database.database(),
                        database.user(),
                        SCHEMA,
                        issuer.uri());
    }
}
