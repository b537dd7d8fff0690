// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own, with its output in a file. Closing ends it. */
final class Child implements AutoCloseable {
    private static final Duration STARTS = Duration.ofSeconds(90);
    private static final Duration STOPS = Duration.ofSeconds(20);

    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts the command and waits until it listens on {@code port} of 127.0.0.1. */
    static Child start(String name, List<String> command, Path folder, int port) {
        Path log = folder.resolve(name + ".log");
        try {
            Child child = new Child(name, new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
            Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroy));
            child.awaitPort(port);
            return child;
        } catch (IOException failed) {
            throw new IllegalStateException(name + " cannot be started: " + failed.getMessage(), failed);
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPort(int port) throws IOException {
        long deadline = System.nanoTime() + STARTS.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IllegalStateException(name + " has ended at once:\n" + Files.readString(log));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return;
            } catch (IOException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
        close();
        throw new IllegalStateException(name + " does not listen on port " + port + " after " + STARTS.toSeconds() + " s; its output: " + log);
    }
}
