// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of telling a receiver about an approval. On {@code sluice.approvals}, so that a restart forgets nothing that is still to be told. */
public sealed interface WebhookEvent extends DomainEvent {
    String approvalId();

    /** The configured name of the receiver. */
    String endpoint();

    /** The {@code webhook-id} of the message: the same at every attempt. */
    String messageId();

    /** The receiver has answered with {@code status}, from 200 to 299. */
    record WebhookDelivered(String approvalId, String endpoint, String messageId, int attempt, int status) implements WebhookEvent {}

    /**
     * An attempt has failed.
     *
     * @param attempt from 1; 0 where the time was over before the first
     * @param nextAttemptAt when it will be tried again; absent when it will not, until somebody asks for it
     */
    record WebhookFailed(String approvalId, String endpoint, String messageId, int attempt, String reason, @Nullable Instant nextAttemptAt)
            implements WebhookEvent {}

    /** Somebody asked for a message that had been given up to be delivered after all. */
    record WebhookRequeued(String approvalId, String endpoint, String messageId, Principal by) implements WebhookEvent {}
}
