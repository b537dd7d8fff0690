// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.SessionEvent.ImpactAssessed;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A recorder that acknowledges at once and keeps everything in memory. */
final class RememberedSessions implements Recorder {
    final List<DomainEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean refusesQuestions;
    private final BlockingQueue<Impact> impacts = new LinkedBlockingQueue<>();

    Impact next() throws InterruptedException {
        Impact impact = impacts.poll(30, TimeUnit.SECONDS);
        if (impact == null) {
            throw new AssertionError("nothing was found out; recorded: " + events);
        }
        return impact;
    }

    /** From now on nothing may be asked of a database. */
    void refuseQuestions() {
        refusesQuestions = true;
    }

    @Override
    public SessionLog open(String sessionId, String source, Executor executor, SessionLogListener listener) {
        return new SessionLog() {
            private long sequence = -1;

            @Override
            public long append(DomainEvent event, @Nullable String causationId) {
                if (refusesQuestions && event instanceof StatementDecided) {
                    throw new IllegalStateException("too long for a record");
                }
                events.add(event);
                if (event instanceof ImpactAssessed assessed) {
                    impacts.add(assessed.impact());
                }
                long appended = ++sequence;
                executor.execute(() -> listener.acknowledged(appended));
                return appended;
            }

            @Override
            public void keep(ResultRecorded result, Runnable acknowledged) {
                throw new AssertionError("what the gateway asks itself is never kept");
            }

            @Override
            public long acknowledgedThrough() {
                return sequence - 1;
            }

            @Override
            public void checkpoint() {}

            @Override
            public CompletionStage<Long> close(String reason, long statements, long durationMicros) {
                return CompletableFuture.completedStage(sequence);
            }
        };
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public String condition() {
        return "";
    }
}
