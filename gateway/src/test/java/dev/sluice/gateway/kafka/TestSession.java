// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A session with an event loop of its own that remembers what it was told. */
final class TestSession implements SessionLogListener, AutoCloseable {
    final ExecutorService loop = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("loop-", 0).factory());
    final List<Long> acknowledgements = new CopyOnWriteArrayList<>();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    final String id;
    final SessionLog log;
    private final ConcurrentSkipListMap<Long, CompletableFuture<Long>> awaited = new ConcurrentSkipListMap<>();

    TestSession(Recorder recorder, String id) {
        this.id = id;
        this.log = recorder.open(id, "/sluice/gateway/test", loop, this);
    }

    @Override
    public void acknowledged(long throughSequence) {
        acknowledgements.add(throughSequence);
        var done = awaited.headMap(throughSequence, true);
        done.values().forEach(future -> future.complete(throughSequence));
        done.clear();
    }

    @Override
    public void failed(Throwable cause) {
        failure.complete(cause);
    }

    /** Appends on the loop. */
    long append(long number) throws Exception {
        return loop.submit(() -> log.append(Events.decided(number))).get(20, TimeUnit.SECONDS);
    }

    /** Appends on the loop; completes there when Kafka has acknowledged it. */
    CompletableFuture<Long> appendAndAwait(long number) {
        var future = new CompletableFuture<Long>();
        loop.execute(() -> {
            try {
                long sequence = log.append(Events.decided(number));
                awaited.put(sequence, future);
                if (log.acknowledgedThrough() >= sequence) {
                    acknowledged(log.acknowledgedThrough());
                }
            } catch (RuntimeException e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    long end() throws Exception {
        return loop.submit(() -> log.close("client ended", 1, 1)).get(20, TimeUnit.SECONDS).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }
}
