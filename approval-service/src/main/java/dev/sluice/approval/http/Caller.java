// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.decider.Quorum;
import dev.sluice.approval.decider.Refusal;
import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, proven by a token that ends at {@code expiresAt}, and whether it is in a group that sees every approval.
 *
 * @param otherNames what else the token calls it
 */
record Caller(Principal principal, Set<String> otherNames, Instant expiresAt, boolean admin, Token token) {
    /** What the caller was proven with. Never prints. */
    record Token(String value) {
        @Override
        public String toString() {
            return "***";
        }
    }

    static Caller of(Principal principal, Set<String> otherNames, Instant expiresAt, Set<String> admins, Token token) {
        return new Caller(principal, otherNames, expiresAt, !Collections.disjoint(admins, principal.groups()), token);
    }

    boolean isOnRequestersSide(Asked approval) {
        return Person.isOnRequestersSide(principal, otherNames, approval.held().requester());
    }

    /** Why it can't vote now, whatever it was shown; null if it can. */
    @Nullable Refusal objection(Asked approval, Instant now) {
        var refusal = new ApprovalDecider().objectionTo(approval, principal, now);
        return refusal == null && isOnRequestersSide(approval) ? new Refusal.IsRequester() : refusal;
    }

    /** Approvers of the hold see it, and so do the requester and, if one issuer vouches for both, the human that the requester acts for. */
    boolean sees(Asked approval) {
        var requester = approval.held().requester();
        return admin
                || Quorum.of(approval.held()).admits(principal)
                || Person.of(principal).equals(Person.of(requester))
                || (principal.issuer().equals(requester.issuer()) && principal.subject().equals(requester.onBehalfOf()));
    }
}
