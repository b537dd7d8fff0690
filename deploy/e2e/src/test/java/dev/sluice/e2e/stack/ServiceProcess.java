// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One more instance of a stack's service, in a process of its own: it can be killed. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);

    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** A gateway as the stack's own, under another name. Returns once clients can connect. */
    static ServiceProcess gateway(Path stack, String name) throws Exception {
        return gateway(stack, name, Map.of());
    }

    /** With {@code more} of its settings in the environment. */
    static ServiceProcess gateway(Path stack, String name, Map<String, String> more) throws Exception {
        return start(stack, name, "dev.sluice.gateway.Main", "gateway.yaml", "SLUICE", more);
    }

    /** A replica of the stack's approval-service. Returns once it answers. */
    static ServiceProcess approvals(Path stack, String name) throws Exception {
        return start(stack, name, "dev.sluice.approval.Main", "approval-service.yaml", "SLUICE_APPROVAL", Map.of());
    }

    private static ServiceProcess start(Path stack, String name, String main, String config, String prefix, Map<String, String> more) throws Exception {
        int port = FreePort.take();
        Path output = stack.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main,
                        "--config",
                        stack.resolve("config").resolve(config).toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of(prefix + "_INSTANCE", name, prefix + "_LISTEN_PORT", Integer.toString(port)));
        builder.environment().putAll(more);
        Process process = builder.start();
        try {
            Eventually.awaitTrue(name + " listens; its output is " + output, START, () -> {
                assertThat(process.isAlive()).as(Files.readString(output, StandardCharsets.UTF_8)).isTrue();
                return answers(port);
            });
            return new ServiceProcess(process, port);
        } catch (Exception | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** SIGKILL: it has no chance to say anything. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
