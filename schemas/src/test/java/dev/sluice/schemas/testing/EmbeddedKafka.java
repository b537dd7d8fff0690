// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One real Kafka, broker and controller, in this JVM, on the loopback interface. Can be stopped and started again on the same port with
 * the same data. Needs some three seconds to start. Not safe for use by several threads at once.
 */
public final class EmbeddedKafka implements TestKafka {
    private static final int NODE_ID = 1;
    private static final String CLUSTER_ID_FILE = "cluster-id";

    private final Path state;
    private final boolean deleteOnClose;
    private final int port;
    private final int controllerPort;
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafka(Path state, boolean deleteOnClose, int port) throws IOException {
        this.state = state;
        this.deleteOnClose = deleteOnClose;
        this.port = port == 0 ? FreePort.take() : port;
        this.controllerPort = FreePort.take();
    }

    /** On a free port, with its data in a temporary folder that {@link #close} deletes. */
    public static EmbeddedKafka start() throws IOException {
        return started(new EmbeddedKafka(Files.createTempDirectory("sluice-kafka"), true, 0));
    }

    /**
     * With its data in this folder, which is made if missing and kept.
     *
     * @param port where clients connect; 0 for a free one
     */
    public static EmbeddedKafka start(Path state, int port) throws IOException {
        return started(new EmbeddedKafka(Files.createDirectories(state), false, port));
    }

    private static EmbeddedKafka started(EmbeddedKafka kafka) throws IOException {
        kafka.restart();
        return kafka;
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void stop() {
        KafkaRaftServer running = server;
        server = null;
        if (running != null) {
            running.shutdown();
            running.awaitShutdown();
        }
    }

    @Override
    public void restart() throws IOException {
        stop();
        Path data = state.resolve("data");
        Path clusterIdFile = state.resolve(CLUSTER_ID_FILE);
        if (!Files.exists(clusterIdFile)) {
            Files.writeString(clusterIdFile, Uuid.randomUuid().toString(), StandardCharsets.US_ASCII);
        }
        format(data, Files.readString(clusterIdFile, StandardCharsets.US_ASCII).strip());
        var starting = new KafkaRaftServer(new KafkaConfig(properties(data), false), Time.SYSTEM);
        starting.startup();
        server = starting;
    }

    /** Stops it, and deletes what lies in a temporary folder. */
    @Override
    public void close() throws IOException {
        stop();
        if (deleteOnClose) {
            try (Stream<Path> files = Files.walk(state)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void format(Path data, String clusterId) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(clusterId)
                    .setNodeId(NODE_ID)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the folder " + data + " cannot be formatted for Kafka", e);
        }
    }

    private Properties properties(Path data) {
        var properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", Integer.toString(NODE_ID));
        properties.setProperty("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty("log.dirs", data.toString());
        properties.setProperty("metadata.log.dir", data.toString());
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("offsets.topic.num.partitions", "1");
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("transaction.state.log.num.partitions", "1");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.num.partitions", "1");
        properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "2");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        properties.setProperty("log.segment.bytes", "134217728");
        return properties;
    }
}
