// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.projection.Batch;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.projection.StorableTime;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.OffsetsMoved;
import dev.sluice.audit.store.Partition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics as one member of a consumer group and hands whole batches to the store. One thread fetches and reads records, another
 * writes the batch before; never more than that one batch is under way. Where to read is known from the store alone: nothing is committed
 * to Kafka. After any failure it starts again from what is stored, for ever, and says so in {@link IngestProgress}.
 */
public final class Ingest {
    private static final Logger LOGGER = LoggerFactory.getLogger(Ingest.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration BROKER_DEADLINE = Duration.ofSeconds(30);

    private static final int PARTITION_FETCH_BYTES = 4 * 1024 * 1024;

    private final AuditConfig.Kafka config;
    private final List<String> topics;
    private final IngestStore store;
    private final IngestProgress progress;
    private final Clock clock;
    private final RecordReader reader = new RecordReader();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().name("sluice-audit-write").daemon().unstarted(task));
    /** Where each assigned partition is read next: what is stored, and beyond it the batch that is being written. */
    private final Map<Partition, Long> positions = new HashMap<>();
    private volatile Consumer<byte[], byte[]> consumer;
    private final Set<Partition> rewound = new HashSet<>();
    private @Nullable Future<?> underWay;
    private boolean lagging;

    private Ingest(AuditConfig.Kafka config, List<String> topics, IngestStore store, IngestProgress progress, Clock clock) {
        this.config = config;
        this.topics = List.copyOf(topics);
        this.store = store;
        this.progress = progress;
        this.clock = clock;
        this.consumer = connect();
    }

    /** Starts reading. Fails at once when Kafka's client does not take the settings; a broker that is away is waited for. */
    public static Ingest start(AuditConfig.Kafka config, List<String> topics, IngestStore store, IngestProgress progress, Clock clock) {
        var ingest = new Ingest(config, topics, store, progress, clock);
        Thread.ofPlatform().name("sluice-audit-ingest").start(ingest::run);
        return ingest;
    }

    /** Stops after the batch in hand. Completes when the thread has ended. */
    public CompletableFuture<Void> close() {
        closing.countDown();
        consumer.wakeup();
        return ended;
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                try (Consumer<byte[], byte[]> current = consumer) {
                    current.subscribe(topics, new Assignment());
                    while (closing.getCount() > 0) {
                        round(current);
                    }
                } catch (WakeupException e) {
                    LOGGER.atDebug().log("woken up to end");
                } catch (OffsetsMoved e) {
                    LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("another instance has written this batch, reading the offsets again");
                } catch (Exception e) {
                    // Futures that were waited for throw what they failed with, declared or not; nothing may end this thread but close().
                    pause(e);
                }
                abandon();
                if (closing.getCount() > 0) {
                    consumer = connect();
                }
            }
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("reading has ended");
            progress.troubled(String.valueOf(e.getMessage()));
        } finally {
            writer.execute(store::close);
            writer.shutdown();
            ended.complete(null);
        }
    }

    /** Waits for the batch under way, and throws what it failed with. */
    private void settle() {
        Future<?> writing = underWay;
        underWay = null;
        if (writing == null) {
            return;
        }
        try {
            writing.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    /** Before starting again: the batch under way ends first, well or not, since what it has done is read from the store afterwards. */
    private void abandon() {
        try {
            settle();
        } catch (RuntimeException e) {
            LOGGER.atDebug().setCause(e).log("the batch under way has failed too");
        }
        positions.clear();
    }

    private void pause(Exception failure) {
        String reason = failure.getCause() == null ? String.valueOf(failure.getMessage()) : failure.getMessage() + ": " + failure.getCause().getMessage();
        progress.troubled(reason);
        LOGGER.atWarn().addKeyValue("reason", reason).log("reading failed, starting again from what is stored");
        LOGGER.atDebug().setCause(failure).log("cause");
        try {
            boolean closed = closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            LOGGER.atDebug().addKeyValue("closed", closed).log("pause over");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    private void round(Consumer<byte[], byte[]> current) {
        ConsumerRecords<byte[], byte[]> polled = current.poll(POLL);
        if (!polled.isEmpty()) {
            write(polled);
        } else {
            settle();
        }
        long lag = lag(current);
        lagging(current, lag);
        progress.polled(clock.instant(), lag, current.assignment().size());
    }

    /** One finding for each time that reading falls behind; it has caught up when half of the limit is left. */
    private void lagging(Consumer<byte[], byte[]> current, long lag) {
        long limit = Objects.requireNonNull(config.readyLag());
        if (lag < 0 || lagging && lag > limit / 2 || !lagging && lag <= limit) {
            return;
        }
        lagging = !lagging;
        if (lagging) {
            TopicPartition last = current.assignment().stream().max(Comparator.comparingLong(one -> current.currentLag(one).orElse(0))).orElseThrow();
            var partition = new Partition(last.topic(), last.partition());
            settle();
            notice(partition, Objects.requireNonNull(positions.get(partition)), FindingRow.Kind.LAGGING, lag + " records waited to be read, more than kafka.readyLag (" + limit + ")");
        }
    }

    /** Writes a finding about a place in the log that belongs to no record, and leaves the offsets as they are. */
    private void notice(Partition partition, long offset, FindingRow.Kind kind, String detail) {
        var place = new RawRecord(partition.topic(), partition.number(), offset, clock.instant(), null, new byte[0]);
        List<FindingRow> found = List.of(new FindingRow(place, kind, null, null, detail));
        store.write(List.of(), found, Map.of(partition, offset), Map.of(partition, offset));
        progress.noticed(found);
    }

    private void write(ConsumerRecords<byte[], byte[]> polled) {
        List<ReadRecord> records = new ArrayList<>(polled.count());
        Map<Partition, Long> from = new HashMap<>();
        Map<Partition, Long> to = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            records.add(reader.read(raw(record)));
            var partition = new Partition(record.topic(), record.partition());
            from.put(partition, Objects.requireNonNull(positions.get(partition)));
            to.put(partition, record.offset() + 1);
        }
        settle();
        positions.putAll(to);
        underWay = writer.submit(() -> {
            Batch batch = store.write(records, from, to);
            progress.wrote(records.size(), batch.findings());
        });
    }

    private static RawRecord raw(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return new RawRecord(record.topic(), record.partition(), record.offset(), StorableTime.clamped(Instant.ofEpochMilli(record.timestamp())), record.key(), value);
    }

    private static long lag(Consumer<byte[], byte[]> current) {
        long lag = 0;
        for (TopicPartition partition : current.assignment()) {
            var one = current.currentLag(partition);
            if (one.isEmpty()) {
                return -1;
            }
            lag += one.getAsLong();
        }
        return lag;
    }

    private Consumer<byte[], byte[]> connect() {
        var settings = new Properties();
        settings.putAll(Objects.requireNonNull(config.properties()));
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, Objects.requireNonNull(config.group()));
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(config.batchRecords()));
        settings.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "30000");
        settings.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(PARTITION_FETCH_BYTES));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Moves a newly assigned partition to where the store is. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            settle();
            partitions.forEach(partition -> positions.remove(new Partition(partition.topic(), partition.partition())));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            settle();
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, BROKER_DEADLINE);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, BROKER_DEADLINE);
            Map<Partition, Long> starts = new HashMap<>();
            beginnings.forEach((partition, offset) -> starts.put(new Partition(partition.topic(), partition.partition()), offset));
            Map<Partition, Long> offsets = store.offsets(starts);
            for (TopicPartition topicPartition : partitions) {
                var partition = new Partition(topicPartition.topic(), topicPartition.partition());
                long offset = Objects.requireNonNull(offsets.get(partition));
                long beginning = Objects.requireNonNull(beginnings.get(topicPartition));
                long end = Objects.requireNonNull(ends.get(topicPartition));
                if (offset > end) {
                    if (rewound.add(partition)) {
                        notice(partition, offset, FindingRow.Kind.REWOUND, "offsets up to " + (offset - 1) + " have been read, and the broker ends at " + end);
                    }
                    throw new IllegalStateException(partition.topic() + ", partition " + partition.number() + ": the store has read up to offset " + offset
                            + ", the broker ends at " + end + ": records were removed from the broker's end, or the topic was made anew."
                            + " Nothing more is read until an operator has looked; a rebuild needs an empty schema");
                }
                if (offset < beginning) {
                    lost(partition, offset, beginning);
                    offset = beginning;
                }
                positions.put(partition, offset);
                consumer.seek(topicPartition, offset);
            }
            LOGGER.atInfo().addKeyValue("partitions", partitions.size()).log("partitions assigned");
        }

        private void lost(Partition partition, long offset, long beginning) {
            var place = new RawRecord(partition.topic(), partition.number(), offset, clock.instant(), null, new byte[0]);
            String detail = "offsets " + offset + " to " + (beginning - 1) + " were deleted on the broker before they were read";
            List<FindingRow> lost = List.of(new FindingRow(place, FindingRow.Kind.LOST_RECORDS, null, null, detail));
            store.write(List.of(), lost, Map.of(partition, offset), Map.of(partition, beginning));
            progress.noticed(lost);
            LOGGER.atError().addKeyValue("topic", partition.topic()).addKeyValue("partition", partition.number()).log(detail);
        }
    }
}
