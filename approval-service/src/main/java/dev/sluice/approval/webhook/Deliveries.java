// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.decider.Abridged;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.schemas.event.EventIds;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.event.WebhookEvent.WebhookDelivered;
import dev.sluice.schemas.event.WebhookEvent.WebhookFailed;
import dev.sluice.schemas.event.WebhookEvent.WebhookRequeued;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What receivers are still to be told, and what was given up, as the log tells it. One thread folds; reading is safe from every thread. Applying
 * the same stretch of the log twice adds nothing that was settled in between.
 */
public final class Deliveries {
    /** How long what was given up can be asked for again. Bounds what a replica keeps when it reads a long log. */
    public static final Duration KEPT = Duration.ofDays(7);

    private final List<String> receivers;
    private final Duration giveUpAfter;
    private final Clock clock;
    private final Map<String, Message> messages = new ConcurrentHashMap<>();
    /** Messages whose time was over when their event was read. */
    private final Set<String> late = ConcurrentHashMap.newKeySet();

    public Deliveries(List<String> receivers, Duration giveUpAfter, Clock clock) {
        this.receivers = List.copyOf(receivers);
        this.giveUpAfter = giveUpAfter;
        this.clock = clock;
    }

    /** An event has changed an approval. */
    public void changed(ApprovalState before, ApprovalState after, String eventId, Instant at, int partition) {
        var kind = kindOf(before, after);
        if (kind == null || !(after instanceof Asked approval) || at.isBefore(clock.instant().minus(KEPT))) {
            return;
        }
        // Messages carry no statement, and a receiver may be away for days.
        var told = Abridged.of(approval);
        for (var receiver : receivers) {
            var id = "msg_" + EventIds.derived(eventId, "webhook", receiver);
            if (at.isBefore(clock.instant().minus(giveUpAfter))) {
                late.add(id);
            }
            messages.putIfAbsent(id, new Message(id, receiver, kind, told, partition, at, 0, null, at));
        }
    }

    private static Message.@Nullable Kind kindOf(ApprovalState before, ApprovalState after) {
        return switch (after) {
            case ApprovalState.Unasked _ -> null;
            case ApprovalState.Open open -> switch (before) {
                case ApprovalState.Unasked _ -> Message.Kind.REQUESTED;
                case Asked earlier -> earlier.impact() == null && open.impact() != null ? Message.Kind.ASSESSED : null;
            };
            case ApprovalState.Closed _ -> before instanceof ApprovalState.Closed ? null : Message.Kind.CLOSED;
        };
    }

    /** What the log says about a delivery. */
    public void apply(WebhookEvent event, Instant at) {
        switch (event) {
            case WebhookDelivered delivered -> messages.remove(delivered.messageId());
            case WebhookFailed failed -> messages.computeIfPresent(
                    failed.messageId(), (_, message) -> message.failed(failed.attempt(), failed.reason(), failed.nextAttemptAt()));
            case WebhookRequeued requeued -> messages.computeIfPresent(
                    requeued.messageId(), (_, message) -> message.nextAttemptAt() == null ? message.requeued(at) : message);
        }
    }

    /**
     * Forgets what is too old: what was given up long ago, and what had never been tried and was over already when it was read, as every earlier
     * approval is for a receiver that was configured today. To be called now and then, once the log has been read.
     */
    public void forgetOld() {
        var old = clock.instant().minus(KEPT);
        messages.values().removeIf(message -> message.since().isBefore(old)
                || (late.contains(message.id()) && message.attempts() == 0 && message.trouble() == null));
        late.clear();
    }

    /** What is not delivered yet, or was given up; null once it is delivered. */
    @Nullable Message message(String id) {
        return messages.get(id);
    }

    /** What is due now, the oldest first. */
    List<Message> due() {
        var now = clock.instant();
        return messages.values().stream()
                .filter(message -> message.nextAttemptAt() != null && !now.isBefore(message.nextAttemptAt()))
                .sorted(Comparator.comparing(Message::since).thenComparing(Message::id))
                .toList();
    }

    /** What is still to be told. */
    public long pending(String receiver) {
        return messages.values().stream().filter(message -> message.receiver().equals(receiver) && message.nextAttemptAt() != null).count();
    }

    /** What was given up, the oldest first. */
    public List<Message> deadLetters() {
        return dead().sorted(Comparator.comparing(Message::since).thenComparing(Message::id)).toList();
    }

    /** One of them; null if there is none of this id. */
    public @Nullable Message deadLetter(String messageId) {
        return dead().filter(message -> message.id().equals(messageId)).findFirst().orElse(null);
    }

    private Stream<Message> dead() {
        return messages.values().stream().filter(message -> message.nextAttemptAt() == null);
    }
}
