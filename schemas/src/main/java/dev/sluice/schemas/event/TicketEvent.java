// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What gateways tell each other of statements that were held and whose clients come again. The order in the log decides: the first opening of a key
 * that has no open ticket makes one, and its first claim ends it. What a ticket says is not proven by anybody; only the grant is, which is for exactly
 * one statement of one requester on one set of terms.
 */
public sealed interface TicketEvent extends DomainEvent {
    /** SHA-256 (hex) over the statement, its surroundings and who asks: the same for every gateway. Key of the record too. */
    String key();

    String approvalId();

    /**
     * An approval has been asked for.
     *
     * @param sessionId of the session that was held
     * @param statementId in that session
     * @param expiresAt the end of the approval
     * @param estimatedRows as in the hold
     * @param inTransaction as in the hold
     * @param policyVersion as in the hold
     * @param catalogVersion as in the hold
     * @param requester who asks
     * @param query the beginning of the text, for lists
     */
    record TicketOpened(
            String key,
            String approvalId,
            String sessionId,
            String statementId,
            Instant expiresAt,
            @Nullable Long estimatedRows,
            boolean inTransaction,
            @Nullable String policyVersion,
            @Nullable String catalogVersion,
            Principal requester,
            String target,
            String database,
            String query)
            implements TicketEvent {}

    /**
     * A client has come again and been answered: by the run of its statement, or by why it does not run. Written before that.
     *
     * @param sessionId of the session in which it came
     * @param claimId tells claims apart
     */
    record TicketClaimed(String key, String approvalId, String sessionId, String claimId) implements TicketEvent {}
}
