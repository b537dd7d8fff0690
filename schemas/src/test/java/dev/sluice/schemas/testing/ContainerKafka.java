// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** Kafka in a container. Its port on this machine is chosen beforehand, so that it is the same after a restart. */
final class ContainerKafka implements TestKafka {
    private static final String IMAGE = "apache/kafka:4.1.1";
    private static final int PORT = 9092;
    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;
    /** The shell that is the container's first process does not pass signals on to the broker. */
    private static final String TERMINATE_BROKER = "for process in /proc/[0-9]*; do grep -q kafka.Kafka $process/cmdline && kill -TERM ${process#/proc/}; done; true";

    private final KafkaContainer container;
    private boolean running = true;

    private ContainerKafka(KafkaContainer container) {
        this.container = container;
    }

    static ContainerKafka start() throws IOException {
        PortBinding binding = new PortBinding(Ports.Binding.bindPort(FreePort.take()), new ExposedPort(PORT));
        KafkaContainer container = new KafkaContainer(IMAGE)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withCreateContainerCmdModifier(command -> Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig).withPortBindings(binding));
        container.start();
        return new ContainerKafka(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            try {
                container.execInContainer("sh", "-c", TERMINATE_BROKER);
                DockerClientFactory.lazyClient().waitContainerCmd(container.getContainerId()).start().awaitStatusCode(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Kafka was stopping", ended);
            } catch (IOException failed) {
                throw new UncheckedIOException("Kafka cannot be stopped", failed);
            }
        }
    }

    @Override
    public void restart() throws IOException {
        stop();
        DockerClientFactory.lazyClient().startContainerCmd(container.getContainerId()).exec();
        running = true;
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + STARTUP.toNanos();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            while (true) {
                try {
                    admin.describeCluster().nodes().get(5, TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException | TimeoutException notYet) {
                    if (System.nanoTime() > deadline) {
                        throw new IOException("Kafka does not answer at " + bootstrapServers() + " within " + STARTUP, notYet);
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while Kafka was starting", ended);
                }
            }
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
