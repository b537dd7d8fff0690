// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A vote that has come back from the log and was found valid there.
 *
 * @param voter with the groups of the token that the vote was cast with: the standing at that moment
 */
public record CountedVote(String eventId, Principal voter, Vote vote, @Nullable String comment, Instant castAt) {
    public Person person() {
        return Person.of(voter);
    }
}
