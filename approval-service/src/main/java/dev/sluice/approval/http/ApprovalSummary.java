// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.CountedVote;
import dev.sluice.approval.decider.Quorum;
import dev.sluice.approval.display.Misleading;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of a list. Names no part of the statement's text: half a statement misleads, the whole one is at {@code /v1/approvals/{id}}.
 *
 * @param misleading those of the values here that are not what they look like; absent where there are none
 */
record ApprovalSummary(
        String id,
        Status status,
        int version,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable Instant closedAt,
        String target,
        String database,
        PersonView requester,
        @Nullable String application,
        String rule,
        @Nullable String reason,
        List<String> kinds,
        List<RelationAccess> relations,
        List<String> approverGroups,
        long quorum,
        List<SeatsView> needed,
        long approvals,
        @Nullable List<Misleading> misleading) {
    /** A part of the quorum: how many people of any of these groups it takes, and how many of them have approved. */
    record SeatsView(List<String> groups, int count, int approved) {}

    /** A principal without what only machines care for. */
    record PersonView(String subject, String issuer, Principal.Method method, Set<String> groups, @Nullable String onBehalfOf) {
        static PersonView of(Principal principal) {
            return new PersonView(
                    principal.subject(), principal.issuer(), principal.method(), new TreeSet<>(principal.groups()), principal.onBehalfOf());
        }
    }

    static ApprovalSummary of(Asked approval, Instant now) {
        return of(approval, now, Stream.empty());
    }

    /** {@code more} are other values that are shown with it. */
    static ApprovalSummary of(Asked approval, Instant now, Stream<@Nullable String> more) {
        var held = approval.held();
        var quorum = Quorum.of(held);
        var approvers = approval.votes().stream()
                .filter(vote -> vote.vote() == Vote.APPROVE && (approval instanceof ApprovalState.Closed || vote.standsAt(now)))
                .map(CountedVote::voter)
                .toList();
        return new ApprovalSummary(
                held.approvalId(),
                Status.of(approval),
                approval.version(),
                approval.requestedAt(),
                held.expiresAt(),
                approval instanceof ApprovalState.Closed closed ? closed.closedAt() : null,
                held.target(),
                held.database(),
                PersonView.of(held.requester()),
                held.application(),
                held.rule(),
                held.reason(),
                held.facts().kinds(),
                held.facts().relations(),
                quorum.groups(),
                quorum.needed(),
                seats(quorum, approvers),
                approvers.size(),
                Misleading.among(Stream.concat(Misleading.namesOf(held), more)));
    }

    private static List<SeatsView> seats(Quorum quorum, List<Principal> approvers) {
        var seated = quorum.seated(approvers);
        return IntStream.range(0, seated.length)
                .mapToObj(index -> new SeatsView(quorum.parts().get(index).groups(), quorum.parts().get(index).seats(), seated[index]))
                .toList();
    }
}
