// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.kafka.Ingest;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.testing.BrokerProcess;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker as a process of its own, killed by the system while it is written to and read from, again and again. */
final class KilledBrokerIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String SCHEMA = "broker";
    private static final int KILLS = 3;
    private static final int STATEMENTS = 40;
    private static final int EVENTS = 2 + 2 * STATEMENTS;
    private static final long SESSIONS_AHEAD = 40;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aKillInMidLoadLosesAndDoublesNothing() throws IOException, InterruptedException {
        try (Servers servers = Servers.databaseOnly();
                BrokerProcess broker = BrokerProcess.start(folder)) {
            var kafka = KafkaSettings.of(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, List.of(Topics.SESSIONS), 1, LONG);
            Ingest first = ingest(servers, broker, SCHEMA);
            var sending = new AtomicBoolean(true);
            var sessions = new AtomicLong();
            try (EventPublisher publisher = EventPublisher.start(PublisherSettings.of(kafka, "load"))) {
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                    while (sending.get()) {
                        // So far ahead that there is always something under way, and not without bound.
                        Servers.await("room", LONG, () -> !sending.get() || sessions.get() * EVENTS - acknowledged.get() < SESSIONS_AHEAD * EVENTS);
                        send(publisher, sessions.getAndIncrement());
                    }
                });
                long mark = 0;
                for (int kill = 1; kill <= KILLS; kill++) {
                    long before = mark;
                    Servers.await("progress before kill " + kill, LONG, () -> events(servers, SCHEMA) > before + 5L * EVENTS);
                    broker.killAndRestart();
                    mark = events(servers, SCHEMA);
                }
                long after = mark;
                Servers.await("progress after the last kill", LONG, () -> events(servers, SCHEMA) > after + 5L * EVENTS);
                sending.set(false);
                load.join();
                Servers.await("all acknowledged", LONG, () -> acknowledged.get() + failed.get() == sessions.get() * EVENTS);
            }
            long expected = sessions.get() * EVENTS;
            assertThat(failed).hasValue(0);
            Servers.await("all of " + expected + " events", LONG, () -> events(servers, SCHEMA) >= expected);
            first.close().orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(events(servers, SCHEMA)).isEqualTo(expected);
            assertThat(servers.count("SELECT count(*) FROM broker.sessions WHERE statements = " + STATEMENTS + " AND last_sequence = " + (EVENTS - 1) + " AND closed_at IS NOT NULL"))
                    .isEqualTo(sessions.get());
            assertThat(servers.rows("SELECT kind FROM broker.findings")).isEmpty();
            assertThat(proof(servers).allFindings()).isEmpty();
            aRebuildIsTheSame(servers, broker, expected);
        }
    }

    private static void aRebuildIsTheSame(Servers servers, BrokerProcess broker, long expected) {
        Ingest second = ingest(servers, broker, "rebuilt");
        Servers.await("the rebuild", LONG, () -> events(servers, "rebuilt") >= expected);
        second.close().orTimeout(30, TimeUnit.SECONDS).join();
        for (String table : List.of("events", "sessions", "statements", "offsets")) {
            assertThat(servers.count("SELECT count(*) FROM (TABLE broker." + table + " EXCEPT ALL TABLE rebuilt." + table + ") gone")).as(table).isZero();
            assertThat(servers.count("SELECT count(*) FROM (TABLE rebuilt." + table + " EXCEPT ALL TABLE broker." + table + ") more")).as(table).isZero();
        }
    }

    private static Report proof(Servers servers) {
        var verifier = new EvidenceVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys()));
        servers.rows("SELECT encode(record, 'hex') FROM broker.events ORDER BY partition, record_offset").forEach(record -> verifier.accept(HexFormat.of().parseHex(record)));
        return verifier.report();
    }

    private static Ingest ingest(Servers servers, BrokerProcess broker, String schema) {
        AuditConfig.Database database = servers.databaseConfig(schema);
        DataSource source = Database.dataSource(database);
        Migrations.apply(source, schema);
        // A dead member is missed by its group after this long; until then its partitions rest.
        var kafka = new AuditConfig.Kafka(
                broker.bootstrapServers(), schema, 500, 1, null, Map.of("session.timeout.ms", "6000", "heartbeat.interval.ms", "1000"));
        return Ingest.start(kafka, List.of(Topics.SESSIONS.name()), new IngestStore(source, Topics.SESSIONS.name()), new IngestProgress(), Clock.systemUTC());
    }

    private void send(EventPublisher publisher, long number) {
        var chain = new Chain("broker-" + number).opened();
        for (int statement = 0; statement < STATEMENTS; statement++) {
            chain.allowed("select " + statement);
        }
        for (byte[] record : chain.closed().records()) {
            boolean taken = publisher.publish(Topics.SESSIONS, chain.sessionId(), record, new Delivery() {
                @Override
                public void acknowledged() {
                    acknowledged.incrementAndGet();
                }

                @Override
                public void failed(Throwable cause) {
                    failed.incrementAndGet();
                }
            });
            assertThat(taken).isTrue();
        }
    }

    private static long events(Servers servers, String schema) {
        return servers.count("SELECT count(*) FROM " + schema + ".events");
    }
}
