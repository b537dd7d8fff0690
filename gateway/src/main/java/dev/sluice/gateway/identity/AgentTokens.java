// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gateway.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The agent tokens that a gateway knows: an immutable set, read from a JSON file and swapped whole when the file changes.
 * The file holds verifiers and hashes only: {@code {"tokens": [{"name", "sha256", "scram", "groups", "onBehalfOf", "expires", "revoked"}]}}.
 */
public final class AgentTokens {
    /** As PostgreSQL's scram_iterations. A token of 256 random bits needs no more: there is no dictionary of them. */
    static final int ITERATIONS = 4096;
    static final int SALT_BYTES = 16;
    public static final AgentTokens NONE = new AgentTokens(List.of());

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** A token just made: the only time that its text is known. */
    public record Created(AgentToken stored, Secret text) {}

    private record File(List<Entry> tokens) {}

    private record Entry(
            String name,
            String sha256,
            String scram,
            @Nullable Set<String> groups,
            @Nullable String onBehalfOf,
            @Nullable String expires,
            @Nullable Boolean revoked) {}

    private final Map<String, AgentToken> byName;
    private final Map<String, AgentToken> bySha256;

    public AgentTokens(Collection<AgentToken> tokens) {
        byName = tokens.stream().collect(Collectors.toUnmodifiableMap(AgentToken::name, Function.identity()));
        bySha256 = tokens.stream().collect(Collectors.toUnmodifiableMap(AgentToken::sha256, Function.identity()));
    }

    /** Makes a token for one agent. Blocks for some milliseconds: not for the event loop. */
    public static Created create(
            String name, Set<String> groups, @Nullable String onBehalfOf, @Nullable Instant expires, SecureRandom random) {
        Secret text = AgentTokenText.generate(random);
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        ScramVerifier verifier = ScramVerifier.of(text, salt, ITERATIONS);
        return new Created(
                new AgentToken(name, AgentTokenText.sha256(text.reveal()), verifier, groups, onBehalfOf, expires, false), text);
    }

    /**
     * Reads the file. Blocks.
     *
     * @throws IOException if it can't be read or is not what it should be; the message names the file and the entry, never a verifier
     */
    public static AgentTokens read(Path file) throws IOException {
        File content;
        try {
            content = JSON.readValue(Files.readAllBytes(file), File.class);
        } catch (JacksonException e) {
            throw new IOException(file + " is not a file of agent tokens: " + e.getOriginalMessage().lines().findFirst().orElse("") + " at line "
                    + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()), e);
        }
        if (content == null || content.tokens() == null) {
            throw new IOException(file + " is not a file of agent tokens: \"tokens\" is missing");
        }
        List<AgentToken> tokens = new ArrayList<>();
        for (Entry entry : content.tokens()) {
            tokens.add(stored(file, entry));
        }
        try {
            return new AgentTokens(tokens);
        } catch (IllegalStateException duplicate) {
            throw new IOException(file + " has two agent tokens of one name or one hash", duplicate);
        }
    }

    /** Writes the file whole, readable by its owner only. Blocks. */
    public void write(Path file) throws IOException {
        List<Entry> entries = byName.values().stream()
                .sorted((left, right) -> left.name().compareTo(right.name()))
                .map(token -> new Entry(token.name(), token.sha256(), token.verifier().format(), token.groups(), token.onBehalfOf(),
                        token.expires() == null ? null : token.expires().toString(), token.revoked()))
                .toList();
        Path directory = file.toAbsolutePath().getParent();
        Path draft = Files.createTempFile(directory, file.getFileName().toString(), ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new File(entries)));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same tokens with one more; it replaces one of the same name. */
    public AgentTokens with(AgentToken token) {
        List<AgentToken> tokens = new ArrayList<>(byName.values());
        tokens.removeIf(other -> other.name().equals(token.name()));
        tokens.add(token);
        return new AgentTokens(tokens);
    }

    public Optional<AgentToken> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Looks a token up by its hash, so that the time it takes says nothing about the tokens we know. */
    public Optional<AgentToken> holding(String text) {
        return AgentTokenText.isWellFormed(text) ? Optional.ofNullable(bySha256.get(AgentTokenText.sha256(text))) : Optional.empty();
    }

    /**
     * Why {@code proven}, with which somebody has proven who it is before, gives it no standing any more: taken back, gone, replaced, with less
     * time, or for another principal. Null if it does. That its time has come to an end is not asked about.
     */
    public @Nullable String withdrawal(AgentToken proven) {
        AgentToken now = byName.get(proven.name());
        if (now == null) {
            return "agent token \"" + proven.name() + "\" has been removed";
        }
        if (now.revoked()) {
            return "agent token \"" + proven.name() + "\" has been revoked";
        }
        if (!now.sha256().equals(proven.sha256())) {
            return "agent token \"" + proven.name() + "\" has been replaced by another";
        }
        if (!now.principal().equals(proven.principal())) {
            return "agent token \"" + proven.name() + "\" has got other groups, or is for somebody else";
        }
        Instant ends = now.expires();
        boolean sooner = ends != null && (proven.expires() == null || ends.isBefore(proven.expires()));
        return sooner ? "agent token \"" + proven.name() + "\" ends sooner, at " + ends : null;
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    private static AgentToken stored(Path file, Entry entry) throws IOException {
        try {
            if (entry.name() == null || entry.sha256() == null || entry.scram() == null) {
                throw new IllegalArgumentException("name, sha256 and scram are required");
            }
            return new AgentToken(entry.name(), entry.sha256(), ScramVerifier.parse(entry.scram()),
                    entry.groups() == null ? Set.of() : entry.groups(), entry.onBehalfOf(),
                    entry.expires() == null ? null : Instant.parse(entry.expires()), Boolean.TRUE.equals(entry.revoked()));
        } catch (RuntimeException e) {
            throw new IOException(file + ", agent token \"" + entry.name() + "\": " + e.getMessage(), e);
        }
    }
}
