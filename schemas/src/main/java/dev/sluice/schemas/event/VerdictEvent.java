// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import org.jspecify.annotations.Nullable;

/** What the approval-service sends back to the gateway that holds the statement. */
public sealed interface VerdictEvent extends DomainEvent {
    String approvalId();

    String sessionId();

    /** {@code verdict} is a compact JWS (Ed25519) whose claims are {@code dev.sluice.schemas.Verdict}. */
    record VerdictGranted(String approvalId, String sessionId, String verdict) implements VerdictEvent {}

    /**
     * People have refused, or nobody could be asked.
     *
     * @param ending a compact JWS (Ed25519) of {@code dev.sluice.schemas.signature.Ending}; without it the refusal ends nothing. Absent in records from
     *     before refusals were signed
     */
    record VerdictRefused(String approvalId, String sessionId, String reason, @Nullable String ending) implements VerdictEvent {
        /** One that nobody has signed. */
        public VerdictRefused(String approvalId, String sessionId, String reason) {
            this(approvalId, sessionId, reason, null);
        }
    }

    /**
     * Nobody has answered in time.
     *
     * @param ending as of {@link VerdictRefused}
     */
    record VerdictExpired(String approvalId, String sessionId, @Nullable String ending) implements VerdictEvent {
        /** One that nobody has signed. */
        public VerdictExpired(String approvalId, String sessionId) {
            this(approvalId, sessionId, null);
        }
    }
}
