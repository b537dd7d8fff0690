// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.config.WebhooksConfig;
import dev.sluice.approval.webhook.Postman.Attempt;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.event.WebhookEvent.WebhookDelivered;
import dev.sluice.schemas.event.WebhookEvent.WebhookFailed;
import dev.sluice.schemas.event.WebhookEvent.WebhookRequeued;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is due to its receivers: the messages of those partitions that this replica owns. What became of an attempt is appended to the
 * log, and the message counts as settled once it has come back from there; if it never does, the message is brought again, under the same
 * id. So every receiver is told at least once.
 */
public final class Courier {
    private static final Logger LOGGER = LoggerFactory.getLogger(Courier.class);
    private static final int AT_ONCE_PER_RECEIVER = 4;
    /** After how long without an outcome in the log an attempt counts for nothing. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    /** Where outcomes are appended; completes when the log has them. */
    @FunctionalInterface
    public interface Outcomes {
        CompletionStage<Void> append(EventEnvelope<? extends WebhookEvent> event);
    }

    /** How a receiver is doing, as this replica sees it. */
    public record Health(String name, WebhooksConfig.Format format, String circuit, long pending) {}

    private record Flight(int attempt, Instant messageSince, Instant since, String receiver) {}

    private final Map<String, Receiver> receivers;
    private final Map<String, Breaker> breakers;
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();
    private final Duration giveUpAfter;
    private final Backoff backoff;
    private final Payloads payloads;
    private final Deliveries deliveries;
    private final Outcomes outcomes;
    private final Envelopes envelopes;
    private final Postman postman;
    private final Clock clock;

    public Courier(
            List<Receiver> receivers,
            WebhooksConfig config,
            Deliveries deliveries,
            Outcomes outcomes,
            Envelopes envelopes,
            Postman postman,
            Clock clock,
            RandomGenerator random) {
        this.receivers = receivers.stream().collect(Collectors.toMap(Receiver::name, Function.identity(), (one, _) -> one, LinkedHashMap::new));
        this.breakers = receivers.stream().collect(Collectors.toMap(Receiver::name, _ -> new Breaker()));
        this.giveUpAfter = config.giveUpAfter();
        this.backoff = new Backoff(config.firstRetry(), config.longestRetry(), random);
        this.payloads = new Payloads(config.approvalUrl());
        this.deliveries = deliveries;
        this.outcomes = outcomes;
        this.envelopes = envelopes;
        this.postman = postman;
        this.clock = clock;
    }

    /** To be called a few times a second, by one thread. Does not block. */
    public void tick(IntPredicate owned) {
        deliveries.forgetOld();
        var now = clock.instant();
        flights.entrySet().removeIf(flight -> flight.getValue().since().plus(FORGOTTEN).isBefore(now) || isOver(flight.getKey(), flight.getValue()));
        for (var message : deliveries.due()) {
            var receiver = receivers.get(message.receiver());
            if (receiver == null || !owned.test(message.partition()) || flights.containsKey(message.id())) {
                continue;
            }
            if (!now.isBefore(message.since().plus(giveUpAfter))) {
                fly(message, now);
                record(message, new WebhookFailed(
                        message.approvalId(), message.receiver(), message.id(), message.attempts(), givenUp(message), null));
            } else if (flights.values().stream().filter(flight -> flight.receiver().equals(receiver.name())).count() < AT_ONCE_PER_RECEIVER
                    && breaker(receiver.name()).admits(now)) {
                fly(message, now);
                bring(message, receiver, now);
            }
        }
    }

    /** An attempt is over once the fold knows that it succeeded or failed, or that somebody has asked for another delivery since. */
    private boolean isOver(String messageId, Flight flight) {
        var message = deliveries.message(messageId);
        return message == null || message.nextAttemptAt() == null || message.attempts() >= flight.attempt() || !message.since().equals(flight.messageSince());
    }

    private void fly(Message message, Instant now) {
        flights.put(message.id(), new Flight(message.attempts() + 1, message.since(), now, message.receiver()));
    }

    private void bring(Message message, Receiver receiver, Instant now) {
        byte[] body = payloads.of(message, receiver.format());
        long timestamp = now.getEpochSecond();
        var headers = Map.of(
                "content-type", "application/json",
                "user-agent", "sluice-approval-service",
                "webhook-id", message.id(),
                "webhook-timestamp", Long.toString(timestamp),
                "webhook-signature",
                        receiver.signatures().stream()
                                .map(signature -> signature.sign(message.id(), timestamp, body))
                                .collect(Collectors.joining(" ")));
        postman.bring(receiver, headers, body).thenAccept(attempt -> conclude(message, attempt));
    }

    private void conclude(Message message, Attempt attempt) {
        int number = message.attempts() + 1;
        switch (attempt) {
            case Attempt.Delivered(int status) -> {
                breaker(message.receiver()).succeeded();
                record(message, new WebhookDelivered(message.approvalId(), message.receiver(), message.id(), number, status));
            }
            case Attempt.Failed failed -> {
                breaker(message.receiver()).failed(clock.instant());
                var next = failed.hopeless() ? null : nextAttempt(message, number, failed.notBefore());
                LOGGER.atWarn()
                        .addKeyValue("approvalId", message.approvalId())
                        .addKeyValue("receiver", message.receiver())
                        .addKeyValue("attempt", number)
                        .addKeyValue("reason", failed.reason())
                        .log(next == null ? "webhook given up" : "webhook not delivered");
                record(message, new WebhookFailed(message.approvalId(), message.receiver(), message.id(), number, failed.reason(), next));
            }
        }
    }

    private @Nullable Instant nextAttempt(Message message, int failures, @Nullable Duration notBefore) {
        var wait = backoff.after(failures);
        if (notBefore != null && notBefore.compareTo(wait) > 0) {
            wait = notBefore;
        }
        var next = clock.instant().plus(wait);
        return next.isBefore(message.since().plus(giveUpAfter)) ? next : null;
    }

    private String givenUp(Message message) {
        return "not delivered within " + giveUpAfter + (message.trouble() == null ? "" : "; the last time, " + message.trouble());
    }

    private void record(Message message, WebhookEvent event) {
        outcomes.append(envelopes.of(message.approvalId(), message.approval().held().sessionId(), event)).whenComplete((_, failure) -> {
            if (failure != null) {
                flights.remove(message.id());
            }
        });
    }

    /** Asks for a message that was given up to be brought after all; completes when the log has it. */
    public CompletionStage<Void> requeue(Message dead, Principal by) {
        var event = new WebhookRequeued(dead.approvalId(), dead.receiver(), dead.id(), by);
        return outcomes.append(envelopes.of(dead.approvalId(), dead.approval().held().sessionId(), event));
    }

    public Deliveries deliveries() {
        return deliveries;
    }

    public List<Health> health() {
        var now = clock.instant();
        return receivers.values().stream()
                .map(receiver -> new Health(
                        receiver.name(),
                        receiver.format(),
                        breaker(receiver.name()).state(now).name().toLowerCase(Locale.ROOT),
                        deliveries.pending(receiver.name())))
                .toList();
    }

    private Breaker breaker(String receiver) {
        return Objects.requireNonNull(breakers.get(receiver));
    }
}
