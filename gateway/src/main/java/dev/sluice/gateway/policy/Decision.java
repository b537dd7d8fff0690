// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine's answer about one statement text, from the mildest to the strictest: allow, hold, deny. */
public sealed interface Decision {
    /** What decided: the names of the rules, joined by {@code ", "}, or {@code default:<effect>} where no rule matched. */
    String rule();

    /** The statement may run. */
    record Allow(String rule) implements Decision {}

    /**
     * The statement must not run.
     *
     * @param reason one sentence for the caller
     * @param hint the way out, if there is one
     */
    record Deny(String rule, String reason, @Nullable String hint) implements Decision {}

    /**
     * The statement waits for people.
     *
     * @param reason why, for the caller and the approver
     * @param approvers groups whose members may vote; never empty
     * @param quorum how many distinct people must approve, at least 1
     * @param expires how long the statement may wait, from the moment of this decision
     * @param all where not empty, how many people of which group; each person counts for one of them, and {@code quorum} is their sum
     * @param autoApproveBelow rows; an estimate below it needs no human. Absent: one is always needed
     * @param manner how the client waits, as far as the rule says
     */
    record Hold(
            String rule,
            @Nullable String reason,
            List<String> approvers,
            int quorum,
            Duration expires,
            List<GroupQuorum> all,
            @Nullable Long autoApproveBelow,
            HoldManner manner)
            implements Decision {
        public Hold {
            approvers = List.copyOf(approvers);
            all = List.copyOf(all);
        }

        /** Anybody of the groups counts, and a human is always needed. */
        public Hold(String rule, @Nullable String reason, List<String> approvers, int quorum, Duration expires) {
            this(rule, reason, approvers, quorum, expires, List.of(), null, HoldManner.UNSAID);
        }
    }
}
