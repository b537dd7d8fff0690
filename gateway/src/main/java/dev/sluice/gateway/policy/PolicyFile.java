// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.config.InvalidConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a file that may change. {@link #current} may be asked by any thread and never waits; {@link #poll} reads the file, so
 * it belongs on a worker thread, one call at a time. How often is the caller's to say. A policy is swapped whole; a file that
 * cannot be read or is wrong leaves the old one in force.
 */
public final class PolicyFile {
    /** More than any policy needs; a mistaken path to a large file must not fill the memory. */
    private static final int MAX_BYTES = 1 << 20;

    /** What a look at the file brought. */
    public sealed interface Change {
        /** The file says what it said before. */
        record None() implements Change {}

        /** Another policy is in force now. */
        record Swapped(Policy before, Policy now) implements Change {}

        /**
         * The file is wrong and the old policy stays. Reported once for each wrong content.
         *
         * @param problems one line each, with its place
         */
        record Refused(List<String> problems) implements Change {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    /** A policy with the text that it was read from. */
    public record InForce(Policy policy, String text) {}

    private static final Change NONE = new Change.None();

    private final Path file;
    private volatile InForce inForce;
    private @Nullable String refused;

    private PolicyFile(Path file, String text, Policy policy) {
        this.file = file;
        this.inForce = new InForce(policy, text);
    }

    /**
     * Reads the file for the first time.
     *
     * @throws InvalidConfiguration if it is missing or wrong: without a policy nothing may start
     */
    public static PolicyFile open(Path file) {
        try {
            String text = readText(file);
            return new PolicyFile(file, text, PolicyReader.read(file.toString(), text));
        } catch (IOException unreadable) {
            throw new InvalidConfiguration(List.of(describe(file, unreadable)));
        }
    }

    /** The policy in force. */
    public Policy current() {
        return inForce.policy();
    }

    /** The policy in force, and what its file said. */
    public InForce inForce() {
        return inForce;
    }

    /** Where it is read. */
    public Path path() {
        return file;
    }

    /** Looks at the file again and swaps the policy if it says something else and that is right. */
    public Change poll() {
        String found;
        try {
            found = readText(file);
        } catch (IOException unreadable) {
            return refuse("\0" + unreadable, List.of(describe(file, unreadable)));
        }
        if (found.equals(inForce.text())) {
            refused = null;
            return NONE;
        }
        try {
            Policy before = current();
            Policy now = PolicyReader.read(file.toString(), found);
            inForce = new InForce(now, found);
            refused = null;
            return new Change.Swapped(before, now);
        } catch (InvalidConfiguration invalid) {
            return refuse(found, invalid.problems());
        }
    }

    private Change refuse(String content, List<String> problems) {
        if (content.equals(refused)) {
            return NONE;
        }
        refused = content;
        return new Change.Refused(problems);
    }

    private static String readText(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static String describe(Path file, IOException unreadable) {
        return unreadable instanceof NoSuchFileException
                ? file + ": there is no such file"
                : file + ": the policy cannot be read: " + unreadable.getMessage();
    }
}
