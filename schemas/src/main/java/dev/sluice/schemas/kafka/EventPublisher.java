// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to Kafka, from any thread and without ever blocking it: {@code KafkaProducer.send} may wait for metadata or memory, so
 * only threads of this class and of its producer call it. What is published stays queued, and is sent again in order, until Kafka has
 * acknowledged it (acks=all, idempotent), however long an outage lasts; only a record that Kafka will never take, and {@link #close}, fail
 * a delivery.
 *
 * <p>One flight at a time: what is published while Kafka has yet to answer gathers and leaves together. Under load a request so carries the
 * records of all sessions that wait, and it costs both processes about as much as a request with one.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventPublisher.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long FLIGHT_BYTES = 8L * 1024 * 1024;
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    /** How long a record that nobody waits for may wait for company. */
    /** How long those whose records have just been acknowledged are waited for: they are likely to come back with the next. */
    private static final long GATHER_NANOS = 200_000;

    private static final long PATIENCE_NANOS = Duration.ofMillis(2).toNanos();
    /** After so long without a flight a record that nobody waits for wakes the sender; before, the sender looks by itself. */
    private static final long DROWSY_NANOS = Duration.ofMillis(50).toNanos();

    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long WARN_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    /** Records that were handed to a producer together. It has landed when each has its answer. */
    private static final class Flight {
        final Producer<byte[], byte[]> producer;
        /** Records without an answer, and one more while the flight is being loaded. */
        final AtomicInteger left = new AtomicInteger(1);
        /** How many of its records somebody waits for. */
        int urgent;

        Flight(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }
    }

    private enum Attention {
        AWAKE,
        DROWSY,
        ASLEEP
    }

    private final PublisherSettings settings;
    private final ProducerFactory producers;
    private final PublishQueue queue;
    private final AtomicLong acknowledged = new AtomicLong();
    /** How many partitions each topic has that was sent to. Counted once: a partition added later would part a lane's records. */
    private final ConcurrentMap<Topic, Integer> partitions = new ConcurrentHashMap<>();

    private final Thread sender;

    private volatile boolean open = true;
    private volatile Attention attention = Attention.AWAKE;
    private volatile long deadline;
    /** Where there is none, only the sender may begin one; where there is one, only whoever brings its last answer may begin the next. */
    private volatile @Nullable Flight flight;

    private volatile long lastTakeOff;
    /** How many urgent records may be expected to be there by {@link #companyUntil}: as many as were underway or waiting when the last flight landed. */
    private volatile int company;

    private volatile long companyUntil;
    /** The producer is of no use any more: make another and send again what it has not delivered. */
    private volatile @Nullable Throwable broken;
    /** A record was not taken, for a reason that may pass: send again what has not been delivered. */
    private volatile boolean refused;

    private long lastWarning;

    /** How a producer is made; tests give their own. */
    @FunctionalInterface
    interface ProducerFactory {
        Producer<byte[], byte[]> create(PublisherSettings settings);
    }

    private EventPublisher(PublisherSettings settings, ProducerFactory producers) {
        this.settings = settings;
        this.producers = producers;
        this.queue = new PublishQueue(settings.queueBytes());
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
     * Queues a record for the partition that its key hashes to. Never blocks.
     *
     * @param value not copied, must not be changed
     * @return false when the queue is at its bound or the publisher is closed: nothing was queued and {@code delivery} will not be called
     */
    public boolean publish(Topic topic, String key, byte[] value, Delivery delivery) {
        return publish(new Pending(topic, key, Pending.BY_KEY, value, true, delivery));
    }

    /**
     * As the other, for a writer who may choose the partition: records of one lane share one, as long as this publisher lives. The fewer
     * lanes are in use at a time, the fewer batches a request is made of.
     *
     * @param lane not negative; lanes are dealt out over the topic's partitions
     * @param urgent whether somebody waits for the acknowledgement; if nobody does, the record may wait 2 ms for company
     */
    public boolean publish(Topic topic, String key, int lane, byte[] value, boolean urgent, Delivery delivery) {
        return publish(new Pending(topic, key, lane, value, urgent, delivery));
    }

    private boolean publish(Pending pending) {
        if (!open || !queue.add(pending)) {
            return false;
        }
        boolean unnoticed = switch (attention) {
            case AWAKE -> false;
            case DROWSY -> pending.urgent && flight == null && queue.urgent() >= company;
            case ASLEEP -> flight == null;
        };
        if (unnoticed) {
            LockSupport.unpark(sender);
        }
        return true;
    }

    /** Bytes of keys and values that are not acknowledged yet. */
    public long unacknowledgedBytes() {
        return queue.bytes();
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
        return queue.oldestNanos();
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
        Producer<byte[], byte[]> producer = null;
        while (open || !queue.isEmpty()) {
            if (isPastDeadline()) {
                break;
            }
            if (broken != null && producer != null) {
                abandon(producer);
                producer = null;
                LockSupport.parkNanos(RETRY_NANOS);
            }
            if (producer == null) {
                producer = create();
            } else if (flight == null && refused) {
                repeat(producer);
            } else if (flight == null && isDue()) {
                takeOff(producer);
            } else {
                awaitWork();
            }
        }
        finish(producer);
    }

    private boolean isPastDeadline() {
        return !open && System.nanoTime() - deadline > 0;
    }

    /** Whether somebody waits for a record that waits here, or one has waited long enough for company. */
    private boolean isDue() {
        Pending oldest = queue.first();
        if (oldest == null) {
            return false;
        }
        int urgent = queue.urgent();
        long now = System.nanoTime();
        return !open || (urgent > 0 && (urgent >= company || now - companyUntil >= 0)) || now - oldest.since >= PATIENCE_NANOS;
    }

    private void awaitWork() {
        boolean asleep = System.nanoTime() - lastTakeOff > DROWSY_NANOS && (flight != null || queue.isNothingWaiting());
        attention = asleep ? Attention.ASLEEP : Attention.DROWSY;
        boolean nothingNew = flight != null || (!isDue() && !(asleep && !queue.isNothingWaiting()));
        if (nothingNew && broken == null && !(refused && flight == null)) {
            LockSupport.parkNanos(!asleep ? (queue.urgent() > 0 ? GATHER_NANOS : PATIENCE_NANOS) : open ? IDLE_NANOS : RETRY_NANOS / 10);
        }
        attention = Attention.AWAKE;
    }

    /** Sends again, in order, what was not delivered. */
    private void repeat(Producer<byte[], byte[]> producer) {
        refused = false;
        var again = new Flight(producer);
        flight = again;
        for (Pending pending : queue.unsettled()) {
            if (!send(again, pending)) {
                break;
            }
        }
        landed(again);
    }

    private void takeOff(Producer<byte[], byte[]> producer) {
        Flight next = new Flight(producer);
        while (next != null) {
            flight = next;
            lastTakeOff = System.nanoTime();
            load(next);
            next = next.left.decrementAndGet() == 0 ? following(next) : null;
        }
    }

    private void load(Flight next) {
        long size = 0;
        for (Pending pending = queue.first(); pending != null && size < FLIGHT_BYTES && maySend(pending); pending = queue.first()) {
            size += pending.size;
            queue.take(pending);
            next.urgent += pending.urgent ? 1 : 0;
            if (!send(next, pending)) {
                return;
            }
        }
    }

    /** The producer's own thread must not wait for a topic's metadata, which it would have to fetch itself. */
    private boolean maySend(Pending pending) {
        return Thread.currentThread() == sender || partitions.containsKey(pending.topic);
    }

    private void landed(Flight from) {
        if (from.left.decrementAndGet() == 0 && following(from) != null) {
            takeOff(from.producer);
        }
    }

    /** The flight after this one, if it leaves at once. */
    private @Nullable Flight following(Flight landed) {
        if (flight != landed) {
            return null;
        }
        company = landed.urgent + queue.urgent();
        companyUntil = System.nanoTime() + GATHER_NANOS;
        Pending first = queue.first();
        if (first != null && broken == null && !refused && isDue() && maySend(first)) {
            return new Flight(landed.producer);
        }
        flight = null;
        if (!queue.isNothingWaiting() || broken != null || refused || !open) {
            LockSupport.unpark(sender);
        }
        return null;
    }

    /** @return false when the record was not taken: neither may be one behind it */
    private boolean send(Flight with, Pending pending) {
        with.left.incrementAndGet();
        try {
            int count = partitions.computeIfAbsent(pending.topic, topic -> with.producer.partitionsFor(topic.name()).size());
            Integer partition = pending.lane == Pending.BY_KEY ? null : pending.lane % count;
            with.producer.send(
                    new ProducerRecord<>(pending.topic.name(), partition, pending.key, pending.value),
                    (metadata, failure) -> answered(with, pending, failure));
        } catch (TimeoutException unknownYet) {
            refuse(unknownYet);
            with.left.decrementAndGet();
        } catch (RuntimeException e) {
            broken = e;
            with.left.decrementAndGet();
        }
        return !refused && broken == null;
    }

    private void answered(Flight from, Pending pending, @Nullable Exception failure) {
        if (failure == null) {
            if (queue.settle(pending)) {
                acknowledged.incrementAndGet();
                pending.delivery.acknowledged();
            }
        } else if (neverToBeTaken(failure)) {
            if (queue.settle(pending)) {
                pending.delivery.failed(failure);
            }
        } else if (flight == from) {
            // Out of time is reported by send itself, before the flight is loaded: the record was not taken. Anything else is the producer's end.
            if (failure instanceof TimeoutException) {
                refuse(failure);
            } else {
                broken = failure;
                LockSupport.unpark(sender);
            }
        }
        landed(from);
    }

    private void refuse(Exception failure) {
        refused = true;
        warn(failure);
    }

    private static boolean neverToBeTaken(Exception failure) {
        return failure instanceof RecordTooLargeException || failure instanceof SerializationException || failure instanceof InvalidTopicException;
    }

    /** Ends the producer without waiting for what it holds. */
    private void abandon(Producer<byte[], byte[]> producer) {
        Throwable cause = broken;
        if (cause != null) {
            warn(cause);
        }
        flight = null;
        producer.close(Duration.ZERO);
        refused = true;
        broken = null;
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
        flight = null;
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
        var closed = new IllegalStateException("the publisher was closed before Kafka had acknowledged the record");
        queue.giveUp().forEach(pending -> pending.delivery.failed(closed));
    }

    private void warn(Throwable cause) {
        long now = System.nanoTime();
        if (now - lastWarning >= WARN_EVERY_NANOS) {
            lastWarning = now;
            LOGGER.atWarn()
                    .addKeyValue("clientId", settings.clientId())
                    .addKeyValue("bootstrapServers", settings.kafka().bootstrapServers())
                    .addKeyValue("unacknowledgedBytes", queue.bytes())
                    .addKeyValue("cause", cause.toString())
                    .log("Kafka does not take records; they are kept and tried again");
        }
    }
}
