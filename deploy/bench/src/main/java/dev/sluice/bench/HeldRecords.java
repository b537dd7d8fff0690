// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the record says of when held statements went on. */
final class HeldRecords {
    private final EventCodec codec = new EventCodec();
    private final Map<String, Instant> verdicts = new HashMap<>();
    private final Map<String, EventEnvelope<?>> releases = new HashMap<>();
    /** By statement: when it was sent on, and when PostgreSQL's answer was complete. */
    private final Map<String, Course> courses = new HashMap<>();

    private record Course(Instant sent, Instant answered) {}

    private HeldRecords() {}

    /** Everything that there is by now. */
    static HeldRecords read(String bootstrapServers) {
        var records = new HeldRecords();
        try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(Topics.VERDICTS, Topics.SESSIONS).stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofMillis(200))) {
                    records.add(read);
                }
            }
        }
        return records;
    }

    private void add(ConsumerRecord<String, byte[]> read) {
        if (codec.decode(read.value()) instanceof Decoded.Known(EventEnvelope<?> envelope)) {
            switch (envelope.data()) {
                // The producer's time, in milliseconds.
                case VerdictEvent verdict -> verdicts.putIfAbsent(verdict.approvalId(), Instant.ofEpochMilli(read.timestamp()));
                case StatementReleased released -> releases.putIfAbsent(released.approvalId(), envelope);
                case StatementCompleted completed when completed.timing() != null -> courses.put(
                        completed.statementId(), new Course(envelope.time().minus(completed.timing().serverMicros(), ChronoUnit.MICROS), envelope.time()));
                default -> {}
            }
        }
    }

    Instant verdict(String approval) {
        return Objects.requireNonNull(verdicts.get(approval), approval);
    }

    Instant release(String approval) {
        return Objects.requireNonNull(releases.get(approval), approval).time();
    }

    /** When the statement went on to PostgreSQL. */
    Instant sent(String approval) {
        return course(approval).sent;
    }

    /** When PostgreSQL's answer was complete. */
    Instant answered(String approval) {
        return course(approval).answered;
    }

    private Course course(String approval) {
        StatementReleased released = (StatementReleased) Objects.requireNonNull(releases.get(approval), approval).data();
        return Objects.requireNonNull(courses.get(released.statementId()), approval);
    }
}
