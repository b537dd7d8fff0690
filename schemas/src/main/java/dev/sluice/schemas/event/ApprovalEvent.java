// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import org.jspecify.annotations.Nullable;

/** The history of one approval, in log order. */
public sealed interface ApprovalEvent extends DomainEvent {
    String approvalId();

    /** One human's answer. */
    enum Vote { APPROVE, REJECT }

    record ApprovalRequested(String approvalId, StatementHeld held) implements ApprovalEvent {}

    /** {@code shownDigest} is the statement digest that the voter was shown. */
    record ApprovalVoted(String approvalId, Principal voter, Vote vote, @Nullable String comment, String shownDigest) implements ApprovalEvent {}

    record ApprovalWithdrawn(String approvalId, String reason) implements ApprovalEvent {}

    /** Nobody had ended it by {@code expiresAt} of the hold. In the log, so that its order against a last vote is the same for every reader. */
    record ApprovalExpired(String approvalId) implements ApprovalEvent {}
}
