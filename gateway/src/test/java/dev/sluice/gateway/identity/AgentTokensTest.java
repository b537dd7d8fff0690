// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schemas.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
    private final SecureRandom random = new SecureRandom();

    @Test
    void aNewTokenIsWellFormedAndRecognised() {
        AgentTokens.Created created = AgentTokens.create("robot", Set.of("agents"), "alice", null, random);
        String text = created.text().reveal();
        AgentTokens tokens = new AgentTokens(List.of(created.stored()));

        assertThat(text).startsWith("sluice_agent_").hasSize(13 + 43 + 6).matches("[A-Za-z0-9_]+");
        assertThat(AgentTokenText.isWellFormed(text)).isTrue();
        assertThat(tokens.holding(text)).contains(created.stored());
        assertThat(tokens.named("robot")).contains(created.stored());
        assertThat(created.stored().principal())
                .isEqualTo(new Principal("robot", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of("agents"), "alice"));
        assertThat(created.stored().refusal(NOW)).isNull();
    }

    @Test
    void twoTokensDiffer() {
        assertThat(AgentTokenText.generate(random)).isNotEqualTo(AgentTokenText.generate(random));
    }

    @Test
    void noCharacterMayChange() {
        String text = AgentTokenText.generate(random).reveal();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(AgentTokenText.isWellFormed(text.substring(0, i) + other + text.substring(i + 1))).as("character %d", i).isFalse();
        }
        assertThat(AgentTokenText.isWellFormed(text + "0")).isFalse();
        assertThat(AgentTokenText.isWellFormed("")).isFalse();
    }

    @Test
    void expiresAtItsInstantAndNotBefore() {
        AgentToken token = AgentTokens.create("robot", Set.of(), null, NOW, random).stored();

        assertThat(token.refusal(NOW.minusNanos(1))).isNull();
        assertThat(token.refusal(NOW)).isEqualTo("agent token \"robot\" expired at 2026-11-23T05:00:00Z");
    }

    @Test
    void whatWasProvenStandsAsLongAsTheTokenIsWhatItWas() {
        AgentToken proven = AgentTokens.create("robot", Set.of("agents"), "alice", NOW, random).stored();
        AgentTokens tokens = new AgentTokens(List.of(proven));

        assertThat(tokens.withdrawal(proven)).isNull();
        assertThat(tokens.with(like(proven, Set.of("agents"), null, false)).withdrawal(proven)).as("more time").isNull();
        assertThat(AgentTokens.NONE.withdrawal(proven)).isEqualTo("agent token \"robot\" has been removed");
        assertThat(tokens.with(like(proven, Set.of("agents"), NOW, true)).withdrawal(proven)).isEqualTo("agent token \"robot\" has been revoked");
        assertThat(tokens.with(like(proven, Set.of(), NOW, false)).withdrawal(proven)).contains("has got other groups");
        assertThat(tokens.with(like(proven, Set.of("agents"), NOW.minusSeconds(1), false)).withdrawal(proven)).contains("ends sooner, at 2026-11-23T04:59:59Z");
        assertThat(tokens.with(AgentTokens.create("robot", Set.of("agents"), "alice", NOW, random).stored()).withdrawal(proven)).contains("replaced by another");
    }

    private static AgentToken like(AgentToken token, Set<String> groups, @Nullable Instant expires, boolean revoked) {
        return new AgentToken(token.name(), token.sha256(), token.verifier(), groups, token.onBehalfOf(), expires, revoked);
    }

    @Test
    void theFileHoldsNothingThatLogsIn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("agents.json");
        AgentTokens.Created created = AgentTokens.create("robot", Set.of("agents"), "alice", NOW, random);

        new AgentTokens(List.of(created.stored())).write(file);

        assertThat(Files.readString(file)).doesNotContain(created.text().reveal()).contains("SCRAM-SHA-256$4096:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        AgentToken read = AgentTokens.read(file).named("robot").orElseThrow();
        assertThat(read.sha256()).isEqualTo(created.stored().sha256());
        assertThat(read.expires()).isEqualTo(NOW);
        assertThat(read.onBehalfOf()).isEqualTo("alice");
        assertThat(read.verifier().format()).isEqualTo(created.stored().verifier().format());
        assertThat(read.toString()).doesNotContain(read.verifier().format());
    }

    @Test
    void aRevokedTokenStaysKnownAndIsRefused(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("agents.json");
        AgentToken token = AgentTokens.create("robot", Set.of(), null, null, random).stored();
        AgentToken revoked = new AgentToken(token.name(), token.sha256(), token.verifier(), token.groups(), null, null, true);

        new AgentTokens(List.of(token)).with(revoked).write(file);

        assertThat(AgentTokens.read(file).named("robot").orElseThrow().refusal(NOW)).isEqualTo("agent token \"robot\" has been revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[]", "{}", "{\"tokens\": [{}]}", "{\"tokens\": [{\"name\": \"x\"}]}", "{\"tokens\": [], \"more\": 1}",
        "{\"tokens\": [{\"name\": \"x\", \"sha256\": \"00\", \"scram\": \"SCRAM-SHA-256$4096:AAAA$x:y\"}]}",
        "{\"tokens\": [{\"name\": \"x\", \"sha256\": \"00\", \"scram\": \"s\", \"expires\": \"tomorrow\"}]}"
    })
    void namesTheFileThatIsWrong(String content, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("agents.json"), content);

        assertThatThrownBy(() -> AgentTokens.read(file)).isInstanceOf(IOException.class).hasMessageContaining("agents.json");
    }

    @Test
    void refusesTwoTokensOfOneName(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("agents.json");
        new AgentTokens(List.of(AgentTokens.create("robot", Set.of(), null, null, random).stored())).write(file);
        String one = Files.readString(file);
        String entry = one.substring(one.indexOf("[ {") + 2, one.lastIndexOf(']'));
        Files.writeString(file, one.replace(entry, entry + ", " + entry));

        assertThatThrownBy(() -> AgentTokens.read(file)).isInstanceOf(IOException.class).hasMessageContaining("two agent tokens");
    }
}
