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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions have done that this replica reads, the last {@link #LATEST} statements of each: what an approver is shown beside a held one.
 * Touched by the thread that reads the sessions only. It begins where the reading begins, so after a restart or a rebalance it is not complete,
 * and says so.
 */
final class SessionMemory {
    static final int LATEST = 10;
    static final int LONGEST_TEXT = 500;
    /** Of kinds and of relations: a statement may name any number. */
    static final int MOST_NAMED = 100;
    /** What the latest statements of all sessions take. Those of the sessions that were quiet the longest are forgotten first. */
    static final long MOST_BYTES = 32L << 20;
    private static final int SESSIONS = 10_000;
    /** A session of which there is nothing but numbers. */
    private static final long BYTES_OF_A_TRACK = 512;

    /** What is needed of a statement to count it once it is an earlier one. */
    private record Current(String statementId, Outcome outcome) {}

    private static final class Track {
        private boolean complete;
        private long lastSequence = -1;
        private long statements;
        private long denied;
        private long held;
        private @Nullable Current current;
        private final Deque<EarlierStatement> latest = new ArrayDeque<>();
        private @Nullable EarlierStatement newest;
        private long bytes = BYTES_OF_A_TRACK;

        private void add(StatementDecided decided, EventEnvelope<?> envelope) {
            settle();
            current = new Current(decided.statementId(), decided.outcome());
            newest = earlier(decided, envelope);
            bytes += Footprint.bytesOf(newest);
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
                bytes -= Footprint.bytesOf(latest.remove());
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

    private final Latest<String, Track> tracks = new Latest<>(SESSIONS, MOST_BYTES, track -> track.bytes);

    /** Notes what has happened. What was noted already, as records that come again, counts once. */
    void note(EventEnvelope<?> envelope) {
        switch (envelope.data()) {
            case SessionOpened _ -> {
                var track = track(envelope);
                track.complete = true;
                tracks.put(envelope.subject(), track);
            }
            case StatementDecided decided when decided.protocol() != Protocol.PARSE -> {
                var track = track(envelope);
                var sequence = envelope.sequence();
                if (sequence == null || sequence > track.lastSequence) {
                    track.lastSequence = sequence == null ? track.lastSequence : sequence;
                    track.add(decided, envelope);
                }
                tracks.put(envelope.subject(), track);
            }
            case SessionClosed _ -> tracks.remove(envelope.subject());
            default -> {
                // Nothing that an approver would want to see of a session.
            }
        }
    }

    private Track track(EventEnvelope<?> envelope) {
        var known = tracks.get(envelope.subject());
        return known == null ? new Track() : known;
    }

    long bytes() {
        return tracks.bytes();
    }

    /** What the session had done before this statement; null where nothing is known of it. */
    @Nullable SessionSoFar before(String sessionId, String statementId) {
        var track = tracks.get(sessionId);
        return track == null ? null : track.upTo(statementId);
    }

    private static EarlierStatement earlier(StatementDecided decided, EventEnvelope<?> envelope) {
        var query = decided.query();
        boolean wholeText = query.length() <= LONGEST_TEXT;
        int end = wholeText ? query.length() : Character.isHighSurrogate(query.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        var facts = decided.facts();
        boolean whole = wholeText && facts.kinds().size() <= MOST_NAMED && facts.relations().size() <= MOST_NAMED;
        return new EarlierStatement(
                envelope.time(), decided.outcome(), decided.rule(), first(facts.kinds()), first(facts.relations()), query.substring(0, end), whole);
    }

    private static <T> List<T> first(List<T> all) {
        return all.size() <= MOST_NAMED ? all : all.subList(0, MOST_NAMED);
    }
}
