// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;

/** The session behind a hold. Called on any thread. */
public interface HoldOwner {
    /** {@code verdict} is a JWS that has been verified for exactly this hold. */
    void granted(String approvalId, String verdictEventId, String verdict);

    /** A grant for this hold is not valid; the hold stays open. {@code verdictEventId} is the event that brought it. */
    void rejected(String approvalId, String verdictEventId, String verdict, String reason);

    void refused(String approvalId, SqlState sqlState, String reason);
}
