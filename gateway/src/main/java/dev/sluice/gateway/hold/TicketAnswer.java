// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of a statement that was presented to the {@link TicketOffice}. */
public sealed interface TicketAnswer {
    /** Nobody has asked for it: hold it and open a ticket. */
    record Unknown() implements TicketAnswer {}

    /**
     * People have been asked and have not answered.
     *
     * @param rejected a grant that came and does not verify; absent where none did
     */
    record Pending(String approvalId, Instant expiresAt, @Nullable Rejected rejected) implements TicketAnswer {}

    /**
     * It may run, once, now: no other gateway and no other session gets this answer.
     *
     * @param hold what the grant was for
     * @param rejected what came besides and does not verify
     * @param standsUntil when the grant ends with a credential of its approvers'; absent where it does not
     */
    record Redeemed(StatementHeld hold, String verdict, List<Rejected> rejected, @Nullable Instant standsUntil) implements TicketAnswer {
        public Redeemed {
            rejected = List.copyOf(rejected);
        }

        /** Nothing came but the grant, and it outlives the credentials of its approvers. */
        public Redeemed(StatementHeld hold, String verdict) {
            this(hold, verdict, List.of(), null);
        }
    }

    /**
     * The approval has ended otherwise; nobody hears of it again, and the statement may be asked for anew.
     *
     * @param rejected the grant that is void, if there was one
     */
    record Ended(String approvalId, String reason, @Nullable Rejected rejected) implements TicketAnswer {}

    /** As many are open as the gateway allows. */
    record Full() implements TicketAnswer {}

    /** The log did not answer in time: nothing is known, and nothing may run. */
    record Unavailable() implements TicketAnswer {}

    /** A grant that lets nothing go. {@code eventId} is of the event that brought it. */
    record Rejected(String eventId, String verdict, String reason) {}
}
