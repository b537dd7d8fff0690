// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import java.util.Set;

/** One human, as far as an issuer can tell: the same subject of the same issuer is the same person, whatever groups it is in. */
public record Person(String issuer, String subject) {
    public static Person of(Principal principal) {
        return new Person(principal.issuer(), principal.subject());
    }

    /**
     * Whether {@code voter} stands on the requester's side: it is the requester, the one that the requester acts for, or somebody who acts for either.
     * {@code onBehalfOf} names no issuer and is often typed by hand, and a database user or an agent has no issuer in common with a
     * person, so those comparisons look at the name alone: a namesake is turned away rather than a requester let in.
     */
    public static boolean isOnRequestersSide(Principal voter, Principal requester) {
        if (of(voter).equals(of(requester))) {
            return true;
        }
        if (requester.method() != Principal.Method.OIDC && sameName(voter.subject(), requester.subject())) {
            return true;
        }
        var behindRequester = requester.onBehalfOf();
        if (behindRequester != null && sameName(voter.subject(), behindRequester)) {
            return true;
        }
        var behindVoter = voter.onBehalfOf();
        return behindVoter != null
                && (sameName(behindVoter, requester.subject()) || (behindRequester != null && sameName(behindVoter, behindRequester)));
    }

    /**
     * The same, where {@code voter} has {@code otherNames} too: who writes {@code onBehalfOf} types what people are called, and the gateway may take its
     * callers' names from another claim than this service. The log of an approval does not have these names, so it takes asking before the vote.
     */
    public static boolean isOnRequestersSide(Principal voter, Set<String> otherNames, Principal requester) {
        var behindRequester = requester.onBehalfOf();
        boolean sameNamesAsRequester = requester.method() != Principal.Method.OIDC || requester.issuer().equals(voter.issuer());
        return isOnRequestersSide(voter, requester)
                || otherNames.stream().anyMatch(name -> (sameNamesAsRequester && sameName(name, requester.subject()))
                        || (behindRequester != null && sameName(name, behindRequester)));
    }

    private static boolean sameName(String one, String other) {
        return one.equalsIgnoreCase(other);
    }
}
