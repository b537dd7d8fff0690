// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schemas.chain.ChainReport;
import dev.sluice.schemas.chain.ChainVerifier;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.TicketEvent.TicketClaimed;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.kafka.Delivery;
import dev.sluice.schemas.kafka.EventFeed;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.testing.TestKafka;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recording against a real broker that goes away. */
@Timeout(180)
class KafkaRecorderIT {
    private static final SigningKey KEY = SigningKey.generate();
    private static TestKafka kafka;
    private static KafkaSettings settings;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = TestKafka.start();
        settings = KafkaSettings.of(kafka.bootstrapServers());
        TopicCreator.createMissing(settings, Topics.all(), 1, Duration.ofSeconds(20));
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    private static KafkaRecorder recorder(Duration unhealthyAfter, long queueBytes, int checkpointEvery) {
        var recording = new RecorderSettings(settings, "recorder-it", unhealthyAfter, queueBytes, checkpointEvery, Duration.ZERO, "none");
        return KafkaRecorder.start(recording, KEY, Clock.systemUTC(), random());
    }

    private static RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    @Test
    void aSessionsChainVerifiesFromItsFirstRecordToItsSignedEnd() throws Exception {
        try (KafkaRecorder recorder = recorder(Duration.ofSeconds(4), 1 << 26, 10);
                var session = new TestSession(recorder, "session-whole")) {
            long appended = 0;
            while (session.append(appended) == appended) {
                appended++;
                assertThat(appended).as("events without a checkpoint between them").isLessThan(1_000_000);
            }
            long end = session.end();
            // The end is known on a thread of the recorder, maybe before the session's own loop has heard of it.
            awaitTrue(() -> session.log.acknowledgedThrough() == end && session.acknowledgements.getLast() == end);
            assertThat(session.acknowledgements).isSorted().doesNotHaveDuplicates().last().isEqualTo(end);
            assertThat(session.log.acknowledgedThrough()).isEqualTo(end);
            assertThatThrownBy(() -> session.append(99)).hasCauseInstanceOf(RecordRefused.class);
        }
        List<byte[]> records = recordsOf("session-whole").get("session-whole");
        ChainReport report = verify("session-whole", records);
        assertThat(report.findings()).isEmpty();
        assertThat(records.stream().map(new EventCodec()::decode).filter(decoded -> decoded instanceof Decoded.Known known && known.envelope().data() instanceof SessionCheckpointed))
                .as("a checkpoint took a sequence of its own")
                .isNotEmpty();
    }

    @Test
    void nothingIsLostAndNothingIsReorderedWhenKafkaGoesAwayUnderLoad() throws Exception {
        int sessions = 8;
        var appended = new HashMap<String, Long>();
        try (KafkaRecorder recorder = recorder(Duration.ofSeconds(1), 1 << 26, 100);
                var workers = Executors.newFixedThreadPool(sessions)) {
            var stop = new AtomicBoolean();
            var open = new ArrayList<TestSession>();
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < sessions; i++) {
                var session = new TestSession(recorder, "outage-" + i);
                open.add(session);
                running.add(workers.submit(() -> appendUntil(stop, session)));
            }
            awaitTrue(() -> recorder.acknowledgedRecords() > 500);
            kafka.stop();
            awaitTrue(() -> !recorder.healthy());
            assertThat(recorder.condition()).contains("not acknowledged");
            kafka.restart();
            awaitTrue(recorder::healthy);
            long before = recorder.acknowledgedRecords();
            awaitTrue(() -> recorder.acknowledgedRecords() > before + 500);
            stop.set(true);
            for (Future<?> worker : running) {
                worker.get(30, TimeUnit.SECONDS);
            }
            for (TestSession session : open) {
                appended.put(session.id, session.end() + 1);
                assertThat(session.failure).isNotDone();
                session.close();
            }
        }
        Map<String, List<byte[]>> records = recordsOf("outage-");
        assertThat(records.keySet()).isEqualTo(appended.keySet());
        appended.forEach((session, count) -> {
            ChainReport report = verify(session, records.get(session));
            assertThat(report.findings()).as(session).isEmpty();
            assertThat(report.lastSequence() + 1).as(session).isEqualTo(count);
        });
    }

    private static Object appendUntil(AtomicBoolean stop, TestSession session) throws Exception {
        for (long number = 0; !stop.get(); number++) {
            session.append(number);
            LockSupport.parkNanos(500_000);
        }
        return session;
    }

    @Test
    void refusesWhatWouldOverrunTheQueueAndRecovers() throws Exception {
        kafka.stop();
        try (KafkaRecorder recorder = recorder(Duration.ofSeconds(60), 1 << 20, 1_000_000);
                var session = new TestSession(recorder, "full")) {
            long accepted = fill(session);
            assertThat(recorder.healthy()).isFalse();
            assertThat(recorder.condition()).contains("bound");
            kafka.restart();
            awaitTrue(recorder::healthy);
            long end = session.end();
            assertThat(end).isEqualTo(accepted);
        } finally {
            kafka.restart();
        }
        assertThat(verify("full", recordsOf("full").get("full")).findings()).isEmpty();
    }

    private static long fill(TestSession session) throws InterruptedException {
        long accepted = 0;
        while (true) {
            try {
                session.append(accepted);
                accepted++;
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOfSatisfying(RecordRefused.class, refused -> assertThat(refused.reason()).isEqualTo(RecordRefused.Reason.QUEUE_FULL));
                return accepted;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void theVerdictFeedSeesWhatIsWrittenOnceItIsReady() throws Exception {
        var seen = new LinkedBlockingQueue<VerdictEvent>();
        var codec = new EventCodec();
        var envelopes = new Envelopes(URI.create("/sluice/approval-service/test"), Clock.systemUTC(), new SplittableRandom());
        try (VerdictFeed feed = VerdictFeed.start(settings, "verdicts-it", (eventId, verdict) -> {
                    seen.add(verdict);
                    if (verdict instanceof VerdictRefused) {
                        throw new IllegalStateException("a handler that fails on one verdict");
                    }
                }, (ticket, written) -> {
                    throw new IllegalStateException("a handler that fails on every ticket");
                });
                EventPublisher publisher = EventPublisher.start(PublisherSettings.of(settings, "verdicts-it"))) {
            feed.ready().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            var refused = new VerdictRefused("approval-1", "session-1", "no");
            var expired = new VerdictExpired("approval-2", "session-2");
            publish(publisher, "approval-1", codec.encode(envelopes.of("approval-1", "session-1", refused)));
            var claimed = new TicketClaimed("approval-1", "approval-1", "session-1", "claim-1");
            publish(publisher, "approval-1", codec.encode(envelopes.of("approval-1", "session-1", claimed)));
            publish(publisher, "approval-2", "not an event".getBytes(StandardCharsets.UTF_8));
            publish(publisher, "approval-2", codec.encode(envelopes.of("approval-2", "session-2", expired)));
            assertThat(List.of(seen.poll(20, TimeUnit.SECONDS), seen.poll(20, TimeUnit.SECONDS))).containsExactlyInAnyOrder(refused, expired);
            assertThat(feed.notUnderstood()).isEqualTo(1);
        }
    }

    private static void publish(EventPublisher publisher, String key, byte[] value) throws InterruptedException {
        var acknowledged = new CountDownLatch(1);
        publisher.publish(Topics.VERDICTS, key, value, new Delivery() {
            @Override
            public void acknowledged() {
                acknowledged.countDown();
            }

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }
        });
        assertThat(acknowledged.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static ChainReport verify(String session, List<byte[]> records) {
        var verifier = new ChainVerifier(session, KEY.publicKeys());
        records.forEach(verifier::add);
        return verifier.report();
    }

    private static Map<String, List<byte[]>> recordsOf(String prefix) throws Exception {
        var records = new HashMap<String, List<byte[]>>();
        try (EventFeed feed = EventFeed.fromBeginning(settings, "read-back", List.of(Topics.SESSIONS), received -> received.forEach(one -> {
            if (one.key() != null && one.key().startsWith(prefix)) {
                records.computeIfAbsent(one.key(), key -> new ArrayList<>()).add(one.value());
            }
        }))) {
            feed.caughtUp().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        return records;
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(45).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
