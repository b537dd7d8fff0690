// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.config.WebhooksConfig;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.webhook.Postman.Attempt;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.WebhookEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Replicas of the courier on a log of memory, whose receiver answers as the test has it and whose outcomes may be lost. */
public final class WebhookWorld {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final WebhooksConfig CONFIG = new WebhooksConfig("https://console.example/approvals/{id}", null, null, null, null, null, null);

    /** Something that the receiver got. */
    record Got(Map<String, String> headers, String body) {}

    private final SettableClock clock;
    private final Envelopes envelopes;
    private final ApprovalDecider decider = new ApprovalDecider();
    private final List<Runnable> log = new ArrayList<>();
    private final List<WebhookEvent> outcomes = new ArrayList<>();
    final Deque<Attempt> answers = new ArrayDeque<>();
    final List<Got> got = new ArrayList<>();
    public Deliveries deliveries;
    public Courier courier;
    boolean outcomesAreLost;

    public WebhookWorld(SettableClock clock) {
        this.clock = clock;
        this.envelopes = new Envelopes(URI.create("/sluice/approval-service/test"), clock, new Random(3));
        restart();
    }

    /** A new process that knows what the log tells it, and nothing else. */
    void restart() {
        deliveries = new Deliveries(List.of("chat"), CONFIG.giveUpAfter(), clock);
        var receiver = new Receiver("chat", URI.create("https://chat.example/hook"), Format.GENERIC, List.of(StandardSignature.of(SECRET)), false);
        Postman postman = (_, headers, body) -> {
            got.add(new Got(headers, new String(body, StandardCharsets.UTF_8)));
            return CompletableFuture.completedFuture(answers.isEmpty() ? new Attempt.Delivered(200) : answers.poll());
        };
        courier = new Courier(List.of(receiver), CONFIG, deliveries, this::append, envelopes, postman, clock, new Random(4));
        List.copyOf(log).forEach(Runnable::run);
    }

    private CompletableFuture<Void> append(EventEnvelope<? extends WebhookEvent> event) {
        if (outcomesAreLost) {
            return CompletableFuture.failedFuture(new IllegalStateException("Kafka is away"));
        }
        outcomes.add(event.data());
        fold(() -> deliveries.apply(event.data(), event.time()));
        return CompletableFuture.completedFuture(null);
    }

    private void fold(Runnable step) {
        log.add(step);
        step.run();
    }

    /** An approval is asked for. */
    public void ask(String id) {
        var at = clock.instant();
        var hold = Holds.hold().id(id).expires(at.plusSeconds(600));
        var open = decider.evolve(decider.initial(), new RecordedEvent("asked-" + id, at, new ApprovalRequested(id, hold.held())));
        fold(() -> deliveries.changed(decider.initial(), open, "asked-" + id, at, 0));
    }

    void withdraw(String id) {
        var at = clock.instant();
        var open = decider.evolve(
                decider.initial(), new RecordedEvent("asked-" + id, at, new ApprovalRequested(id, Holds.hold().id(id).expires(at.plusSeconds(600)).held())));
        ApprovalState closed = decider.evolve(open, new RecordedEvent("closed-" + id, at, new ApprovalWithdrawn(id, "gone")));
        fold(() -> deliveries.changed(open, closed, "closed-" + id, at, 0));
    }

    /** Time passes in steps, with a tick at each. */
    void pass(Duration time, Duration step) {
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            clock.advance(step);
            tick();
        }
    }

    public void tick() {
        courier.tick(_ -> true);
    }

    /** One message is given up because its receiver is gone. */
    public void giveUp(String id) {
        answers.add(new Attempt.Failed("it answered with status 410", true, null));
        ask(id);
        tick();
    }

    List<WebhookEvent> outcomes() {
        return outcomes;
    }
}
