// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.time.Instant;
import java.util.List;

/** Why a command changes nothing. */
public sealed interface Refusal {
    record NeverAsked() implements Refusal {}

    record AlreadyAsked() implements Refusal {}

    record AlreadyClosed(Outcome outcome, Instant closedAt) implements Refusal {}

    record NotYetExpired(Instant expiresAt) implements Refusal {}

    record TooLate(Instant expiresAt) implements Refusal {}

    record IsRequester() implements Refusal {}

    /** The voter's token was made for an agent; a vote is a human's own answer. */
    record ActsForAnother(String onBehalfOf) implements Refusal {}

    record NotAnApprover(List<String> approverGroups) implements Refusal {}

    record HasVoted(Vote vote) implements Refusal {}

    /** The voter's credential had ended before the vote reached the log. */
    record StandingEnded(Instant standingUntil) implements Refusal {}

    /** The voter has not voted, or still has the groups that it voted with. */
    record SameStanding() implements Refusal {}

    record ShownAnother(String expectedDigest, String shownDigest) implements Refusal {}

    /** The statement is too large to be shown whole, and what was not shown whole can't be approved. */
    record TooLargeToShow(long bytes, long limit) implements Refusal {}
}
