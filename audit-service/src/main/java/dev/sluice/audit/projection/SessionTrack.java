// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a session to fold its next record.
 *
 * @param startedAt time of its first record, which gives all of its rows their day
 * @param lastSequence the highest sequence so far, -1 before the first
 * @param lastDigest SHA-256 (hex) of the record with that sequence, 64 zeros before the first
 * @param statements how many statements were decided so far
 * @param closed whether session.closed has been seen
 */
public record SessionTrack(
        String sessionId,
        Instant startedAt,
        long lastSequence,
        String lastDigest,
        long statements,
        boolean closed,
        @Nullable String principal,
        @Nullable String target) {
    /** What the first record of a chain names as the one before it. */
    public static final String NO_DIGEST = "0".repeat(64);

    /** A session of which nothing is known but that it has a record of this time. */
    public static SessionTrack fresh(String sessionId, Instant startedAt) {
        return new SessionTrack(sessionId, startedAt, -1, NO_DIGEST, 0, false, null, null);
    }

    SessionTrack advanced(long sequence, String digest) {
        return sequence <= lastSequence ? this : new SessionTrack(sessionId, startedAt, sequence, digest, statements, closed, principal, target);
    }

    SessionTrack opened(String newPrincipal, String newTarget) {
        return new SessionTrack(
                sessionId, startedAt, lastSequence, lastDigest, statements, closed, principal == null ? newPrincipal : principal, target == null ? newTarget : target);
    }

    SessionTrack decided() {
        return new SessionTrack(sessionId, startedAt, lastSequence, lastDigest, statements + 1, closed, principal, target);
    }

    SessionTrack ended() {
        return new SessionTrack(sessionId, startedAt, lastSequence, lastDigest, statements, true, principal, target);
    }
}
