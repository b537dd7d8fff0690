// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one approval stands after some prefix of its log. */
public sealed interface ApprovalState {
    /** Nothing was asked yet. */
    record Unasked() implements ApprovalState {}

    /** An approval that was asked for. {@code version} counts the events that changed it, so equal versions mean equal states. */
    sealed interface Asked extends ApprovalState permits Open, Closed {
        StatementHeld held();

        /** What the session had done before; null where nobody knew. */
        @Nullable SessionSoFar session();

        /** What the statement would do; null as long as nobody has said. */
        @Nullable Impact impact();

        Instant requestedAt();

        /** The valid votes in log order, one per person. Some of them may have lapsed: see {@link CountedVote#standsAt}. */
        List<CountedVote> votes();

        int version();
    }

    record Open(
            StatementHeld held, @Nullable SessionSoFar session, @Nullable Impact impact, Instant requestedAt, List<CountedVote> votes, int version)
            implements Asked {
        public Open {
            votes = List.copyOf(votes);
        }
    }

    /** {@code closedBy} and {@code closedAt} are id and time of the event that closed it, so they are the same for every reader. */
    record Closed(
            StatementHeld held,
            @Nullable SessionSoFar session,
            @Nullable Impact impact,
            Instant requestedAt,
            List<CountedVote> votes,
            Outcome outcome,
            String closedBy,
            Instant closedAt,
            int version)
            implements Asked {
        public Closed {
            votes = List.copyOf(votes);
        }
    }
}
