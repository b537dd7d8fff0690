// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.testing.TestKafka;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What recording costs. Not part of any build; run with {@code -Dtest=RecorderMeasurement}. */
class RecorderMeasurement {
    private static final int SESSIONS = 8;
    private static final long RUN_NANOS = Duration.ofSeconds(8).toNanos();

    @Test
    void encoding() {
        var codec = new EventCodec();
        StatementDecided event = Events.decided(4711);
        var envelope = new EventEnvelope<>(
                "1.0", "019ab000-0000-7000-8000-00000000000a", URI.create("/sluice/gateway/g1"), EventTypes.of(event), "session", Instant.now(),
                "application/json", EventTypes.schemaOf(event), "session", null, 17L, HashChain.START, event);
        long bytes = 0;
        var chain = new HashChain();
        for (int round = 0; round < 6; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 200_000; i++) {
                bytes += codec.encode(envelope).length;
            }
            long encoded = System.nanoTime() - start;
            byte[] record = codec.encode(envelope);
            start = System.nanoTime();
            for (int i = 0; i < 200_000; i++) {
                chain.add(record);
            }
            report("encode %d ns, hash %d ns, %d bytes per record", encoded / 200_000, (System.nanoTime() - start) / 200_000, record.length);
        }
        assertThat(bytes).isPositive();
    }

    @Test
    void recording() throws Exception {
        try (TestKafka kafka = TestKafka.start()) {
            KafkaSettings settings = KafkaSettings.of(kafka.bootstrapServers());
            TopicCreator.createMissing(settings, Topics.all(), 1, Duration.ofSeconds(20));
            for (int lingerMillis : new int[] {0, 1}) {
                var recording = new RecorderSettings(
                        settings, "measure", Duration.ofSeconds(4), 1L << 26, 1000, Duration.ofMillis(lingerMillis), "none");
                try (KafkaRecorder recorder = KafkaRecorder.start(recording, SigningKey.generate(), Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong())) {
                    report("linger %d ms", lingerMillis);
                    waiting(recorder, "warm" + System.nanoTime());
                    waiting(recorder, "wait" + System.nanoTime());
                    streaming(recorder, "warm" + System.nanoTime());
                    streaming(recorder, "stream" + System.nanoTime());
                }
            }
        }
    }

    private static void waiting(KafkaRecorder recorder, String name) throws Exception {
        var all = new ArrayList<long[]>();
        var futures = new ArrayList<CompletableFuture<long[]>>();
        var sessions = new ArrayList<TestSession>();
        long end = System.nanoTime() + RUN_NANOS;
        for (int i = 0; i < SESSIONS; i++) {
            var session = new TestSession(recorder, name + i);
            sessions.add(session);
            var done = new CompletableFuture<long[]>();
            futures.add(done);
            next(session, new long[400_000], 0, end, done);
        }
        for (CompletableFuture<long[]> future : futures) {
            all.add(future.get(60, TimeUnit.SECONDS));
        }
        sessions.forEach(TestSession::close);
        long[] latencies = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        report("  waiting for each: %d/s, p50 %d us, p99 %d us", latencies.length * 1_000_000_000L / RUN_NANOS,
                latencies[latencies.length / 2] / 1000, latencies[latencies.length * 99 / 100] / 1000);
    }

    private static void next(TestSession session, long[] latencies, int count, long end, CompletableFuture<long[]> done) {
        long start = System.nanoTime();
        if (start > end || count == latencies.length) {
            done.complete(Arrays.copyOf(latencies, count));
            return;
        }
        session.appendAndAwait(count).thenAccept(sequence -> {
            latencies[count] = System.nanoTime() - start;
            session.loop.execute(() -> next(session, latencies, count + 1, end, done));
        });
    }

    private static void streaming(KafkaRecorder recorder, String name) throws Exception {
        var appendNanos = new LongAdder();
        var appended = new LongAdder();
        var sessions = new ArrayList<TestSession>();
        long start = System.nanoTime();
        long before = recorder.acknowledgedRecords();
        var running = new ArrayList<CompletableFuture<Void>>();
        var session = new TestSession(recorder, name);
        sessions.add(session);
        running.add(CompletableFuture.runAsync(() -> {
            while (System.nanoTime() - start < RUN_NANOS) {
                if (recorder.unacknowledgedBytes() > 8_000_000) {
                    LockSupport.parkNanos(200_000);
                    continue;
                }
                StatementDecided event = Events.decided(7);
                long at = System.nanoTime();
                session.log.append(event);
                appendNanos.add(System.nanoTime() - at);
                appended.increment();
            }
        }, session.loop));
        for (CompletableFuture<Void> one : List.copyOf(running)) {
            one.get(60, TimeUnit.SECONDS);
        }
        long acknowledged = recorder.acknowledgedRecords() - before;
        sessions.forEach(TestSession::close);
        report("  without waiting: %d/s acknowledged, append %d ns on the caller's thread", acknowledged * 1_000_000_000L / RUN_NANOS, appendNanos.sum() / appended.sum());
    }

    private static void report(String format, Object... arguments) {
        System.err.println("MEASURED " + String.format(format, arguments));
    }
}
