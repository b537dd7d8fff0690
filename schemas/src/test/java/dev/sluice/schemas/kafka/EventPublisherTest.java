// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The publisher on Kafka's own in-memory producer, whose answers the test gives. */
final class EventPublisherTest {
    private static final Topic TOPIC = new Topic("topic", 3, Map.of());

    private final BlockingQueue<MockProducer<byte[], byte[]>> made = new LinkedBlockingQueue<>();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final EventPublisher publisher = EventPublisher.start(
            new PublisherSettings(new KafkaSettings("nowhere:1", Map.of()), "test", 1 << 20, Duration.ZERO, "none"), settings -> producer());

    @AfterEach
    void close() {
        publisher.close(Duration.ZERO);
    }

    @Test
    void whatIsPublishedWhileKafkaHasYetToAnswerLeavesTogether() throws InterruptedException {
        publish("a", 0, true);
        MockProducer<byte[], byte[]> producer = next();
        await(() -> producer.history().size() == 1);
        publish("b", 0, true);
        publish("c", 1, false);
        publish("d", 0, true);

        assertThat(sent(producer)).containsExactly("a");
        producer.completeNext();

        await(() -> producer.history().size() == 4);
        assertThat(sent(producer)).containsExactly("a", "b", "c", "d");
        assertThat(producer.history()).extracting(sent -> sent.partition()).containsExactly(0, 0, 1, 0);
        assertThat(acknowledged).containsExactly("a");
    }

    @Test
    void aRecordThatNobodyWaitsForLeavesToo() throws InterruptedException {
        publish("a", 0, false);
        MockProducer<byte[], byte[]> producer = next();

        await(() -> producer.history().size() == 1);
        producer.completeNext();
        publish("b", 0, false);

        await(() -> producer.history().size() == 2);
    }

    @Test
    void whatAProducerHasNotDeliveredIsSentAgainInOrderByAnother() throws InterruptedException {
        publish("a", 0, true);
        MockProducer<byte[], byte[]> first = next();
        await(() -> first.history().size() == 1);
        publish("b", 0, true);
        publish("c", 0, true);
        first.completeNext();
        await(() -> first.history().size() == 3);

        first.errorNext(new IllegalStateException("fenced"));

        MockProducer<byte[], byte[]> second = next();
        await(() -> second.history().size() == 2);
        assertThat(sent(second)).containsExactly("b", "c");
        second.completeNext();
        second.completeNext();
        assertThat(acknowledged).containsExactly("a", "b", "c");
        assertThat(publisher.unacknowledgedBytes()).isZero();
    }

    private MockProducer<byte[], byte[]> producer() {
        List<PartitionInfo> partitions = List.of(
                new PartitionInfo("topic", 0, Node.noNode(), new Node[0], new Node[0]),
                new PartitionInfo("topic", 1, Node.noNode(), new Node[0], new Node[0]));
        var cluster = new Cluster("cluster", List.of(Node.noNode()), partitions, Set.of(), Set.of());
        var producer = new MockProducer<>(cluster, false, null, new ByteArraySerializer(), new ByteArraySerializer());
        made.add(producer);
        return producer;
    }

    private MockProducer<byte[], byte[]> next() throws InterruptedException {
        MockProducer<byte[], byte[]> producer = made.poll(5, TimeUnit.SECONDS);
        assertThat(producer).as("a producer was made").isNotNull();
        return producer;
    }

    private void publish(String value, int lane, boolean urgent) {
        assertThat(publisher.publish(TOPIC, "key", lane, value.getBytes(StandardCharsets.UTF_8), urgent, new Delivery() {
            @Override
            public void acknowledged() {
                acknowledged.add(value);
            }

            @Override
            public void failed(Throwable cause) {}
        })).isTrue();
    }

    private static List<String> sent(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream().map(sent -> new String(sent.value(), StandardCharsets.UTF_8)).toList();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition holds in time").isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
    }
}
