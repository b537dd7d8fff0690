// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.session.Input;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The running sessions of this gateway: started, told together what concerns them all, and drained. Thread-safe. */
public final class Sessions implements SessionStarter {
    /** How often the health of the recorder is looked at: what adds to the time in which statements are refused when Kafka is away. */
    private static final long WATCH_MILLIS = 250;
    /** After the drain's deadline, for the records of the sessions that it ended. */
    private static final long LAST_RECORDS_MILLIS = 5_000;

    private final SessionServices services;
    private final Supplier<AgentTokens> agentTokens;
    private final Set<SessionDriver> running = ConcurrentHashMap.newKeySet();
    /** Sessions that are over, whose end Kafka has not acknowledged yet. */
    private final AtomicInteger unrecordedEnds = new AtomicInteger();
    private final long watch;
    private volatile boolean recording = true;
    private volatile @Nullable Promise<Void> drained;

    /** @param agentTokens those that prove somebody now */
    public Sessions(SessionServices services, Supplier<AgentTokens> agentTokens) {
        this.services = services;
        this.agentTokens = agentTokens;
        this.watch = services.vertx().setPeriodic(WATCH_MILLIS, id -> watchRecorder());
    }

    @Override
    public void start(EstablishedSession established) {
        var driver = new SessionDriver(established, services, this::ended);
        running.add(driver);
        driver.start(recording);
        // Its token may have been taken back since it was looked at; from here on agentTokensChanged() finds the session.
        driver.agentTokens(agentTokens.get());
        if (drained != null) {
            driver.tell(new Input.DrainRequested());
        }
    }

    public int size() {
        return running.size();
    }

    /** Ends the sessions whose token has been taken back. */
    public void agentTokensChanged() {
        AgentTokens now = agentTokens.get();
        running.forEach(driver -> driver.agentTokens(now));
    }

    /**
     * Asks every session to end when it is idle, and makes those that are left end at the deadline. Completes when all are gone and their ends
     * are recorded, or soon after the deadline if Kafka is away.
     */
    public Future<Void> drain(Duration deadline) {
        Promise<Void> promise = Promise.promise();
        drained = promise;
        running.forEach(driver -> driver.tell(new Input.DrainRequested()));
        long millis = Math.max(1, deadline.toMillis());
        services.vertx().setTimer(millis, id -> running.forEach(driver -> driver.tell(new Input.DrainDeadline())));
        services.vertx().setTimer(millis + LAST_RECORDS_MILLIS, id -> promise.tryComplete());
        completeIfDrained();
        return promise.future().onComplete(done -> services.vertx().cancelTimer(watch));
    }

    private void ended(SessionDriver driver, CompletionStage<Long> recorded) {
        unrecordedEnds.incrementAndGet();
        running.remove(driver);
        recorded.whenComplete((sequence, failure) -> {
            unrecordedEnds.decrementAndGet();
            completeIfDrained();
        });
    }

    private void completeIfDrained() {
        Promise<Void> promise = drained;
        if (promise != null && running.isEmpty() && unrecordedEnds.get() == 0) {
            promise.tryComplete();
        }
    }

    private void watchRecorder() {
        boolean healthy = services.recorder().healthy();
        if (healthy != recording) {
            recording = healthy;
            running.forEach(driver -> driver.tell(healthy ? new Input.RecordingRecovered() : new Input.RecordingStalled()));
        }
    }
}
