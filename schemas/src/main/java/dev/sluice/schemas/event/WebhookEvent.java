// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of telling a receiver about an approval. On {@code sluice.approvals}, so that a restart forgets nothing that is still to be told. Each event is signed
 * by the approval-service ({@code SignedRecord}); one that is not settles nothing, whoever wrote it.
 */
public sealed interface WebhookEvent extends DomainEvent {
    String approvalId();

    /** The configured name of the receiver. */
    String endpoint();

    /** The {@code webhook-id} of the message: the same at every attempt. */
    String messageId();

    /** A compact JWS over the record's bytes without it. */
    @Nullable String signature();

    /** The same event with another signature. */
    WebhookEvent withSignature(String signature);

    /** The receiver has answered with {@code status}, from 200 to 299. */
    record WebhookDelivered(String approvalId, String endpoint, String messageId, int attempt, int status, @Nullable String signature) implements WebhookEvent {
        /** Not signed. */
        public WebhookDelivered(String approvalId, String endpoint, String messageId, int attempt, int status) {
            this(approvalId, endpoint, messageId, attempt, status, null);
        }

        @Override
        public WebhookDelivered withSignature(String other) {
            return new WebhookDelivered(approvalId, endpoint, messageId, attempt, status, other);
        }
    }

    /**
     * An attempt has failed.
     *
     * @param attempt from 1; 0 where the time was over before the first
     * @param nextAttemptAt when it will be tried again; absent when it will not, until somebody asks for it
     */
    record WebhookFailed(
            String approvalId, String endpoint, String messageId, int attempt, String reason, @Nullable Instant nextAttemptAt, @Nullable String signature)
            implements WebhookEvent {
        /** Not signed. */
        public WebhookFailed(String approvalId, String endpoint, String messageId, int attempt, String reason, @Nullable Instant nextAttemptAt) {
            this(approvalId, endpoint, messageId, attempt, reason, nextAttemptAt, null);
        }

        @Override
        public WebhookFailed withSignature(String other) {
            return new WebhookFailed(approvalId, endpoint, messageId, attempt, reason, nextAttemptAt, other);
        }
    }

    /** Somebody asked for a message that had been given up to be delivered after all. */
    record WebhookRequeued(String approvalId, String endpoint, String messageId, Principal by, @Nullable String signature) implements WebhookEvent {
        /** Not signed. */
        public WebhookRequeued(String approvalId, String endpoint, String messageId, Principal by) {
            this(approvalId, endpoint, messageId, by, null);
        }

        @Override
        public WebhookRequeued withSignature(String other) {
            return new WebhookRequeued(approvalId, endpoint, messageId, by, other);
        }
    }
}
