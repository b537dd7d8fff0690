// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule: if the condition holds for a statement, the outcome is asked for. */
record Rule(String name, Condition when, Outcome then) {
    /** What a rule or a default asks for. */
    sealed interface Outcome {
        /** Lets the statement run, unless another rule is stricter. */
        record Allow() implements Outcome {}

        /** As {@link Decision.Deny}; without a reason it gets one that names the rule. */
        record Deny(@Nullable String reason, @Nullable String hint) implements Outcome {}

        /** As {@link Decision.Hold}. */
        record Hold(
                @Nullable String reason, List<String> approvers, int quorum, Duration expires, List<GroupQuorum> all, @Nullable Long autoApproveBelow, HoldManner manner)
                implements Outcome {
            public Hold {
                approvers = List.copyOf(approvers);
                all = List.copyOf(all);
            }
        }
    }
}
