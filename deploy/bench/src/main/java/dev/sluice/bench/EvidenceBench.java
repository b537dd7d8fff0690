// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.kafka.Ingest;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.verify.ParallelVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.quickstart.LocalPostgres;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.testing.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast the audit-service reads a backlog into its database, beside the broker, and how fast records are verified. */
@Command(
        name = "deploy/bench/evidence",
        description = {
            "Measures how fast the audit-service reads a backlog of made-up events into its database, and how fast they are verified.",
            "Broker, database and service run on this machine. The exit code is 1 when a goal is missed, of verifying by the fastest round: the first is cold."
        },
        sortOptions = false,
        usageHelpWidth = 110)
final class EvidenceBench implements Callable<Integer> {
    private static final double INGEST_GOAL = 20_000;
    private static final double VERIFY_GOAL = 100_000;
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final String LOGIN = "sluice_audit";

    @Option(names = "--sessions", paramLabel = "N", defaultValue = "600", description = "How many, 300 events each. Default: ${DEFAULT-VALUE}.")
    private int sessions;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "How often they are verified. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final SigningKey key = SigningKey.generate();

    private EvidenceBench() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new EvidenceBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<List<byte[]>> all = IntStream.range(0, sessions).mapToObj(number -> EvidenceSet.session(number, key)).toList();
        double verified = verify(all, out);
        try (TemporaryFolder folder = TemporaryFolder.create("sluice-evidence")) {
            double read = ingest(all, folder.path(), out);
            return verified >= VERIFY_GOAL && read >= INGEST_GOAL ? 0 : 1;
        }
    }

    /** Events per second of the fastest round. */
    private double verify(List<List<byte[]>> all, PrintWriter out) {
        double best = 0;
        for (int round = 1; round <= rounds; round++) {
            long ticks = ProcessorTime.ticks(ProcessHandle.current().pid());
            long start = System.nanoTime();
            Report report;
            try (var verifier = new ParallelVerifier(PublicKeys.of(key.publicKeys(), null), false)) {
                all.forEach(session -> session.forEach(verifier::accept));
                report = verifier.report();
            }
            if (!report.ok() || report.openSessions() > 0) {
                throw new IllegalStateException("the made-up evidence does not verify: " + report.allFindings().stream().limit(1).toList());
            }
            best = Math.max(best, said(out, "verified, round " + round + (round == 1 ? ", cold" : ", warm"), report.records(), start, "this process", ticks, ProcessHandle.current().pid()));
        }
        return best;
    }

    private double ingest(List<List<byte[]>> all, Path folder, PrintWriter out) throws IOException {
        int port = FreePort.take();
        Path password = Files.writeString(folder.resolve("login-password"), LOGIN);
        Map<String, String> settings = Map.of("shared_buffers", "512MB", "max_wal_size", "4GB", "shared_preload_libraries", "");
        try (Child broker = Child.start("kafka", broker(folder, port), folder, port);
                LocalPostgres server = LocalPostgres.start(folder.resolve("database"), settings)) {
            String bootstrap = "127.0.0.1:" + port;
            TopicCreator.createMissing(KafkaSettings.of(bootstrap), List.of(Topics.SESSIONS), 1, Duration.ofMinutes(1));
            send(all, bootstrap);
            server.database(LOGIN, LOGIN, LOGIN);
            var config = new AuditConfig.Database("127.0.0.1", server.port(), LOGIN, LOGIN, password, null, null, "sluice_audit", 4);
            DataSource source = Database.dataSource(config);
            Migrations.apply(source, "sluice_audit");
            long expected = (long) sessions * EvidenceSet.EVENTS;
            var progress = new IngestProgress();
            var kafka = new AuditConfig.Kafka(bootstrap, "bench", 5_000, 1, null, Map.of());
            Ingest ingest = Ingest.start(kafka, List.of(Topics.SESSIONS.name()), new IngestStore(source, Topics.SESSIONS.name()), progress, Clock.systemUTC());
            // Joining the group and the first, still interpreted batches are no part of a rate.
            await(() -> progress.records() > expected / 10);
            long first = progress.records();
            long start = System.nanoTime();
            long ours = ProcessorTime.ticks(ProcessHandle.current().pid());
            long theirs = ProcessorTime.ticksOfTree(server.pid());
            await(() -> progress.records() >= expected);
            double rate = said(out, "read into the database", expected - first, start, "the service", ours, ProcessHandle.current().pid());
            out.printf(Locale.ROOT, "%-26s %46.1f us of PostgreSQL's processor time each; the broker has used %.1f s in all%n", "",
                    micros(ProcessorTime.ticksOfTree(server.pid()) - theirs, expected - first), ProcessorTime.ticks(broker.pid()) * ProcessorTime.SECONDS_PER_TICK);
            ingest.close().join();
            return rate;
        }
    }

    private static double said(PrintWriter out, String what, long events, long start, String who, long ticks, long process) {
        double rate = events / ((System.nanoTime() - start) / 1e9);
        out.printf(Locale.ROOT, "%-26s %8d events, %8.0f events/s, %6.1f us of processor time each (%s)%n", what, events, rate,
                micros(ProcessorTime.ticks(process) - ticks, events), who);
        out.flush();
        return rate;
    }

    private static double micros(long ticks, long events) {
        return ticks * ProcessorTime.SECONDS_PER_TICK * 1e6 / events;
    }

    private static void send(List<List<byte[]>> all, String bootstrap) {
        var settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("linger.ms", "20");
        settings.put("batch.size", "262144");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int session = 0; session < all.size(); session++) {
                String id = EvidenceSet.sessionId(session);
                all.get(session).forEach(record -> producer.send(new ProducerRecord<>(Topics.SESSIONS.name(), id, record)));
            }
        }
    }

    private static List<String> broker(Path folder, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-cp", System.getProperty("java.class.path"), "dev.sluice.bench.Broker",
                folder.resolve("kafka").toString(), Integer.toString(port));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + DEADLINE.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
