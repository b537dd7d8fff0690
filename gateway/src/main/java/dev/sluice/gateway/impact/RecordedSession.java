// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.kafka.RecordRefused;
import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.StatementDigest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The record of what the gateway itself asks a database: a session like any other, with its chain, whose principal is the gateway. Its methods
 * block until Kafka has the record, so they are for a thread that may; the log is touched on its own context only.
 */
final class RecordedSession {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Kafka does not take the record, so nothing may be asked. */
    static final class NotRecorded extends Exception {
        private static final long serialVersionUID = 1L;

        NotRecorded(String message) {
            super(message);
        }
    }

    /** Who waits for which sequence. Touched on the context only. */
    private static final class Acknowledged implements SessionLogListener {
        private final TreeMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
        private @Nullable Throwable failure;

        @Override
        public void acknowledged(long throughSequence) {
            var safe = waiting.headMap(throughSequence, true);
            safe.values().forEach(each -> each.complete(null));
            safe.clear();
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
            waiting.values().forEach(each -> each.completeExceptionally(cause));
            waiting.clear();
        }

        private CompletableFuture<Void> through(long sequence, long already) {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            return already >= sequence ? CompletableFuture.completedFuture(null) : waiting.computeIfAbsent(sequence, key -> new CompletableFuture<>());
        }
    }

    private final Context context;
    private final String id = UUID.randomUUID().toString();
    private final long started = System.nanoTime();
    private final StatementHeld held;
    private final String policyVersion;
    private final Acknowledged acknowledged = new Acknowledged();
    private final SessionLog log;
    private long statements;
    /** Touched on the context only. */
    private boolean begun;

    private RecordedSession(Context context, Recorder recorder, String source, StatementHeld held, String policyVersion) throws NotRecorded {
        this.context = context;
        this.held = held;
        this.policyVersion = policyVersion;
        this.log = onContext(() -> recorder.open(id, source, task -> context.runOnContext(ignored -> task.run()), acknowledged));
    }

    static RecordedSession open(Vertx vertx, Recorder recorder, String source, StatementHeld held, String policyVersion) throws NotRecorded {
        if (!recorder.healthy()) {
            throw new NotRecorded(recorder.condition());
        }
        var session = new RecordedSession(vertx.getOrCreateContext(), recorder, source, held, policyVersion);
        String role = held.role();
        try {
            session.record(new SessionOpened(
                    new Principal("sluice-gateway", "sluice:gateway", Principal.Method.DATABASE, Set.of(), null),
                    held.target(), held.database(), role == null ? "" : role, "sluice impact of " + held.approvalId(), source, false, "3.0", null, policyVersion, "enforce"));
            return session;
        } catch (NotRecorded failed) {
            session.close();
            throw failed;
        }
    }

    String id() {
        return id;
    }

    /** To be called before it is sent. Its id. */
    String asks(String sql, String kind) throws NotRecorded {
        String statement = id + "-" + ++statements;
        List<RelationAccess> relations = held.facts().relations().stream()
                .map(relation -> new RelationAccess(relation.schema(), relation.name(), "read"))
                .distinct()
                .toList();
        record(new StatementDecided(
                statement, Protocol.EXECUTE, sql, StatementDigest.ofText(sql), List.of(), new Facts(List.of(kind), List.of("read"), relations, List.of(), true, true),
                Outcome.ALLOW, "impact-of-a-held-statement", "asked by the gateway, to show approvers what a held statement would do", true, List.of(), policyVersion,
                "IN_TRANSACTION"));
        return statement;
    }

    /** {@code answer} is what came back, as text; its digest is kept. */
    void answered(String statement, long rows, String answer, boolean failed, long startedNanos) throws NotRecorded {
        record(new StatementCompleted(
                statement, failed ? List.of() : List.of("SELECT " + rows), failed ? "57000" : null, rows, answer.length(), StatementDigest.ofText(answer),
                (System.nanoTime() - startedNanos) / 1_000, "IN_TRANSACTION", null, null));
    }

    void record(DomainEvent event) throws NotRecorded {
        await(onContext(() -> {
            long sequence = log.append(event);
            begun = true;
            return acknowledged.through(sequence, log.acknowledgedThrough());
        }));
    }

    /** Waits for nothing, so that a session ends in the record whatever stopped it. One that has not begun there does not end there. */
    void close() {
        context.runOnContext(ignored -> {
            if (begun) {
                log.close("nothing more is asked about " + held.approvalId(), statements, (System.nanoTime() - started) / 1_000);
            }
        });
    }

    private <T> T onContext(Callable<T> work) throws NotRecorded {
        var done = new CompletableFuture<T>();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception failed) {
                done.completeExceptionally(failed);
            }
        });
        return await(done);
    }

    private static <T> T await(CompletableFuture<T> future) throws NotRecorded {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new NotRecorded(failed.getCause() instanceof RecordRefused refused ? String.valueOf(refused.getMessage()) : String.valueOf(failed.getCause()));
        } catch (TimeoutException late) {
            throw new NotRecorded("the event log does not acknowledge");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NotRecorded("the gateway is stopping");
        }
    }
}
