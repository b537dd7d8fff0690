// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.event.ApprovalEvent;
import java.util.List;

/** What the decider says to a command. */
public sealed interface Answer {
    /** To be appended to the log. They count once they come back from it, not before. */
    record Accepted(List<ApprovalEvent> events) implements Answer {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    record Refused(Refusal refusal) implements Answer {}
}
