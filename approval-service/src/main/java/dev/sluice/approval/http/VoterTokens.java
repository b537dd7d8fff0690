// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.register.ApprovalRegister;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens with which people have voted at this replica: in memory, as long as the approval is open and the token good. Thread-safe. */
final class VoterTokens implements AutoCloseable {
    /** Beyond it the oldest are forgotten. */
    private static final int MOST = 10_000;

    /** One person's vote. */
    record Cast(String approvalId, Person person) {}

    private record Kept(Caller.Token token, Instant ends) {}

    private final ApprovalRegister register;
    private final Clock clock;
    private final Runnable unwatch;
    private final Map<Cast, Kept> tokens = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Cast, Kept> eldest) {
            return size() > MOST;
        }
    };

    VoterTokens(ApprovalRegister register, Clock clock) {
        this.register = register;
        this.clock = clock;
        this.unwatch = register.watch(this::changed);
    }

    void keep(Cast cast, Caller caller) {
        var now = clock.instant();
        synchronized (tokens) {
            tokens.values().removeIf(kept -> !now.isBefore(kept.ends));
            tokens.put(cast, new Kept(caller.token(), caller.expiresAt()));
        }
        // It may have closed before the token was here.
        if (!(register.stateOf(cast.approvalId) instanceof ApprovalState.Open)) {
            synchronized (tokens) {
                tokens.remove(cast);
            }
        }
    }

    Caller.@Nullable Token of(Cast cast) {
        synchronized (tokens) {
            var kept = tokens.get(cast);
            return kept == null ? null : kept.token;
        }
    }

    int size() {
        synchronized (tokens) {
            return tokens.size();
        }
    }

    private void changed(Asked approval) {
        if (approval instanceof ApprovalState.Closed) {
            synchronized (tokens) {
                approval.votes().forEach(vote -> tokens.remove(new Cast(approval.held().approvalId(), vote.person())));
            }
        }
    }

    @Override
    public void close() {
        unwatch.run();
    }
}
