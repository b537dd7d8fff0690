// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTokensFileTest {
    @Test
    void followsTheFileAndKeepsWhatWasGood(@TempDir Path directory) throws Exception {
        Vertx vertx = Vertx.vertx();
        Path file = directory.resolve("agents.json");
        try (AgentTokensFile tokens = AgentTokensFile.open(vertx, file).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS)) {
            assertThat(tokens.get().isEmpty()).isTrue();
            assertThat(tokens.reloadIfChanged()).isFalse();
            var changes = new AtomicInteger();
            tokens.whenChanged(changes::incrementAndGet);

            AgentTokens.NONE.with(AgentTokens.create("robot", Set.of(), null, null, new SecureRandom()).stored()).write(file);
            assertThat(tokens.reloadIfChanged()).isTrue();
            assertThat(tokens.get().named("robot")).isPresent();

            Files.writeString(file, "{\"tokens\": [");
            assertThat(tokens.reloadIfChanged()).isFalse();
            assertThat(tokens.get().named("robot")).isPresent();
            assertThat(changes).hasValue(1);

            Files.delete(file);
            assertThat(tokens.reloadIfChanged()).isTrue();
            assertThat(tokens.get().isEmpty()).isTrue();
            assertThat(List.of(tokens.reloadIfChanged())).containsExactly(false);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
