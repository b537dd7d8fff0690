// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;

/** The session behind a hold. Called on any thread. */
public interface HoldOwner {
    /** {@code verdict} is a JWS that has been verified for exactly this hold. */
    void granted(String approvalId, String verdict);

    void refused(String approvalId, SqlState sqlState, String reason);
}
