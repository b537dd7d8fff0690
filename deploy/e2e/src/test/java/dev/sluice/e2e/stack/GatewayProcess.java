// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, in front of a whole server: it can be killed. */
final class GatewayProcess implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens on [^ ]+:(\\d+)");
    private static final Duration START = Duration.ofSeconds(90);

    private final Process process;
    private final Path output;
    private final int port;

    private GatewayProcess(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** What all gateways of one test have in common. */
    record Setting(Path folder, String bootstrapServers, int serverPort) {
        Path key() {
            return folder.resolve("gateway.jwk");
        }

        TrustedKeys publicKeys() throws IOException {
            return SigningKey.loadOrCreate(key()).publicKeys();
        }

        private Path write(String name) throws IOException {
            Path policy = Files.writeString(
                    folder.resolve("policy.yaml"), "version: 1\ndefaults: {read: allow, write: allow, session: allow, unknown: deny}\n");
            return Files.writeString(
                    folder.resolve(name + ".yaml"),
                    """
                    instance: %s
                    state: %s
                    listen: {host: 127.0.0.1, port: 0}
                    http: {host: 127.0.0.1, port: 0}
                    kafka: {bootstrapServers: ['%s']}
                    targets: [{name: '*', url: 'postgres://127.0.0.1:%d/?credential=passthrough&sslmode=disable'}]
                    policy: %s
                    signing: {key: %s}
                    """
                            .formatted(name, folder.resolve(name), bootstrapServers, serverPort, policy, key()));
        }
    }

    /** Returns once clients can connect. */
    static GatewayProcess start(Setting setting, String name) throws Exception {
        SigningKey.loadOrCreate(setting.key());
        Path output = setting.folder().resolve(name + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sluice.gateway.Main",
                        "--config",
                        setting.write(name).toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int port = Eventually.await("the gateway listens; its output is " + output, START, () -> {
                String said = Files.readString(output, StandardCharsets.UTF_8);
                assertThat(process.isAlive()).as(said).isTrue();
                Matcher listens = LISTENS.matcher(said);
                return listens.find() ? Optional.of(Integer.parseInt(listens.group(1))) : Optional.empty();
            });
            return new GatewayProcess(process, output, port);
        } catch (Exception | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    int port() {
        return port;
    }

    /** SIGKILL: it has no chance to say anything. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the gateway has ended").isTrue();
        return process.exitValue();
    }

    /** Lines of its log that say that a thread of Vert.x was blocked. */
    java.util.List<String> blockedThreads() throws IOException {
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream().filter(NoBlockedEventLoop::isWarning).toList();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
