// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic once, from its beginning to where it ends now, as a member of no group. Waits. */
public final class TopicRecords {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private TopicRecords() {}

    /**
     * Hands the value of every record to {@code records}, those of a partition in their order.
     *
     * @param properties further settings of Kafka's consumer
     * @throws IllegalStateException when the topic is not there or the broker stops answering
     */
    public static void read(String bootstrapServers, Map<String, String> properties, String topic, Consumer<byte[]> records) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        settings.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) DEADLINE.toMillis());
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            if (infos == null || infos.isEmpty()) {
                throw new IllegalStateException("there is no topic " + topic + " at " + bootstrapServers);
            }
            List<TopicPartition> partitions = infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long quietSince = System.nanoTime();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
                var polled = consumer.poll(POLL);
                if (!polled.isEmpty()) {
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince > DEADLINE.toNanos()) {
                    throw new IllegalStateException(bootstrapServers + " has not answered for " + DEADLINE.toSeconds() + " seconds");
                }
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    if (record.offset() < Objects.requireNonNull(ends.get(new TopicPartition(topic, record.partition())))) {
                        records.accept(record.value() == null ? new byte[0] : record.value());
                    }
                }
            }
        }
    }
}
