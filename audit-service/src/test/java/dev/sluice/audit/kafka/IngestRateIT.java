// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Reads a backlog and prints how fast; only losing or doubling an event fails. */
final class IngestRateIT {
    private static final int SESSIONS = 200;
    private static final int STATEMENTS = 150;

    @Test
    void aBacklogIsReadWhole() throws IOException, TimeoutException {
        Vertx vertx = Vertx.vertx();
        try (Servers servers = Servers.start()) {
            for (int session = 0; session < SESSIONS; session++) {
                var chain = new Chain("rate-" + session).opened();
                for (int statement = 0; statement < STATEMENTS; statement++) {
                    chain.allowed("select name, city from customers where id = " + statement);
                }
                servers.send(chain.closed());
            }
            servers.flush();
            long expected = SESSIONS * (2L + 2L * STATEMENTS);
            Pool pool = Database.open(vertx, servers.databaseConfig("rate"));
            Migrations.apply(pool, "rate").await(30, TimeUnit.SECONDS);
            IngestStore store = IngestStore.open(pool, Topics.SESSIONS.name()).await(30, TimeUnit.SECONDS);
            var progress = new IngestProgress();
            Ingest ingest = Ingest.start(servers.kafkaConfig("rate", 2_000), List.of(Topics.SESSIONS.name()), store, progress, Clock.systemUTC());
            Servers.await("the first batch", Duration.ofSeconds(60), () -> progress.records() > 0);
            Instant start = Instant.now();
            long first = progress.records();
            Servers.await("the whole backlog", Duration.ofSeconds(120), () -> progress.records() >= expected);
            double seconds = Duration.between(start, Instant.now()).toNanos() / 1e9;
            LoggerFactory.getLogger(IngestRateIT.class)
                    .atInfo()
                    .addKeyValue("eventsPerSecond", Math.round((expected - first) / seconds))
                    .addKeyValue("batches", progress.batches())
                    .log("backlog read");
            ingest.close().orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(servers.count("SELECT count(*) FROM rate.events")).isEqualTo(expected);
            assertThat(servers.count("SELECT count(*) FROM rate.statements WHERE completed_at IS NOT NULL")).isEqualTo((long) SESSIONS * STATEMENTS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
