// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vote that has come back from the log and was found valid there.
 *
 * @param voter with the groups of the token that the vote was cast with, less those that it was later seen without
 * @param standingUntil when that token ended, and with it what is known of the voter's standing; absent where nobody said
 */
public record CountedVote(
        String eventId, Principal voter, Vote vote, @Nullable String comment, Instant castAt, @Nullable Instant standingUntil) {
    public Person person() {
        return Person.of(voter);
    }

    /** Whether it still counts at {@code now}. A vote that doesn't may be cast again. */
    public boolean standsAt(Instant now) {
        return standingUntil == null || now.isBefore(standingUntil);
    }

    CountedVote narrowedTo(Set<String> groups) {
        var still = new HashSet<>(voter.groups());
        still.retainAll(groups);
        var narrower = new Principal(voter.subject(), voter.issuer(), voter.method(), still, voter.onBehalfOf());
        return new CountedVote(eventId, narrower, vote, comment, castAt, standingUntil);
    }
}
