// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to Kafka, from any thread and without ever blocking it: {@code KafkaProducer.send} may wait for metadata or memory, so
 * only a thread of this class calls it. What is published stays queued, and is sent again in order, until Kafka has acknowledged it
 * (acks=all, idempotent), however long an outage lasts; only a record that Kafka will never take, and {@link #close}, fail a delivery.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventPublisher.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long WARN_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    /** One record on its way. Only {@code done} changes; it is written by the producer's thread, or by ours once that has ended. */
    private static final class Pending {
        final ProducerRecord<byte[], byte[]> producerRecord;
        final Delivery delivery;
        final int size;
        final long since = System.nanoTime();
        volatile boolean done;

        Pending(ProducerRecord<byte[], byte[]> producerRecord, Delivery delivery) {
            this.producerRecord = producerRecord;
            this.delivery = delivery;
            this.size = producerRecord.key().length + producerRecord.value().length;
        }
    }

    private final PublisherSettings settings;
    private final ProducerFactory producers;
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<Pending> underway = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Thread sender;

    private volatile boolean open = true;
    private volatile boolean idle;
    private volatile long deadline;
    /** The producer is of no use any more: make another and send again what it has not delivered. */
    private volatile @Nullable Throwable broken;

    /** What {@code send} reported on our own thread, before it returned. Touched by the sender only. */
    private @Nullable Exception refusedAtOnce;

    private long lastWarning;

    /** How a producer is made; tests give their own. */
    @FunctionalInterface
    interface ProducerFactory {
        Producer<byte[], byte[]> create(PublisherSettings settings);
    }

    private EventPublisher(PublisherSettings settings, ProducerFactory producers) {
        this.settings = settings;
        this.producers = producers;
        this.sender = Thread.ofPlatform().name("event-publisher-" + settings.clientId()).daemon().unstarted(this::run);
    }

    /** Starts the sending thread. Kafka need not be there yet. */
    public static EventPublisher start(PublisherSettings settings) {
        return start(settings, ClientProperties::producer);
    }

    static EventPublisher start(PublisherSettings settings, ProducerFactory producers) {
        var publisher = new EventPublisher(settings, producers);
        publisher.lastWarning = System.nanoTime() - WARN_EVERY_NANOS;
        publisher.sender.start();
        return publisher;
    }

    /**
     * Queues a record. Never blocks.
     *
     * @param value not copied, must not be changed
     * @return false when the queue is at its bound or the publisher is closed: nothing was queued and {@code delivery} will not be called
     */
    public boolean publish(Topic topic, String key, byte[] value, Delivery delivery) {
        var pending = new Pending(new ProducerRecord<>(topic.name(), key.getBytes(StandardCharsets.UTF_8), value), delivery);
        if (!open) {
            return false;
        }
        if (bytes.addAndGet(pending.size) > settings.queueBytes()) {
            bytes.addAndGet(-pending.size);
            return false;
        }
        waiting.add(pending);
        if (idle) {
            LockSupport.unpark(sender);
        }
        return true;
    }

    /** Bytes of keys and values that are not acknowledged yet. */
    public long unacknowledgedBytes() {
        return bytes.get();
    }

    /** Records acknowledged since the start. */
    public long acknowledgedRecords() {
        return acknowledged.get();
    }

    /** How long the oldest record without acknowledgement has waited; zero when there is none. Cheap. */
    public Duration oldestUnacknowledged() {
        return Duration.ofNanos(oldestUnacknowledgedNanos());
    }

    /** As {@link #oldestUnacknowledged}, in nanoseconds, for callers that ask per statement. */
    public long oldestUnacknowledgedNanos() {
        Pending oldest = underway.peek();
        if (oldest == null) {
            oldest = waiting.peek();
        }
        return oldest == null ? 0 : Math.max(0, System.nanoTime() - oldest.since);
    }

    /** Sends what is queued, waits up to five seconds for its acknowledgement, and fails the rest. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /** As {@link #close()}, with another bound. Blocks. */
    public void close(Duration timeout) {
        deadline = System.nanoTime() + timeout.toNanos();
        open = false;
        LockSupport.unpark(sender);
        try {
            sender.join(timeout.plus(CLOSE_TIMEOUT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var again = new ArrayDeque<Pending>();
        Producer<byte[], byte[]> producer = null;
        while (open || hasWork(again)) {
            if (!open && System.nanoTime() - deadline > 0) {
                break;
            }
            if (broken != null && producer != null) {
                abandon(producer, again);
                producer = null;
                LockSupport.parkNanos(RETRY_NANOS);
            }
            if (producer == null) {
                producer = create();
            } else if (!again.isEmpty()) {
                if (send(producer, again.peek())) {
                    again.poll();
                }
            } else if (!waiting.isEmpty()) {
                sendNext(producer);
            } else {
                awaitWork();
            }
        }
        finish(producer);
    }

    private boolean hasWork(ArrayDeque<Pending> again) {
        return !again.isEmpty() || !waiting.isEmpty() || !underway.isEmpty();
    }

    private void awaitWork() {
        idle = true;
        if (waiting.isEmpty() && broken == null && (open || !underway.isEmpty())) {
            LockSupport.parkNanos(open ? IDLE_NANOS : RETRY_NANOS / 10);
        }
        idle = false;
    }

    /** A record is always in one of the two queues, so that the oldest can be told at any time. */
    private void sendNext(Producer<byte[], byte[]> producer) {
        Pending next = waiting.peek();
        if (next == null) {
            return;
        }
        underway.add(next);
        waiting.poll();
        while (!send(producer, next)) {
            if (broken != null || (!open && System.nanoTime() - deadline > 0)) {
                return;
            }
        }
    }

    /** @return false when the record was not taken and must be tried again before any other */
    private boolean send(Producer<byte[], byte[]> producer, Pending pending) {
        refusedAtOnce = null;
        try {
            producer.send(pending.producerRecord, (metadata, failure) -> completed(pending, failure));
        } catch (RuntimeException e) {
            broken = e;
            return false;
        }
        Exception refused = refusedAtOnce;
        if (refused == null || pending.done) {
            return true;
        }
        warn(refused);
        if (!(refused instanceof RetriableException)) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
        return false;
    }

    private void completed(Pending pending, @Nullable Exception failure) {
        if (failure == null) {
            settle(pending);
            acknowledged.incrementAndGet();
            pending.delivery.acknowledged();
        } else if (neverToBeTaken(failure)) {
            settle(pending);
            pending.delivery.failed(failure);
        } else if (Thread.currentThread() == sender) {
            refusedAtOnce = failure;
        } else {
            broken = failure;
            LockSupport.unpark(sender);
        }
    }

    private static boolean neverToBeTaken(Exception failure) {
        return failure instanceof RecordTooLargeException || failure instanceof SerializationException || failure instanceof InvalidTopicException;
    }

    private void settle(Pending pending) {
        pending.done = true;
        bytes.addAndGet(-pending.size);
        Pending head = underway.peek();
        while (head != null && head.done) {
            underway.poll();
            head = underway.peek();
        }
    }

    /** Ends the producer without waiting for what it holds, and lists in order what it has not delivered. */
    private void abandon(Producer<byte[], byte[]> producer, ArrayDeque<Pending> again) {
        Throwable cause = broken;
        if (cause != null) {
            warn(cause);
        }
        producer.close(Duration.ZERO);
        broken = null;
        again.clear();
        for (Pending pending : underway) {
            if (!pending.done) {
                again.add(pending);
            }
        }
    }

    private @Nullable Producer<byte[], byte[]> create() {
        try {
            return producers.create(settings);
        } catch (RuntimeException e) {
            warn(e);
            LockSupport.parkNanos(RETRY_NANOS);
            return null;
        }
    }

    private void finish(@Nullable Producer<byte[], byte[]> producer) {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
        var closed = new IllegalStateException("the publisher was closed before Kafka had acknowledged the record");
        for (Queue<Pending> rest : List.of(underway, waiting)) {
            for (Pending pending = rest.poll(); pending != null; pending = rest.poll()) {
                if (!pending.done) {
                    pending.done = true;
                    bytes.addAndGet(-pending.size);
                    pending.delivery.failed(closed);
                }
            }
        }
    }

    private void warn(Throwable cause) {
        long now = System.nanoTime();
        if (now - lastWarning >= WARN_EVERY_NANOS) {
            lastWarning = now;
            LOGGER.atWarn()
                    .addKeyValue("clientId", settings.clientId())
                    .addKeyValue("bootstrapServers", settings.kafka().bootstrapServers())
                    .addKeyValue("unacknowledgedBytes", bytes.get())
                    .addKeyValue("cause", cause.toString())
                    .log("Kafka does not take records; they are kept and tried again");
        }
    }
}
