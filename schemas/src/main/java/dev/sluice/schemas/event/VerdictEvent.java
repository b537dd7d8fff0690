// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

/** What the approval-service sends back to the gateway that holds the statement. */
public sealed interface VerdictEvent extends DomainEvent {
    String approvalId();

    String sessionId();

    /** {@code verdict} is a compact JWS (Ed25519) whose claims are {@code dev.sluice.schemas.Verdict}. */
    record VerdictGranted(String approvalId, String sessionId, String verdict) implements VerdictEvent {}

    record VerdictRefused(String approvalId, String sessionId, String reason) implements VerdictEvent {}

    record VerdictExpired(String approvalId, String sessionId) implements VerdictEvent {}
}
