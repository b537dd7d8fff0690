// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waiting, always with a deadline. */
final class Eventually {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Eventually() {}

    /** Looks again and again until there is something. */
    static <T> T await(String what, Callable<Optional<T>> look) throws Exception {
        return await(what, PATIENCE, look);
    }

    static <T> T await(String what, Duration patience, Callable<Optional<T>> look) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> found = look.call();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + patience.toSeconds() + " s in vain until " + what);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    static void awaitTrue(String what, Duration patience, Callable<Boolean> look) throws Exception {
        await(what, patience, () -> look.call() ? Optional.of(true) : Optional.empty());
    }

    /** The value of a future that must be there in time. */
    static <T> T value(String what, CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain until " + what, late);
        }
    }
}
