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
        @Setting("Further properties of the Kafka clients by Kafka's own names, such as `security.protocol`. Their values never print.")
                Map<String, Secret> properties) {
    /** Whether reads wait for their record before they are sent, or only before they are answered. */
    public enum Reads {
        WAIT,
        OVERLAP
    }

    public KafkaConfig {
        bootstrapServers = List.copyOf(bootstrapServers);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        Check.filled("bootstrapServers", bootstrapServers);
        Check.within("replicationFactor", 1, 15, replicationFactor);
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
