// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.schemas.event.ApprovalEvent.Vote;
import org.jspecify.annotations.Nullable;

/** The body of a vote: {@code approve} or {@code reject}, perhaps why, and the digest of the statement that the voter has read. */
record VoteRequest(String vote, @Nullable String comment, String shownDigest) {
    private static final int LONGEST_COMMENT = 2_000;

    VoteRequest {
        if (vote == null || !(vote.equals("approve") || vote.equals("reject"))) {
            throw new RequestRefused(Problem.badRequest("'vote' has to be \"approve\" or \"reject\"."));
        }
        if (shownDigest == null || shownDigest.isBlank()) {
            throw new RequestRefused(Problem.badRequest("'shownDigest' is missing: a vote names the digest of the statement that was read, as 'statement.digest' shows it."));
        }
        if (comment != null && comment.length() > LONGEST_COMMENT) {
            throw new RequestRefused(Problem.badRequest("'comment' has " + comment.length() + " characters, at most " + LONGEST_COMMENT + " are kept."));
        }
    }

    Vote answer() {
        return vote.equals("approve") ? Vote.APPROVE : Vote.REJECT;
    }
}
