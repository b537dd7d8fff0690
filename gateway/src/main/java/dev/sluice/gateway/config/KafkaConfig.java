// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Kafka cluster that every statement is recorded in before it runs. */
public record KafkaConfig(
        @Setting(value = "Brokers to find the cluster by, `host:port` each.", defaultValue = "localhost:9092") List<String> bootstrapServers,
        @Setting(
                        value = "Copies of each topic that the gateway creates if it is missing. 1 loses evidence with one broker; 3 is usual in production.",
                        defaultValue = "1")
                int replicationFactor,
        @Setting(
                        value = "How long a record may wait for its acknowledgement. After it the statement is refused with SQLSTATE 58030.",
                        defaultValue = "4s")
                Duration recordingTimeout,
        @Setting(
                        value = "What a statement that only reads does while it is being recorded: `wait`, as every other statement does, or `overlap`: run,"
                                + " with its answer kept back. `overlap` is faster, but a gateway that is killed in between leaves a read that ran and is in no"
                                + " record.",
                        defaultValue = "wait")
                Reads reads,
        @Setting(
                        value = "How much of a statement's text and parameters one record carries. What is longer goes out in parts before it, all of it."
                                + " A record is larger than that by what JSON adds, so stay well below Kafka's `max.request.size`.",
                        defaultValue = "512KiB")
                DataSize recordedText,
        @Setting(
                        value = "How much of an answer one record of `sluice.results` carries, where the policy asks to keep it. So much may be with the client"
                                + " before Kafka has it.",
                        defaultValue = "256KiB")
                DataSize resultChunk,
        @Setting(value = "How recorded answers are compressed on their way and in Kafka.", defaultValue = "lz4") Compression resultCompression,
        @Setting("Further properties of the Kafka clients by Kafka's own names, such as `security.protocol`. Their values never print.")
                Map<String, Secret> properties) {
    /** Whether reads wait for their record before they are sent, or only before they are answered. */
    public enum Reads {
        WAIT,
        OVERLAP
    }

    /** Kafka's own. */
    public enum Compression {
        NONE,
        LZ4,
        ZSTD,
        SNAPPY,
        GZIP
    }

    public KafkaConfig {
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        Check.filled("bootstrapServers", bootstrapServers);
        Check.within("replicationFactor", 1, 15, replicationFactor);
        Check.within("recordedText", new DataSize(1 << 14), new DataSize(2 << 20), recordedText);
        Check.within("resultChunk", new DataSize(1 << 12), new DataSize(1 << 20), resultChunk);
        Check.within("recordingTimeout", Duration.ofMillis(100), Duration.ofMinutes(1), recordingTimeout);
        for (String server : bootstrapServers) {
            if (!server.matches(".+:\\d{1,5}")) {
                throw new InvalidSetting("bootstrapServers", "must be host:port each, but has '" + server + "'");
            }
        }
        for (String owned : List.of("acks", "enable.idempotence", "bootstrap.servers", "key.serializer", "value.serializer")) {
            if (properties.containsKey(owned)) {
                throw new InvalidSetting("properties", "must not have '" + owned + "': the evidence rests on the gateway's own setting of it");
            }
        }
    }
}
