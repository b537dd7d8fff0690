// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.audit.verify.Report;
import dev.sluice.quickstart.LocalPostgres;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.testing.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** What PostgreSQL's own log has executed is in Kafka, whatever becomes of the gateway. */
@ExtendWith(NoBlockedEventLoop.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CompletenessE2E {
    private static final int CLIENTS = 8;
    private static final int KILLS = 2;
    private static final int STATEMENTS_PER_LIFE = 400;
    private static final String CLIENT = "client";

    private Path folder;
    private final List<AutoCloseable> started = new ArrayList<>();
    private EmbeddedKafka kafka;
    private LocalPostgres postgres;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        started.add(kafka);
        postgres = LocalPostgres.start(folder.resolve("postgresql"), ServerLog.SETTINGS);
        started.add(postgres);
        postgres.database(CLIENT, CLIENT, CLIENT);
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable server : started.reversed()) {
            server.close();
        }
    }

    private GatewayProcess.Setting setting(String name) throws Exception {
        return new GatewayProcess.Setting(Files.createDirectory(folder.resolve(name)), kafka.bootstrapServers(), postgres.port());
    }

    private static Client client(GatewayProcess gateway) throws SQLException {
        return Client.open(gateway.port(), CLIENT, CLIENT, CLIENT);
    }

    @Test
    void aKilledGatewayLeavesNoStatementUnrecorded() throws Exception {
        try (Client owner = Client.open(postgres.port(), CLIENT, CLIENT, CLIENT)) {
            assertThat(owner.run("CREATE TABLE ledger (worker text, number text)").sqlState()).isEmpty();
        }
        GatewayProcess.Setting setting = setting("killed");
        var answered = new HashSet<String>();
        for (int life = 0; life < KILLS; life++) {
            try (GatewayProcess gateway = GatewayProcess.start(setting, "gateway-" + life)) {
                Load load = new Load(CLIENTS, "ledger", "life" + life + "-", simple -> Client.open(gateway.port(), CLIENT, CLIENT, CLIENT, simple));
                try (load) {
                    Eventually.awaitTrue("the load runs", Eventually.PATIENCE, () -> load.succeeded() >= STATEMENTS_PER_LIFE);
                    gateway.kill();
                }
                load.attempts().stream().filter(Load.Attempt::succeeded).map(Load.Attempt::key).forEach(answered::add);
                assertThat(gateway.blockedThreads()).isEmpty();
            }
        }
        compare(ServerLog.read(folder.resolve("postgresql").resolve("server.log"), "ledger"), answered, setting.publicKeys());
    }

    private void compare(List<ServerLog.Executed> log, Set<String> answered, TrustedKeys keys) {
        var evidence = Evidence.read(kafka.bootstrapServers(), Topics.SESSIONS.name());
        Map<String, Instant> decided = new HashMap<>();
        for (Evidence.Entry entry : evidence.entries()) {
            if (entry.envelope().data() instanceof StatementDecided decision) {
                decided.put(key(decision), entry.recorded());
            }
        }
        List<ServerLog.Executed> executed = log.stream().filter(statement -> statement.key().contains("life")).toList();
        List<ServerLog.Executed> unrecorded = executed.stream().filter(statement -> !decided.containsKey(statement.key())).toList();
        List<ServerLog.Executed> executedWrites = executed.stream().filter(statement -> statement.key().startsWith("INSERT")).toList();
        System.out.printf(
                "%d kills: %d statements executed by the server's log (%d writes), %d recorded as decided, %d answered to clients; executed but not recorded: %s%n",
                KILLS, executed.size(), executedWrites.size(), decided.size(), answered.size(), unrecorded);
        assertThat(executed).hasSizeGreaterThanOrEqualTo(KILLS * STATEMENTS_PER_LIFE - KILLS * CLIENTS);
        assertThat(executedWrites).isNotEmpty().allSatisfy(write -> {
            assertThat(decided).containsKey(write.key());
            assertThat(decided.get(write.key())).as("record of %s", write.key()).isBeforeOrEqualTo(write.time());
        });
        assertThat(unrecorded).isEmpty();
        Report report = evidence.verify(keys, keys);
        assertThat(report.allFindings()).isEmpty();
    }

    /** As {@link ServerLog} has it. */
    private static String key(StatementDecided decided) {
        return decided.query() + decided.parameters().stream().limit(1).map(parameter -> "|" + parameter.value()).collect(Collectors.joining());
    }

    @Test
    void aTerminatedGatewayLetsStatementsEndAndSaysGoodbye() throws Exception {
        GatewayProcess.Setting setting = setting("terminated");
        try (GatewayProcess gateway = GatewayProcess.start(setting, "gateway");
                Client idle = client(gateway);
                Client busy = client(gateway)) {
            assertThat(idle.value("SELECT 1")).isEqualTo("1");
            CompletableFuture<Client.Ending> running = busy.begin("SELECT pg_sleep(1)");
            try (Client owner = Client.open(postgres.port(), CLIENT, CLIENT, CLIENT)) {
                Eventually.awaitTrue(
                        "the statement runs",
                        Eventually.PATIENCE,
                        () -> owner.value("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(1)' AND state = 'active'").equals("1"));
            }
            gateway.terminate();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> idle.connection().unwrap(PGConnection.class).getNotifications((int) Eventually.PATIENCE.toMillis()))
                    .satisfies(told -> assertThat(told.getSQLState()).isEqualTo("57P01"));
            Client.Ending ended = Eventually.value("the running statement has ended", running);
            assertThat(ended.sqlState()).as(ended.message()).isEmpty();
            assertThat(gateway.awaitEnd()).as("exit code: 0, or 143 for SIGTERM as Java reports it").isIn(0, 143);
            assertThat(gateway.blockedThreads()).isEmpty();
        }
        var evidence = Evidence.read(kafka.bootstrapServers(), Topics.SESSIONS.name());
        Set<String> sessions = evidence.entries().stream()
                .filter(entry -> entry.envelope().data() instanceof StatementDecided decided && decided.query().contains("pg_sleep"))
                .map(Evidence.Entry::session)
                .collect(Collectors.toSet());
        assertThat(sessions).hasSize(1);
        var own = new Evidence(evidence.entries().stream()
                .filter(entry -> entry.envelope().source().toString().endsWith("/gateway/gateway"))
                .toList());
        assertThat(own.events(SessionEvent.SessionClosed.class)).extracting(SessionEvent.SessionClosed::reason)
                .filteredOn(reason -> !reason.equals("loaded"))
                .hasSize(2);
        Report report = own.verify(setting.publicKeys(), setting.publicKeys());
        assertThat(report.allFindings()).isEmpty();
        assertThat(report.openSessions()).isZero();
    }
}
