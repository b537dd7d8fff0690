// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;

/** The session behind a hold. Called on any thread. */
public interface HoldOwner {
    /** {@code verdict} is a JWS that has been verified for exactly this hold. */
    void granted(String approvalId, String verdictEventId, String verdict);

    /**
     * A verdict for this approval counts for nothing; if its hold is open, it stays so. {@code verdictEventId} is the event that brought it.
     *
     * @return false where the session has ended: nothing can be recorded in it any more
     */
    boolean rejected(String approvalId, String verdictEventId, String verdict, String reason);

    void refused(String approvalId, SqlState sqlState, String reason);
}
