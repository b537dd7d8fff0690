// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The session behind a hold. Called on any thread. */
public interface HoldOwner {
    /**
     * @param verdict a JWS that has been verified for exactly this hold
     * @param standsUntil when it ends with a credential of those who gave it; absent where it does not
     */
    void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil);

    /**
     * A verdict for this approval counts for nothing; if its hold is open, it stays so. {@code verdictEventId} is the event that brought it.
     *
     * @return false where the session has ended: nothing can be recorded in it any more
     */
    boolean rejected(String approvalId, String verdictEventId, String verdict, String reason);

    void refused(String approvalId, SqlState sqlState, String reason);
}
