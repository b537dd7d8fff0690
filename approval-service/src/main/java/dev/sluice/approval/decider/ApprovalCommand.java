// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What somebody wants of an approval. */
public sealed interface ApprovalCommand {
    /** {@code session} is what the session had done before, where that is known. */
    record Ask(StatementHeld held, @Nullable SessionSoFar session) implements ApprovalCommand {}

    /**
     * @param shownDigest digest of the statement that the voter had before their eyes
     * @param standingUntil until when the voter's token vouches for its groups
     */
    record Cast(Principal voter, Vote vote, @Nullable String comment, String shownDigest, @Nullable Instant standingUntil, Instant now)
            implements ApprovalCommand {}

    /**
     * {@code voter} was seen again, perhaps with fewer groups than when it voted.
     *
     * @param reason why its vote would count no longer, in words; absent where it was seen without the group
     */
    record Reconsider(Principal voter, @Nullable String reason) implements ApprovalCommand {
        public Reconsider(Principal voter) {
            this(voter, null);
        }
    }

    record Withdraw(String reason) implements ApprovalCommand {}

    record Expire(Instant now) implements ApprovalCommand {}
}
