// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.signature.TrustedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What lies in a topic, read to its present end. */
public record Evidence(List<Entry> entries) {
    private static final EventCodec CODEC = new EventCodec();

    /**
     * One record.
     *
     * @param recorded when the producer took it
     */
    public record Entry(String session, Instant recorded, byte[] bytes, EventEnvelope<?> envelope) {}

    public static Evidence read(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var entries = new ArrayList<Entry>();
            long deadline = System.nanoTime() + Eventually.PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("the topic " + topic + " cannot be read to its end");
                }
                for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofMillis(200))) {
                    entries.add(entry(read));
                }
            }
            return new Evidence(List.copyOf(entries));
        }
    }

    private static Entry entry(ConsumerRecord<String, byte[]> read) {
        return switch (CODEC.decode(read.value())) {
            case Decoded.Known(var envelope) -> new Entry(read.key(), Instant.ofEpochMilli(read.timestamp()), read.value(), envelope);
            case Decoded.UnknownType(var id, var type, var subject) -> throw new AssertionError("a record of the unknown type " + type + ": " + id + subject);
            case Decoded.Malformed(var reason) -> throw new AssertionError("a malformed record: " + reason);
        };
    }

    /** The events of one kind. */
    public <E extends DomainEvent> Stream<E> events(Class<E> kind) {
        return entries.stream().map(entry -> entry.envelope().data()).filter(kind::isInstance).map(kind::cast);
    }

    /** Proves every session, with the gateway's public keys and those of the approval-service. */
    Report verify(TrustedKeys gateway, TrustedKeys approval) {
        var verifier = new EvidenceVerifier(PublicKeys.of(gateway, approval));
        entries.forEach(entry -> verifier.accept(entry.bytes()));
        return verifier.report();
    }
}
