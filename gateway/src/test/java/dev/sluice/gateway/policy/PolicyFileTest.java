// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.InvalidConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFileTest {
    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void writeAPolicy() throws Exception {
        path = Files.writeString(directory.resolve("policy.yaml"), "version: 1\nmode: observe\n");
    }

    @Test
    void swapsThePolicyWhenTheFileSaysSomethingElse() throws Exception {
        PolicyFile file = PolicyFile.open(path);
        Policy before = file.current();
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.None.class);

        Files.writeString(path, "version: 1\nmode: enforce\n");

        assertThat(file.poll()).isEqualTo(new PolicyFile.Change.Swapped(before, file.current()));
        assertThat(file.current().mode()).isEqualTo(Mode.ENFORCE);
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.None.class);
    }

    @Test
    void keepsTheOldPolicyAndReportsAWrongFileOnce() throws Exception {
        PolicyFile file = PolicyFile.open(path);
        Policy before = file.current();

        Files.writeString(path, "version: 1\nmode: perhaps\n");

        assertThat(file.poll()).isInstanceOfSatisfying(PolicyFile.Change.Refused.class, refused ->
                assertThat(refused.problems()).containsExactly(path + ":2:7: mode must not be 'perhaps'; known are enforce, observe"));
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.None.class);
        assertThat(file.current()).isSameAs(before);

        Files.writeString(path, "version: 1\nmode: observe\n");
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.None.class);
        Files.writeString(path, "version: 1\nmode: perhaps\n");
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.Refused.class);
    }

    @Test
    void keepsTheOldPolicyWhileTheFileIsMissingOrNoText() throws Exception {
        PolicyFile file = PolicyFile.open(path);
        Policy before = file.current();

        Files.delete(path);
        assertThat(file.poll()).isInstanceOfSatisfying(PolicyFile.Change.Refused.class, refused ->
                assertThat(refused.problems()).containsExactly(path + ": there is no such file"));

        Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.Refused.class);
        Files.write(path, "x".repeat(2 << 20).getBytes(StandardCharsets.UTF_8));
        assertThat(file.poll()).isInstanceOf(PolicyFile.Change.Refused.class);
        assertThat(file.current()).isSameAs(before);
    }

    @Test
    void nothingStartsWithoutAPolicy() throws Exception {
        assertThatThrownBy(() -> PolicyFile.open(directory.resolve("none.yaml"))).isInstanceOf(InvalidConfiguration.class).hasMessageContaining("there is no such file");
        Files.writeString(path, "version: 3\n");
        assertThatThrownBy(() -> PolicyFile.open(path)).isInstanceOf(InvalidConfiguration.class).hasMessageContaining(":1:10: version must be 1");
    }
}
