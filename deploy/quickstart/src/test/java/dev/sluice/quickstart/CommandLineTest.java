// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @Test
    void readsATargetWithItsLogin() {
        Target target = Target.parse("app=postgres://us%40er:p%2Bw+d@db.example:5433/app?sslmode=disable");

        assertThat(target.name()).isEqualTo("app");
        assertThat(target.host()).isEqualTo("db.example");
        assertThat(target.port()).isEqualTo(5433);
        assertThat(target.database()).isEqualTo("app");
        assertThat(target.user()).isEqualTo("us@er");
        assertThat(target.password()).isEqualTo("p+w+d");
        assertThat(target.toString()).doesNotContain("p+w+d");
    }

    @Test
    void readsAWholeServerBehindAStar() {
        Target target = Target.parse("*=postgres://127.0.0.1:5432/?credential=passthrough");

        assertThat(target.passthrough()).isTrue();
        assertThat(target.database()).isNull();
        assertThat(target.user()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres://h/d                          | not understood",
                "a=mysql://u:secret@h/d                  | not understood",
                "a=postgres://h/d                        | names no user",
                "a=postgres://u:secret@h/                | names no database",
                "*=postgres://h/d?credential=passthrough | must not name a database",
                "a=postgres://u@h/d?credential=passthrough | must not have a user",
                "a=postgres:///d                         | names no host",
            })
    void saysWhatIsWrongWithATargetWithoutItsPassword(String text, String reason) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(StartFailure.class).hasMessageContaining(reason).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:6432, 127.0.0.1, 6432", "[::1]:0, ::1, 0", "8080, 127.0.0.1, 8080", "db.example:1, db.example, 1"})
    void readsAddresses(String text, String host, int port) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
    }

    @ParameterizedTest
    @CsvSource({"localhost:http", "localhost:70000", "''", ":"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesATakenPortAndTheFlagThatMovesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> Ports.requireFree(address, "PostgreSQL clients", "--listen"))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageContaining("--listen");
        }
    }

    @Test
    void namesATargetThatDoesNotAnswer() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Target target = Target.parse("*=postgres://127.0.0.1:" + closed + "/?credential=passthrough");

        assertThatThrownBy(target::reach).isInstanceOf(StartFailure.class).hasMessageContaining("127.0.0.1:" + closed).hasMessageContaining("cannot be reached");
    }

    @Test
    void oneStateFolderServesOneAtATimeAndAnEphemeralOneIsGoneAfterwards(@TempDir Path folder) {
        Path own = folder.resolve("state");
        try (StateFolder first = StateFolder.open(own, true)) {
            assertThat(first.secret("agent")).isEqualTo(first.secret("agent")).isNotEqualTo(first.secret("other"));
            assertThatThrownBy(() -> StateFolder.open(own, false)).isInstanceOf(StartFailure.class).hasMessageContaining("in use");
        }
        assertThat(Files.exists(own)).isFalse();
    }
}
