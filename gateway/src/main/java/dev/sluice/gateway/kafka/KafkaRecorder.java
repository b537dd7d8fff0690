// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.signature.SigningKey;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Records sessions on {@code sluice.sessions}. One per gateway. */
public final class KafkaRecorder implements Recorder, AutoCloseable {
    private static final int SESSIONS_PER_LANE = 64;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    final RecorderSettings settings;
    final EventPublisher publisher;
    final EventCodec codec = new EventCodec();
    final SigningKey key;
    final Clock clock;
    final RandomGenerator random;
    /** Signs; Ed25519 is too slow for an event loop. Also tries again what the queue had no room for. */
    final ScheduledExecutorService signer;

    private final long unhealthyAfterNanos;
    /** Begins anywhere, so that several gateways do not meet in the same partition. */
    private final AtomicLong opened;

    /** Answers that are kept must not stand in the way of decisions, so they travel by themselves. Made when the first is. */
    private volatile @Nullable EventPublisher results;

    private KafkaRecorder(RecorderSettings settings, SigningKey key, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.key = key;
        this.clock = clock;
        this.random = random;
        this.opened = new AtomicLong(random.nextInt() * (long) SESSIONS_PER_LANE & Long.MAX_VALUE);
        this.unhealthyAfterNanos = settings.unhealthyAfter().toNanos();
        this.signer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("recorder-signer").daemon().factory());
        this.publisher = EventPublisher.start(new PublisherSettings(
                settings.kafka(), settings.clientId(), 2 * settings.queueBytes(), settings.linger(), settings.compression()));
    }

    /**
     * Starts the recorder's threads. Kafka need not be there yet, but the topics must once it is.
     *
     * @param random for event ids; used by every session's thread, so it must be safe for many threads
     */
    public static KafkaRecorder start(RecorderSettings settings, SigningKey key, Clock clock, RandomGenerator random) {
        return new KafkaRecorder(settings, key, clock, random);
    }

    @Override
    public SessionLog open(String sessionId, String source, Executor executor, SessionLogListener listener) {
        return new KafkaSessionLog(this, sessionId, nextLane(), URI.create(source), executor, listener);
    }

    /** Neighbours share a partition, so that what they record at the same time travels in one batch. */
    private int nextLane() {
        return (int) (opened.getAndIncrement() / SESSIONS_PER_LANE & Integer.MAX_VALUE);
    }

    EventPublisher results() {
        EventPublisher made = results;
        if (made == null) {
            synchronized (this) {
                made = results;
                if (made == null) {
                    made = EventPublisher.start(new PublisherSettings(
                            settings.kafka(), settings.clientId() + "-results", 2 * settings.queueBytes(), settings.linger(), settings.resultCompression()));
                    results = made;
                }
            }
        }
        return made;
    }

    @Override
    public boolean takesResults() {
        EventPublisher made = results;
        return made == null || made.unacknowledgedBytes() < settings.queueBytes();
    }

    @Override
    public boolean healthy() {
        return publisher.oldestUnacknowledgedNanos() < unhealthyAfterNanos && publisher.unacknowledgedBytes() < settings.queueBytes();
    }

    @Override
    public String condition() {
        if (publisher.oldestUnacknowledgedNanos() >= unhealthyAfterNanos) {
            return "Kafka has not acknowledged a record for " + publisher.oldestUnacknowledged().toMillis() + " ms";
        }
        return publisher.unacknowledgedBytes() >= settings.queueBytes()
                ? publisher.unacknowledgedBytes() + " bytes wait for Kafka's acknowledgement, the bound is " + settings.queueBytes()
                : "";
    }

    /** Bytes that Kafka has not acknowledged, for metrics. */
    public long unacknowledgedBytes() {
        return publisher.unacknowledgedBytes();
    }

    /** Records that Kafka has acknowledged since the start, for metrics. */
    public long acknowledgedRecords() {
        return publisher.acknowledgedRecords();
    }

    /** How long the oldest record has waited for its acknowledgement, for metrics. */
    public Duration oldestUnacknowledged() {
        return publisher.oldestUnacknowledged();
    }

    /** Sends what is queued, ten seconds at most. Close the session logs before. Blocks. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /** As {@link #close()}, with another bound. */
    public void close(Duration timeout) {
        signer.shutdown();
        try {
            signer.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publisher.close(timeout);
        EventPublisher made = results;
        if (made != null) {
            made.close(timeout);
        }
    }
}
