// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice} as a process of its own, started as {@code deploy/sluice} starts it. */
final class SluiceCommandTest {
    private static final Path STARTER = Path.of("..", "policies", "starter.yaml");

    @TempDir
    private Path folder;

    private record Ended(int code, String out, String err) {}

    private Ended sluice(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
                "-cp", System.getProperty("java.class.path"), SluiceCommand.class.getName()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void explainsAStatement() throws Exception {
        Ended ended = sluice("policy", "explain", STARTER.toString(), "DROP TABLE orders", "--as", "ada:dev", "--target", "shop");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("decision     hold, by every-row-at-once");
    }

    @Test
    void endsWithTheCommandsExitCode() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "version: 2\n");
        Ended ended = sluice("policy", "check", wrong.toString());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith(wrong + ":1:10: version must be 1");
    }

    @Test
    void hasTheCommandsOfAllServices() {
        assertThat(SluiceCommand.commandLine().getSubcommands().keySet()).containsExactly("approvals", "audit", "verify", "policy");
        assertThat(SluiceCommand.commandLine().getUsageMessage()).contains("approvals", "audit", "verify", "policy");
    }
}
