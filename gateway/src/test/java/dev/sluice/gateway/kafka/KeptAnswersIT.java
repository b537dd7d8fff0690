// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.chain.ChainVerifier;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.Topic;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.testing.EmbeddedKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is too long for one record, and answers, on a real broker. */
@Timeout(120)
class KeptAnswersIT {
    private static final SigningKey KEY = SigningKey.generate();
    private static EmbeddedKafka kafka;
    private static KafkaSettings settings;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.start();
        settings = KafkaSettings.of(kafka.bootstrapServers());
        TopicCreator.createMissing(settings, Topics.all(), 1, Duration.ofSeconds(20));
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    private static KafkaRecorder recorder() {
        return KafkaRecorder.start(RecorderSettings.of(settings, "kept"), KEY, Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong());
    }

    private static final class Waiting implements SessionLogListener {
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

        @Override
        public void acknowledged(long throughSequence) {
            // the end is waited for by itself
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }
    }

    private static List<byte[]> read(Topic topic, String key) {
        var records = new ArrayList<byte[]>();
        try (var consumer = new KafkaConsumer<>(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "max.partition.fetch.bytes", 1 << 24),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream().map(info -> new TopicPartition(topic.name(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (new String(record.key(), java.nio.charset.StandardCharsets.UTF_8).equals(key)) {
                        records.add(record.value());
                    }
                });
            }
        }
        return records;
    }

    @Test
    void aParameterOfFortyMillionCharactersIsRecordedWholeInSmallRecords() throws Exception {
        String value = Base64.getEncoder().encodeToString(new byte[30_000_000]);
        var executor = Executors.newSingleThreadExecutor();
        try (KafkaRecorder recorder = recorder()) {
            var listener = new Waiting();
            SessionLog log = recorder.open("long", "/sluice/gateway/it", executor, listener);
            executor.submit(() -> log.append(new StatementDecided("long-1", Protocol.EXECUTE, "insert into t values ($1)", StatementDigest.ofText("insert into t values ($1)"),
                    List.of(new Parameter(17, "binary", value)), new Facts(List.of(), List.of(), List.of(), List.of(), true, true),
                    Outcome.ALLOW, "r", null, true, List.of(), "1", "I"))).get();
            executor.submit(() -> log.close("over", 1, 1)).get().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(listener.failures).isEmpty();
        } finally {
            executor.shutdown();
        }

        List<byte[]> records = read(Topics.SESSIONS, "long");
        var verifier = new ChainVerifier("long", KEY.publicKeys());
        records.forEach(verifier::add);
        assertThat(verifier.report().findings()).isEmpty();
        assertThat(records).allSatisfy(record -> assertThat(record.length).isLessThan(600_000));
        var codec = new EventCodec();
        String together = records.stream()
                .map(codec::decode)
                .map(decoded -> ((Decoded.Known) decoded).envelope().data())
                .filter(StatementParted.class::isInstance)
                .map(event -> ((StatementParted) event).text())
                .collect(Collectors.joining());
        assertThat(together.equals(value)).isTrue();
    }

    @Test
    void keptAnswersAreAcknowledgedByThemselves() throws Exception {
        var executor = Executors.newSingleThreadExecutor();
        var acknowledged = new CountDownLatch(20);
        try (KafkaRecorder recorder = recorder()) {
            SessionLog log = recorder.open("kept", "/sluice/gateway/it", executor, new Waiting());
            byte[] chunk = new byte[256 * 1024];
            for (int i = 0; i < 20; i++) {
                var kept = new ResultRecorded("kept-1", i, null, 0, Base64.getEncoder().encodeToString(chunk), HashChain.hash(chunk), i == 19);
                executor.submit(() -> log.keep(kept, acknowledged::countDown)).get();
            }
            assertThat(acknowledged.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(recorder.takesResults()).isTrue();
        } finally {
            executor.shutdown();
        }
        assertThat(read(Topics.RESULTS, "kept")).hasSize(20);
    }
}
