// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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
     * @param eventId of the event that brought the grant
     * @param rejected what came besides and does not verify
     * @param standsUntil when the grant ends with a credential of its approvers'; absent where it does not
     */
    record Redeemed(StatementHeld hold, String eventId, String verdict, List<Rejected> rejected, @Nullable Instant standsUntil) implements TicketAnswer {
        public Redeemed {
            rejected = List.copyOf(rejected);
        }

        /** Something came besides. */
        public Redeemed beside(Rejected another) {
            return new Redeemed(hold, eventId, verdict, Stream.concat(rejected.stream(), Stream.of(another)).toList(), standsUntil);
        }

        /** Everything that came, the grant among them, which does not count because of this. */
        public List<Rejected> unused(String objection) {
            return beside(new Rejected(eventId, verdict, objection)).rejected;
        }
    }

    /**
     * The approval has ended otherwise; nobody hears of it again, and the statement may be asked for anew.
     *
     * @param rejected what came and let nothing go: the grant that is void, if there was one, and what does not verify
     */
    record Ended(String approvalId, String reason, List<Rejected> rejected) implements TicketAnswer {
        public Ended {
            rejected = List.copyOf(rejected);
        }
    }

    /** As many are open as the gateway allows. */
    record Full() implements TicketAnswer {}

    /** The log did not answer in time: nothing is known, and nothing may run. */
    record Unavailable() implements TicketAnswer {}

    /** A grant that lets nothing go. {@code eventId} is of the event that brought it. */
    record Rejected(String eventId, String verdict, String reason) {}
}
