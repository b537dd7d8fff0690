// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schemas.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The binding against a real broker. */
@Timeout(120)
class KafkaBindingIT {
    private static TestKafka kafka;
    private static KafkaSettings settings;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = TestKafka.start();
        settings = KafkaSettings.of(kafka.bootstrapServers());
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    @Test
    void createsMissingTopicsOnce() {
        List<Topic> topics = List.of(new Topic("created.once", 2, Topics.SESSIONS.settings()), new Topic("created.too", 1, Topics.CONFIG.settings()));
        assertThat(TopicCreator.createMissing(settings, topics, 1, Duration.ofSeconds(20))).containsExactlyInAnyOrder("created.once", "created.too");
        assertThat(TopicCreator.createMissing(settings, topics, 1, Duration.ofSeconds(20))).isEmpty();
    }

    @Test
    void saysWhatIsWrongWhenTheClusterIsTooSmall() {
        assertThatThrownBy(() -> TopicCreator.createMissing(settings, List.of(new Topic("too.many.copies", 1, Topics.SESSIONS.settings())), 3, Duration.ofSeconds(20)))
                .isInstanceOf(TopicsUnavailable.class)
                .hasMessageContaining("too.many.copies")
                .hasMessageContaining("replication factor 3");
    }

    @Test
    void saysWhereKafkaIsNot() {
        assertThatThrownBy(() -> TopicCreator.createMissing(KafkaSettings.of("127.0.0.1:1"), Topics.all(), 1, Duration.ofSeconds(2)))
                .isInstanceOf(TopicsUnavailable.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void everySubscriberSeesEveryRecordInOrderPerKey() throws Exception {
        Topic topic = create(new Topic("in.order", 3, Topics.VERDICTS.settings()));
        var seen = new LinkedBlockingQueue<ReceivedRecord>();
        try (EventFeed feed = EventFeed.fromEnd(settings, "in-order", List.of(topic), seen::addAll);
                EventPublisher publisher = EventPublisher.start(PublisherSettings.of(settings, "in-order"))) {
            feed.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
            var acknowledged = new CountDownLatch(300);
            for (int i = 0; i < 300; i++) {
                assertThat(publisher.publish(topic, "key" + i % 7, bytes("" + i), counting(acknowledged))).isTrue();
            }
            assertThat(acknowledged.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(publisher.unacknowledgedBytes()).isZero();
            var values = IntStream.range(0, 7).mapToObj(key -> new ArrayList<Integer>()).toList();
            for (int i = 0; i < 300; i++) {
                ReceivedRecord next = seen.poll(20, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                int value = Integer.parseInt(new String(next.value(), StandardCharsets.UTF_8));
                assertThat(next.key()).isEqualTo("key" + value % 7);
                values.get(value % 7).add(value);
            }
            assertThat(values).allSatisfy(ofKey -> assertThat(ofKey).isSorted());
            assertThat(feed.health().healthy()).isTrue();
        }
    }

    @Test
    void aFeedFromTheBeginningKnowsWhenItHasCaughtUp() throws Exception {
        Topic topic = create(new Topic("caught.up", 2, Topics.APPROVALS.settings()));
        publish(topic, 50);
        var count = new AtomicInteger();
        try (EventFeed feed = EventFeed.fromBeginning(settings, "caught-up", List.of(topic), records -> count.addAndGet(records.size()))) {
            feed.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(count).hasValue(50);
        }
    }

    @Test
    void recordsComeAgainWhenTheHandlerFailed() throws Exception {
        Topic topic = create(new Topic("handler.fails", 1, Topics.APPROVALS.settings()));
        publish(topic, 10);
        var calls = new AtomicInteger();
        var done = new CompletableFuture<List<ReceivedRecord>>();
        try (EventFeed feed = EventFeed.inGroup(settings, "handler-fails", List.of(topic), records -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("the database is away");
            }
            done.complete(records);
        })) {
            assertThat(done.get(30, TimeUnit.SECONDS)).hasSize(10);
            assertThat(feed.health().handled()).isBetween(0L, 10L);
        }
        publish(topic, 1);
        var rest = new CompletableFuture<List<ReceivedRecord>>();
        try (EventFeed feed = EventFeed.inGroup(settings, "handler-fails", List.of(topic), rest::complete)) {
            assertThat(rest.get(30, TimeUnit.SECONDS)).as("the group goes on after what it has committed").hasSize(1);
        }
    }

    @Test
    void aFeedWhoseHandlerEndsWithAnErrorSaysSo() throws Exception {
        Topic topic = create(new Topic("handler.breaks", 1, Topics.VERDICTS.settings()));
        publish(topic, 1);
        try (EventFeed feed = EventFeed.fromBeginning(settings, "handler-breaks", List.of(topic), records -> {
            throw new StackOverflowError("too deep");
        })) {
            assertThatThrownBy(() -> feed.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StackOverflowError.class);
            assertThat(feed.hasEnded()).isTrue();
            assertThat(feed.health().healthy()).isFalse();
            assertThat(feed.health().condition()).contains("too deep", "start the process again");
        }
    }

    @Test
    void aRecordThatKafkaNeverTakesFailsAloneAndAtOnce() throws Exception {
        Topic small = create(new Topic("small.records", 1, Map.of("max.message.bytes", "100000")));
        try (EventPublisher publisher = EventPublisher.start(PublisherSettings.of(settings, "small"))) {
            var failed = new CompletableFuture<Throwable>();
            var acknowledged = new CountDownLatch(2);
            publisher.publish(small, "k", bytes("fits"), counting(acknowledged));
            publisher.publish(small, "k", new byte[200_000], new Delivery() {
                @Override
                public void acknowledged() {
                    failed.completeExceptionally(new AssertionError("too large for the topic"));
                }

                @Override
                public void failed(Throwable cause) {
                    failed.complete(cause);
                }
            });
            assertThat(failed.get(20, TimeUnit.SECONDS)).hasMessageContaining("larger");
            publisher.publish(small, "k", bytes("fits too"), counting(acknowledged));
            assertThat(acknowledged.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Topic create(Topic topic) {
        TopicCreator.createMissing(settings, List.of(topic), 1, Duration.ofSeconds(20));
        return topic;
    }

    private static void publish(Topic topic, int count) throws InterruptedException {
        var acknowledged = new CountDownLatch(count);
        try (EventPublisher publisher = EventPublisher.start(PublisherSettings.of(settings, "fill"))) {
            IntStream.range(0, count).forEach(i -> publisher.publish(topic, "key" + i, bytes("value " + i), counting(acknowledged)));
            assertThat(acknowledged.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Delivery counting(CountDownLatch latch) {
        return new Delivery() {
            @Override
            public void acknowledged() {
                latch.countDown();
            }

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
