// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Approvals without what a requester can make long: the statement, its parameters, the sample and what the session had done before. Who asked for what,
 * who answered and how it ended stays, and so does the digest. What stands in the statement's place says itself that it is not the statement. For those
 * that nobody votes on any more, and for messages, which carry no statement.
 */
public final class Abridged {
    /** Of kinds, relations, functions, and everything that the impact lists. */
    static final int MOST_NAMED = 100;

    private Abridged() {}

    public static ApprovalState.Closed of(ApprovalState.Closed closed) {
        return new ApprovalState.Closed(
                of(closed.held()), null, of(closed.impact()), closed.requestedAt(), closed.votes(), closed.outcome(), closed.closedBy(), closed.closedAt(), closed.version());
    }

    public static ApprovalState.Asked of(ApprovalState.Asked asked) {
        return switch (asked) {
            case ApprovalState.Open open -> new ApprovalState.Open(of(open.held()), null, of(open.impact()), open.requestedAt(), open.votes(), open.version());
            case ApprovalState.Closed closed -> of(closed);
        };
    }

    private static StatementHeld of(StatementHeld held) {
        var facts = held.facts();
        return new StatementHeld(
                held.statementId(),
                held.approvalId(),
                held.sessionId(),
                held.statementDigest(),
                "(no longer kept here: " + DisplayLimit.bytesOf(held) + " bytes of statement and parameters, which the record of the session has)",
                List.of(),
                new Facts(some(facts.kinds()), facts.effects(), some(facts.relations()), some(facts.functions()), facts.bounded(), facts.understood()),
                held.rule(),
                held.reason(),
                held.approverGroups(),
                held.quorum(),
                held.expiresAt(),
                held.requester(),
                held.target(),
                held.database(),
                held.application(),
                held.clientAddress(),
                held.inTransaction(),
                held.quorums(),
                held.autoApproveBelow(),
                held.estimatedRows(),
                held.role(),
                held.searchPath(),
                held.mode(),
                held.policyVersion(),
                held.catalogVersion(),
                held.hidden(),
                null);
    }

    private static @Nullable Impact of(@Nullable Impact impact) {
        return impact == null
                ? null
                : new Impact(
                        impact.evidence(),
                        impact.estimatedRows(),
                        impact.exactRows(),
                        null,
                        some(impact.tables()),
                        some(impact.cascades()),
                        some(impact.triggers()),
                        some(impact.locks()),
                        some(impact.dependents()),
                        impact.rewrite(),
                        some(impact.missing()));
    }

    private static <T> List<T> some(List<T> all) {
        return all.size() <= MOST_NAMED ? all : all.subList(0, MOST_NAMED);
    }
}
