// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.schemas.event.ApprovalEvent.EarlierStatement;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions have done that this replica reads, the last {@link #LATEST} statements of each: what an approver is shown beside a held one.
 * Touched by the thread that reads the sessions only. It begins where the reading begins, so after a restart or a rebalance it is not complete,
 * and says so.
 */
final class SessionMemory {
    static final int LATEST = 10;
    static final int LONGEST_TEXT = 500;
    private static final int SESSIONS = 10_000;

    private static final class Track {
        private boolean complete;
        private long lastSequence = -1;
        private long statements;
        private long denied;
        private long held;
        private @Nullable StatementDecided current;
        private final Deque<EarlierStatement> latest = new ArrayDeque<>();
        private @Nullable EarlierStatement newest;

        private void add(StatementDecided decided, EventEnvelope<?> envelope) {
            settle();
            current = decided;
            newest = earlier(decided, envelope);
        }

        /** The statement before becomes an earlier one; the newest is the one that may be held next. */
        private void settle() {
            var before = current;
            if (before == null || newest == null) {
                return;
            }
            statements++;
            denied += before.outcome() == Outcome.DENY ? 1 : 0;
            held += before.outcome() == Outcome.HOLD ? 1 : 0;
            latest.add(newest);
            if (latest.size() > LATEST) {
                latest.remove();
            }
            current = null;
            newest = null;
        }

        private SessionSoFar upTo(String statementId) {
            if (current != null && !current.statementId().equals(statementId)) {
                settle();
            }
            return new SessionSoFar(complete, statements, denied, held, List.copyOf(latest));
        }
    }

    private final Map<String, Track> tracks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Track> eldest) {
            return size() > SESSIONS;
        }
    };

    /** Notes what has happened. What was noted already, as records that come again, counts once. */
    void note(EventEnvelope<?> envelope) {
        switch (envelope.data()) {
            case SessionOpened _ -> track(envelope).complete = true;
            case StatementDecided decided when decided.protocol() != Protocol.PARSE -> {
                var track = track(envelope);
                var sequence = envelope.sequence();
                if (sequence == null || sequence > track.lastSequence) {
                    track.lastSequence = sequence == null ? track.lastSequence : sequence;
                    track.add(decided, envelope);
                }
            }
            case SessionClosed _ -> tracks.remove(envelope.subject());
            default -> {
                // Nothing that an approver would want to see of a session.
            }
        }
    }

    private Track track(EventEnvelope<?> envelope) {
        return tracks.computeIfAbsent(envelope.subject(), _ -> new Track());
    }

    /** What the session had done before this statement; null where nothing is known of it. */
    @Nullable SessionSoFar before(String sessionId, String statementId) {
        var track = tracks.get(sessionId);
        return track == null ? null : track.upTo(statementId);
    }

    private static EarlierStatement earlier(StatementDecided decided, EventEnvelope<?> envelope) {
        var query = decided.query();
        boolean whole = query.length() <= LONGEST_TEXT;
        int end = whole ? query.length() : Character.isHighSurrogate(query.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return new EarlierStatement(
                envelope.time(), decided.outcome(), decided.rule(), decided.facts().kinds(), decided.facts().relations(), query.substring(0, end), whole);
    }
}
