// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the fate of a session's records from the producer's thread to the session's executor: many acknowledgements, one call. */
final class Acknowledgements {
    private static final Logger LOGGER = LoggerFactory.getLogger(Acknowledgements.class);

    private final Executor executor;
    private final SessionLogListener listener;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();
    /** Acknowledged before an earlier one, as may happen when a producer had to be replaced. Producer's thread only. */
    private final TreeSet<Long> early = new TreeSet<>();

    private volatile long through = -1;
    private volatile @Nullable Awaited awaited;

    /** Session's executor only. */
    private long told = -1;

    private record Awaited(long sequence, Runnable then) {}

    Acknowledgements(Executor executor, SessionLogListener listener) {
        this.executor = executor;
        this.listener = listener;
    }

    long through() {
        return through;
    }

    boolean hasFailed() {
        return failed.get();
    }

    /** Runs once, on the producer's thread, when this sequence is safe. Named before that sequence is published. */
    void whenThrough(long sequence, Runnable then) {
        awaited = new Awaited(sequence, then);
    }

    void acknowledged(long sequence) {
        if (sequence != through + 1) {
            early.add(sequence);
            return;
        }
        long now = sequence;
        while (!early.isEmpty() && early.first() == now + 1) {
            now = early.pollFirst();
        }
        through = now;
        if (scheduled.compareAndSet(false, true)) {
            onSession(this::tell);
        }
        Awaited end = awaited;
        if (end != null && now >= end.sequence()) {
            end.then().run();
        }
    }

    void failed(Throwable cause) {
        if (failed.compareAndSet(false, true)) {
            onSession(() -> listener.failed(cause));
        }
    }

    /** A session whose executor is gone has nobody left to tell. */
    void onSession(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().addKeyValue("cause", e.toString()).log("the session's executor is gone");
        }
    }

    private void tell() {
        scheduled.set(false);
        long now = through;
        if (now > told && !failed.get()) {
            told = now;
            listener.acknowledged(now);
        }
    }
}
