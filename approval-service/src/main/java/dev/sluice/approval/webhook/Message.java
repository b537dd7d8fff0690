// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import dev.sluice.approval.decider.ApprovalState.Asked;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a receiver is to be told.
 *
 * @param id the {@code webhook-id}: made from the event and the receiver, so that every replica has the same one
 * @param approval as it was right after the event, without its statement
 * @param partition of the event; its owner does the telling
 * @param since the event's time, or when somebody asked for another delivery
 * @param attempts how many have failed
 * @param trouble what was wrong the last time; null before the first failure
 * @param nextAttemptAt null once it was given up
 */
public record Message(
        String id,
        String receiver,
        Kind kind,
        Asked approval,
        int partition,
        Instant since,
        int attempts,
        @Nullable String trouble,
        @Nullable Instant nextAttemptAt) {
    /** What has happened. */
    public enum Kind { REQUESTED, ASSESSED, CLOSED }

    public String approvalId() {
        return approval.held().approvalId();
    }

    Message failed(int attempt, String reason, @Nullable Instant next) {
        return new Message(id, receiver, kind, approval, partition, since, attempt, reason, next);
    }

    Message requeued(Instant at) {
        return new Message(id, receiver, kind, approval, partition, at, 0, trouble, at);
    }
}
