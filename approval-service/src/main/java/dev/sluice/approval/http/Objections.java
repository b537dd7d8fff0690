// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.decider.Refusal;
import java.util.Locale;

/** What people are told when the rules do not admit something. */
final class Objections {
    private Objections() {}

    static Problem problem(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NeverAsked _ -> new Problem(404, "no-such-approval", "No such approval", "There is no such approval.");
            case Refusal.AlreadyAsked _ -> new Problem(409, "already-asked", "Asked already", "This approval is open already.");
            case Refusal.AlreadyClosed(var outcome, var closedAt) -> new Problem(
                    409, "already-closed", "The approval is closed", "It was " + Status.of(outcome).text() + " at " + closedAt + "; " + ending(outcome));
            case Refusal.NotYetExpired(var expiresAt) ->
                new Problem(409, "not-yet-expired", "Not expired yet", "It expires at " + expiresAt + ".");
            case Refusal.TooLate(var expiresAt) -> new Problem(
                    409, "too-late", "The approval has expired", "Its time was over at " + expiresAt + "; the statement has to be sent again.");
            case Refusal.IsRequester _ -> new Problem(
                    403,
                    "requester-cannot-vote",
                    "The requester can't vote",
                    "You, or an agent that acts for you, asked for this statement. Somebody else has to answer.");
            case Refusal.ActsForAnother(var onBehalfOf) -> new Problem(
                    403,
                    "agent-cannot-vote",
                    "An agent can't vote",
                    "This token was made for somebody acting on behalf of '" + onBehalfOf + "'. A vote takes a human's own token.");
            case Refusal.NotAnApprover(var groups) -> new Problem(
                    403,
                    "not-an-approver",
                    "You are not an approver of this statement",
                    groups.isEmpty()
                            ? "The rule that held it names no approvers, so nobody can approve it."
                            : "It takes a member of " + String.join(" or ", groups) + "; your token names none of them.");
            case Refusal.HasVoted(var vote) -> new Problem(
                    409,
                    "has-voted",
                    "You have voted already",
                    "Your vote to " + vote.name().toLowerCase(Locale.ROOT) + " counts, and a vote can't be changed.");
            case Refusal.StandingEnded(var standingUntil) -> new Problem(
                    403,
                    "standing-ended",
                    "Your token has ended",
                    "It was good until " + standingUntil + ", and the vote reached the log later. Sign in again and vote again.");
            case Refusal.SameStanding _ -> new Problem(409, "same-standing", "Nothing has changed", "The groups are those of the vote.");
            case Refusal.ShownAnother(var expected, var shown) -> new Problem(
                    409,
                    "shown-another-statement",
                    "The vote is about another statement",
                    "It names the digest '" + shown + "', but this approval is about '" + expected + "'. Read the statement again before you vote.");
            case Refusal.TooLargeToShow(var bytes, var limit) -> new Problem(
                    422,
                    "too-large-to-approve",
                    "The statement is too large to be approved",
                    "Query and parameters have " + bytes + " bytes; above " + limit + " nobody can be expected to have read them. It can be rejected.");
        };
    }

    private static String ending(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Granted _ -> "the gateway was told to let the statement go.";
            case Outcome.GrantedByEstimate _ -> "no human was needed for so few rows.";
            case Outcome.Refused(var by, _) -> by.subject() + " rejected it.";
            case Outcome.Withdrawn(var reason) -> reason + ".";
            case Outcome.Expired _ -> "nobody had answered in time.";
        };
    }
}
