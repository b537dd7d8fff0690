// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What somebody wants of an approval. */
public sealed interface ApprovalCommand {
    record Ask(StatementHeld held) implements ApprovalCommand {}

    /** {@code shownDigest} is the digest of the statement that the voter had before their eyes. */
    record Cast(Principal voter, Vote vote, @Nullable String comment, String shownDigest, Instant now) implements ApprovalCommand {}

    record Withdraw(String reason) implements ApprovalCommand {}

    record Expire(Instant now) implements ApprovalCommand {}
}
