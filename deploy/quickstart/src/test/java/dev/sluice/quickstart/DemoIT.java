// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    @Test
    void theStoryCanBePlayedTwiceAndAgainAfterARestart(@TempDir Path folder) {
        StackOptions options = StackOptions.forTests(folder.resolve("state"));
        Path credentials = folder.resolve("credentials.json");
        try (Stack stack = Stack.start(options)) {
            stack.credentials().write(credentials);
            assertThat(play(credentials)).contains("checks passed");
            assertThat(play(credentials)).contains("checks passed");
        }
        try (Stack stack = Stack.start(options)) {
            stack.credentials().write(credentials);
            assertThat(play(credentials)).contains("checks passed");
        }
        assertThat(folder.resolve("state/config/gateway.yaml")).isRegularFile();
        assertThat(Files.exists(folder.resolve("state/postgresql/data/postmaster.pid"))).isFalse();
    }

    private static String play(Path credentials) {
        StringWriter shown = new StringWriter();
        PrintWriter out = new PrintWriter(shown);
        int status = Demo.commandLine().setOut(out).setErr(out).execute("--credentials", credentials.toString());
        assertThat(status).as(shown.toString()).isZero();
        return shown.toString();
    }
}
