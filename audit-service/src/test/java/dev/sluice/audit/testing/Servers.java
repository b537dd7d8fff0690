// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.testing;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.testing.TestKafka;
import dev.sluice.schemas.testing.TestPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A real Kafka and a real PostgreSQL for the tests of one class. */
public final class Servers implements AutoCloseable {
    private final @Nullable TestKafka kafka;
    private final TestPostgres postgres;
    private final @Nullable KafkaProducer<String, byte[]> producer;

    private Servers(@Nullable TestKafka kafka, TestPostgres postgres) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.producer = kafka == null ? null : producer(kafka);
    }

    private static KafkaProducer<String, byte[]> producer(TestKafka kafka) {
        var settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("acks", "all");
        settings.put("linger.ms", "5");
        settings.put("batch.size", "262144");
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    public static Servers start() {
        try {
            TestKafka kafka = TestKafka.start();
            TopicCreator.createMissing(
                    KafkaSettings.of(kafka.bootstrapServers()), List.of(Topics.SESSIONS, Topics.APPROVALS, Topics.VERDICTS, Topics.AUDIT, Topics.RESULTS), 1, Duration.ofSeconds(30));
            return new Servers(kafka, TestPostgres.start());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Only PostgreSQL. */
    public static Servers databaseOnly() {
        try {
            return new Servers(null, TestPostgres.start());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestKafka kafka() {
        return Objects.requireNonNull(kafka);
    }

    public AuditConfig.Kafka kafkaConfig(String group, int batchRecords) {
        return kafkaConfig(group, batchRecords, null);
    }

    public AuditConfig.Kafka kafkaConfig(String group, int batchRecords, @Nullable Long readyLag) {
        return new AuditConfig.Kafka(kafka().bootstrapServers(), group, batchRecords, 1, readyLag, Map.of());
    }

    /** Makes the broker forget what every partition of the topic has so far. */
    public void forget(String topic) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka().bootstrapServers()))) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().forEach(
                    partition -> all.put(new TopicPartition(topic, partition.partition()), RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(all).all().get();
        }
    }

    public AuditConfig.Database databaseConfig(String schema) {
        return new AuditConfig.Database("127.0.0.1", postgres.port(), "postgres", "postgres", null, null, null, schema, 4);
    }

    public void send(String topic, String key, byte[] value) {
        Objects.requireNonNull(producer).send(new ProducerRecord<>(topic, key, value));
    }

    public void send(Chain chain) {
        chain.results().forEach(record -> send(Topics.RESULTS.name(), chain.sessionId(), record));
        chain.records().forEach(record -> send(Topics.SESSIONS.name(), chain.sessionId(), record));
    }

    public void flush() {
        Objects.requireNonNull(producer).flush();
    }

    /** The rows of a query, one string each. */
    public List<String> rows(String sql) {
        return rows("SELECT", sql);
    }

    /** As {@link #rows(String)}, after another statement in the same session. */
    public List<String> rows(String before, String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(before);
            try (ResultSet result = statement.executeQuery(sql)) {
                List<String> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(result.getString(1));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public int execute(String sql) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public long count(String sql) {
        return Long.parseLong(rows(sql).getFirst());
    }

    /** Waits until it holds, at most this long. */
    public static void await(String what, Duration atMost, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(atMost);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + atMost + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() throws IOException {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
        postgres.close();
        if (kafka != null) {
            kafka.close();
        }
    }
}
