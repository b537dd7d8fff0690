// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.Answer;
import dev.sluice.approval.decider.ApprovalCommand;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.schemas.event.Envelopes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Ends what nobody has answered in time. Every replica does it, after a short wait of random length so that mostly one does; the first
 * in the log counts and the others change nothing. No ownership is needed, so no lost owner can keep an approval open.
 */
public final class Expiry {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final ApprovalDecider decider = new ApprovalDecider();
    private final ApprovalRegister register;
    private final Journal journal;
    private final Envelopes envelopes;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, Instant> nextAttempt = new HashMap<>();

    public Expiry(ApprovalRegister register, Journal journal, Envelopes envelopes, Clock clock, RandomGenerator random) {
        this.register = register;
        this.journal = journal;
        this.envelopes = envelopes;
        this.clock = clock;
        this.random = random;
    }

    /** To be called a few times a second, by one thread. Does not block. */
    public void tick() {
        var now = clock.instant();
        var overdue = register.overdue(now);
        nextAttempt.keySet().removeIf(id -> !(register.stateOf(id) instanceof ApprovalState.Open));
        for (var open : overdue) {
            var held = open.held();
            var due = nextAttempt.computeIfAbsent(
                    held.approvalId(), _ -> held.expiresAt().plusMillis(random.nextLong(LONGEST_WAIT.toMillis())));
            if (!now.isBefore(due) && decider.decide(open, new ApprovalCommand.Expire(now)) instanceof Answer.Accepted(var events)) {
                nextAttempt.put(held.approvalId(), now.plus(RETRY));
                events.forEach(event -> journal.append(envelopes.of(held.approvalId(), held.sessionId(), event)));
            }
        }
    }
}
