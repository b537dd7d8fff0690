// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** Whether a grant whose signature is genuine lets a hold go. The gateway asks before it does, an auditor afterwards. */
public final class GrantCheck {
    private GrantCheck() {}

    /** What is wrong with it for this hold, as the end of a sentence; empty if nothing is. */
    public static String objection(Verdict verdict, StatementHeld hold) {
        if (!verdict.approvalId().equals(hold.approvalId())) {
            return "it is for another approval";
        }
        if (!verdict.sessionId().equals(hold.sessionId())) {
            return "it is for another session";
        }
        if (!verdict.statementId().equals(hold.statementId())) {
            return "it is for another statement";
        }
        if (!verdict.statementDigest().equals(hold.statementDigest())) {
            return "it is for other text, parameters or circumstances";
        }
        if (verdict.terms() != null && !TermsDigest.matches(verdict.terms(), hold)) {
            return "it was given on other terms than the rule's";
        }
        String human = hold.requester().onBehalfOf();
        if (verdict.approvers().contains(hold.requester().subject()) || (human != null && verdict.approvers().contains(human))) {
            return "the requester is among its approvers";
        }
        if (verdict.approvers().isEmpty() && hold.needsNoHuman()) {
            return "";
        }
        return new HashSet<>(verdict.approvers()).size() < demanded(hold) ? "it has fewer approvers than the rule demands" : "";
    }

    /**
     * Why a grant that was good when it was given lets nothing go any more, as the end of a sentence; empty if it does.
     *
     * @param standsUntil of the verdict
     * @param now when it is used
     */
    public static String lapse(@Nullable Instant standsUntil, Instant now) {
        return standsUntil == null || now.isBefore(standsUntil) ? "" : "the grant ended with its approver's credential at " + standsUntil + ", ask again for a new one";
    }

    /** How many people it takes: of several quorums all, since nobody counts for two of them. */
    private static long demanded(StatementHeld hold) {
        var quorums = hold.quorums();
        long together = quorums == null ? 0 : quorums.stream().mapToLong(quorum -> Math.max(1, quorum.count())).sum();
        return Math.max(Math.max(1, hold.quorum()), together);
    }
}
