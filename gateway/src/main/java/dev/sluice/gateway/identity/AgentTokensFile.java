// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent tokens of a file, looked at every few seconds. A file that turns bad leaves the tokens as they were: nobody is let in or locked
 * out by a half-written file. A file that is removed takes its tokens along.
 */
public final class AgentTokensFile implements Supplier<AgentTokens>, AutoCloseable {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Logger LOGGER = LoggerFactory.getLogger(AgentTokensFile.class);

    /** How we know a file again; without a time for one that is not there. */
    private record Stamp(@Nullable FileTime modified, long size) {}

    private record Loaded(AgentTokens tokens, Stamp stamp) {}

    private final Vertx vertx;
    private final Path file;
    private final long timer;
    private volatile Loaded loaded;
    private volatile Runnable listener = () -> {};

    private AgentTokensFile(Vertx vertx, Path file, Loaded loaded) {
        this.vertx = vertx;
        this.file = file;
        this.loaded = loaded;
        this.timer = vertx.setPeriodic(CHECK_INTERVAL.toMillis(), _ -> vertx.executeBlocking(this::reloadIfChanged));
    }

    /** Reads the file; fails if it is there and not what it should be. A file that is not there has no tokens yet. */
    public static Future<AgentTokensFile> open(Vertx vertx, Path file) {
        return vertx.executeBlocking(() -> new AgentTokensFile(vertx, file, read(file)));
    }

    /** The tokens as they are now. */
    @Override
    public AgentTokens get() {
        return loaded.tokens();
    }

    /** @param told whenever they have changed, on a thread that may block; one listener, the last one counts */
    public void whenChanged(Runnable told) {
        listener = told;
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    /** Looks at the file now, and tells of a change before it returns. Blocks. */
    public synchronized boolean reloadIfChanged() {
        try {
            if (stamp(file).equals(loaded.stamp())) {
                return false;
            }
            loaded = read(file);
            LOGGER.atInfo().addKeyValue("file", file).log("agent tokens reloaded");
            listener.run();
            return true;
        } catch (IOException e) {
            LOGGER.atWarn().addKeyValue("file", file).addKeyValue("reason", e.getMessage()).log("agent tokens not reloaded, the previous ones stay");
            return false;
        }
    }

    private static Loaded read(Path file) throws IOException {
        // The stamp first: a change while reading is then seen at the next look.
        Stamp stamp = stamp(file);
        return new Loaded(stamp.modified() == null ? AgentTokens.NONE : AgentTokens.read(file), stamp);
    }

    private static Stamp stamp(Path file) throws IOException {
        return Files.exists(file) ? new Stamp(Files.getLastModifiedTime(file), Files.size(file)) : new Stamp(null, 0);
    }
}
