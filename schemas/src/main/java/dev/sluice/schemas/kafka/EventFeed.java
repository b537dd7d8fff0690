// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics on a thread of its own and hands what it reads to a handler, at least once and in order per partition, until closed.
 * Exceptions of Kafka or of the handler are waited out and shown by {@link #health}; they never end a feed. An {@link Error} does: what the handler has
 * done of its work is not known then, so the process has to start anew, and {@link #health} says so.
 */
public final class EventFeed implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventFeed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(5);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final KafkaSettings kafka;
    private final String name;
    private final FeedPosition position;
    private final RecordHandler handler;
    private final Thread thread;
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> caughtUp = new CompletableFuture<>();
    private final AtomicLong handled = new AtomicLong();
    private final Object pause = new Object();

    private volatile Set<TopicPartition> assigned = Set.of();
    private volatile boolean open = true;
    private volatile String condition;
    private volatile boolean ended;
    private volatile long lag = -1;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long nextCheck;

    private EventFeed(KafkaSettings kafka, String name, FeedPosition position, RecordHandler handler) {
        this.kafka = kafka;
        this.name = name;
        this.position = position;
        this.handler = handler;
        // Whoever has got no share of a group's partitions, or not yet, has nothing to read and is well.
        this.condition = position instanceof FeedPosition.InGroup ? "" : "not started yet";
        this.thread = Thread.ofPlatform().name("event-feed-" + name).daemon().unstarted(this::run);
    }

    /** Shares the partitions with the other members of a group; the group's position is committed after the handler has returned. */
    public static EventFeed inGroup(KafkaSettings kafka, String groupId, List<Topic> topics, RecordHandler handler) {
        return started(new EventFeed(kafka, groupId, new FeedPosition.InGroup(groupId, names(topics)), handler));
    }

    /** Reads every partition from its beginning, without a group: each process that does so sees every record. */
    public static EventFeed fromBeginning(KafkaSettings kafka, String name, List<Topic> topics, RecordHandler handler) {
        return started(new EventFeed(kafka, name, FeedPosition.Everything.fromBeginning(names(topics)), handler));
    }

    /** Reads every partition from its end, without a group: whatever is written once {@link #ready} has completed. */
    public static EventFeed fromEnd(KafkaSettings kafka, String name, List<Topic> topics, RecordHandler handler) {
        return started(new EventFeed(kafka, name, FeedPosition.Everything.fromEnd(names(topics)), handler));
    }

    private static EventFeed started(EventFeed feed) {
        feed.thread.start();
        return feed;
    }

    private static List<String> names(List<Topic> topics) {
        return topics.stream().map(Topic::name).toList();
    }

    /** Completes when the feed is positioned on every partition: what is written from now on will be handled. In a group, when it has joined. */
    public CompletionStage<@Nullable Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** Completes when everything that lay in the topics at the start has been handled. Not to be asked of a feed in a group, which reads only its share. */
    public CompletionStage<@Nullable Void> caughtUp() {
        if (position instanceof FeedPosition.InGroup) {
            throw new IllegalStateException("a feed in a group does not know when the group has caught up");
        }
        return caughtUp.minimalCompletionStage();
    }

    /** The partitions that this feed reads at the moment. In a group, those that the group has given to it; it may have lost one without knowing yet. */
    public Set<Integer> partitionsOf(Topic topic) {
        return assigned.stream().filter(partition -> partition.topic().equals(topic.name())).map(TopicPartition::partition).collect(Collectors.toSet());
    }

    public FeedHealth health() {
        return new FeedHealth(condition.isEmpty(), condition, lag, handled.get());
    }

    /** Lets the handler finish what it has, for five seconds at most, and leaves the group. Blocks. */
    /** Whether a fault that nothing can be done about has ended it, while nobody has closed it: only another process goes on. */
    public boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        open = false;
        condition = "closed";
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        synchronized (pause) {
            pause.notifyAll();
        }
        try {
            if (Thread.currentThread() != thread && !thread.join(CLOSE_TIMEOUT)) {
                thread.interrupt();
                thread.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var closed = new IllegalStateException("the feed " + name + " was closed");
        ready.completeExceptionally(closed);
        caughtUp.completeExceptionally(closed);
    }

    private void run() {
        try {
            read();
        } catch (Error fatal) {
            open = false;
            ended = true;
            condition = "ended by " + fatal + "; start the process again";
            LOGGER.atError().addKeyValue("feed", name).setCause(fatal).log("feed has ended");
            ready.completeExceptionally(fatal);
            caughtUp.completeExceptionally(fatal);
            throw fatal;
        }
    }

    private void read() {
        while (open) {
            try (Consumer<byte[], byte[]> consumer = ClientProperties.consumer(kafka, name, position.groupId())) {
                current = consumer;
                position.take(consumer);
                nextCheck = System.nanoTime();
                while (open) {
                    pollOnce(consumer);
                }
            } catch (WakeupException | InterruptException e) {
                LOGGER.atDebug().addKeyValue("feed", name).log("feed woken to close");
            } catch (RuntimeException e) {
                troubled("Kafka at " + kafka.bootstrapServers() + ": " + e.getMessage(), e);
            } finally {
                assigned = Set.of();
                current = null;
            }
        }
    }

    private void pollOnce(Consumer<byte[], byte[]> consumer) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (!assigned.equals(consumer.assignment())) {
            assigned = Set.copyOf(consumer.assignment());
        }
        if (!polled.isEmpty()) {
            handle(consumer, polled);
        }
        if (!ready.isDone() && position.isTaken(consumer)) {
            condition = "";
            ready.complete(null);
        }
        if (!caughtUp.isDone() && position.isCaughtUp(consumer)) {
            caughtUp.complete(null);
        }
        if (System.nanoTime() - nextCheck >= 0) {
            check(consumer);
            nextCheck = System.nanoTime() + CHECK_EVERY.toNanos();
        }
    }

    private void handle(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        var received = new ArrayList<ReceivedRecord>(polled.count());
        var next = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (TopicPartition partition : polled.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                received.add(received(record));
                next.put(partition, new OffsetAndMetadata(record.offset() + 1));
            }
        }
        try {
            handler.handle(List.copyOf(received));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception e) {
            for (TopicPartition partition : polled.partitions()) {
                consumer.seek(partition, polled.records(partition).getFirst().offset());
            }
            troubled("records from " + received.getFirst().position() + " could not be handled: " + e, e);
            return;
        }
        handled.addAndGet(received.size());
        recovered();
        try {
            position.handled(consumer, next);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOGGER.atInfo().addKeyValue("feed", name).addKeyValue("cause", e.toString()).log("the group has changed, its records will come again");
        }
    }

    private static ReceivedRecord received(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        return new ReceivedRecord(record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()), key, record.value());
    }

    /** {@code poll} returns nothing both when there is nothing and when Kafka is away; this tells the two apart, and finds new partitions. */
    private void check(Consumer<byte[], byte[]> consumer) {
        position.widen(consumer);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), CHECK_TIMEOUT);
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            behind += Math.max(0, end.getValue() - consumer.position(end.getKey(), CHECK_TIMEOUT));
        }
        lag = behind;
        if (ready.isDone() || position instanceof FeedPosition.InGroup) {
            recovered();
        }
    }

    private void recovered() {
        pauseMillis = FIRST_PAUSE_MILLIS;
        if (open && !condition.isEmpty()) {
            LOGGER.atInfo().addKeyValue("feed", name).log("feed is well");
            condition = "";
        }
    }

    private void troubled(String what, Exception cause) {
        if (!open) {
            return;
        }
        if (!what.equals(condition)) {
            LOGGER.atWarn().addKeyValue("feed", name).addKeyValue("cause", cause.toString()).log("feed is in trouble and will try again");
        }
        condition = what;
        synchronized (pause) {
            try {
                if (open) {
                    pause.wait(pauseMillis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    }
}
