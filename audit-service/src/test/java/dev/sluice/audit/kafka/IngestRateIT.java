// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Reads a backlog and prints how fast; only losing or doubling an event fails. {@code -Daudit.rate.sessions} sets how much, 300 events
 * each. What it prints as processor time per event is this whole process, broker included, and PostgreSQL's beside it.
 */
final class IngestRateIT {
    private static final int SESSIONS = Integer.getInteger("audit.rate.sessions", 200);
    private static final int STATEMENTS = 149;
    private static final int EVENTS = 2 + 2 * STATEMENTS;

    @Test
    void aBacklogIsReadWhole() throws IOException {
        try (Servers servers = Servers.start()) {
            for (int session = 0; session < SESSIONS; session++) {
                var chain = new Chain("0192f0c1-7a5b-7000-8000-" + String.format("%012d", session)).opened();
                for (int statement = 0; statement < STATEMENTS; statement++) {
                    chain.allowed("select name, city from customers where id = " + (session * STATEMENTS + statement));
                }
                servers.send(chain.closed());
            }
            servers.flush();
            long expected = (long) SESSIONS * EVENTS;
            DataSource source = Database.dataSource(servers.databaseConfig("rate"));
            Migrations.apply(source, "rate");
            var progress = new IngestProgress();
            Ingest ingest = Ingest.start(
                    servers.kafkaConfig("rate", 5_000), List.of(Topics.SESSIONS.name()), new IngestStore(source, Topics.SESSIONS.name()), progress, Clock.systemUTC());
            Servers.await("the first batches", Duration.ofSeconds(60), () -> progress.records() > expected / 10);
            Instant start = Instant.now();
            long first = progress.records();
            Duration ours = ours();
            Duration theirs = theirs(servers);
            Servers.await("the whole backlog", Duration.ofSeconds(240), () -> progress.records() >= expected);
            double seconds = Duration.between(start, Instant.now()).toNanos() / 1e9;
            LoggerFactory.getLogger(IngestRateIT.class)
                    .atInfo()
                    .addKeyValue("eventsPerSecond", Math.round((expected - first) / seconds))
                    .addKeyValue("events", expected - first)
                    .addKeyValue("batches", progress.batches())
                    .addKeyValue("microsPerEvent", micros(ours().minus(ours), expected - first))
                    .addKeyValue("microsPerEventOfPostgreSql", micros(theirs(servers).minus(theirs), expected - first))
                    .log("backlog read");
            ingest.close().orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(servers.count("SELECT count(*) FROM rate.events")).isEqualTo(expected);
            assertThat(servers.count("SELECT count(*) FROM rate.statements WHERE completed_at IS NOT NULL")).isEqualTo((long) SESSIONS * STATEMENTS);
            assertThat(servers.count("SELECT count(*) FROM rate.findings")).isZero();
        }
    }

    private static String micros(Duration total, long events) {
        return String.format("%.1f", total.toNanos() / 1e3 / events);
    }

    private static Duration ours() {
        return spent(ProcessHandle.current());
    }

    /** The processor time of the server's processes that live now. */
    private static Duration theirs(Servers servers) {
        return servers.rows("SELECT pid FROM pg_stat_activity").stream()
                .map(Long::valueOf)
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .map(IngestRateIT::spent)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration spent(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
