// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.webhook.Courier;
import dev.sluice.approval.webhook.Message;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How receivers are doing, and what was given up. */
final class WebhookEndpoints {
    private final Courier courier;
    private final Duration patience;

    WebhookEndpoints(Courier courier, Duration patience) {
        this.courier = courier;
        this.patience = patience;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint.ForAdmins(HttpMethod.GET, "/v1/webhooks", this::receivers),
                new Endpoint.ForAdmins(HttpMethod.GET, "/v1/webhooks/dead-letters", this::deadLetters),
                new Endpoint.ForAdmins(HttpMethod.POST, "/v1/webhooks/dead-letters/{messageId}/redelivery", this::redeliver));
    }

    record ReceiverView(String name, String format, String circuit, long pending) {}

    record Receivers(List<ReceiverView> webhooks) {}

    record DeadLetter(String messageId, String endpoint, String approvalId, String event, Instant since, int attempts, @Nullable String reason) {
        static DeadLetter of(Message message) {
            return new DeadLetter(
                    message.id(),
                    message.receiver(),
                    message.approvalId(),
                    message.kind().name().toLowerCase(Locale.ROOT),
                    message.since(),
                    message.attempts(),
                    message.trouble());
        }
    }

    record DeadLetters(List<DeadLetter> deadLetters) {}

    /** The answer to what will be done. */
    record Requeued(String messageId) {}

    private void receivers(RoutingContext context, Caller caller) {
        Answers.json(context, 200, new Receivers(courier.health().stream()
                .map(health -> new ReceiverView(health.name(), health.format().name().toLowerCase(Locale.ROOT), health.circuit(), health.pending()))
                .toList()));
    }

    private void deadLetters(RoutingContext context, Caller caller) {
        Answers.json(context, 200, new DeadLetters(courier.deliveries().deadLetters().stream().map(DeadLetter::of).toList()));
    }

    private void redeliver(RoutingContext context, Caller caller) {
        var id = context.pathParam("messageId");
        var dead = courier.deliveries().deadLetter(id);
        if (dead == null) {
            throw new RequestRefused(new Problem(
                    404, "no-such-dead-letter", "No such dead letter", "No message '" + id + "' has been given up, or it was asked for again already."));
        }
        var recorded = Future.fromCompletionStage(courier.requeue(dead, caller.principal())).timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            Future.await(recorded.mapEmpty());
        } catch (Exception e) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
            throw new RequestRefused(Problem.unavailable("The log has not confirmed the request. It may still count; sending it again is safe."));
        }
        Answers.json(context, 202, new Requeued(id));
    }
}
