// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import org.jspecify.annotations.Nullable;

/** What happens to a frontend's connection as a whole. */
public sealed interface SessionEvent extends DomainEvent {
    /**
     * The caller is proven and the server has accepted the session.
     *
     * @param traceparent W3C Trace Context, where the client gave one in its startup packet
     */
    record SessionOpened(
            Principal principal,
            String target,
            String database,
            String role,
            @Nullable String application,
            String clientAddress,
            boolean encrypted,
            String protocolVersion,
            @Nullable String serverVersion,
            String policyVersion,
            String mode,
            @Nullable String traceparent)
            implements SessionEvent {
        /** A session of no trace. */
        public SessionOpened(
                Principal principal,
                String target,
                String database,
                String role,
                @Nullable String application,
                String clientAddress,
                boolean encrypted,
                String protocolVersion,
                @Nullable String serverVersion,
                String policyVersion,
                String mode) {
            this(principal, target, database, role, application, clientAddress, encrypted, protocolVersion, serverVersion, policyVersion, mode, null);
        }
    }

    /** No session came to be: the caller was not proven, not allowed, or the server was out of reach. */
    record SessionRefused(
            @Nullable String user, @Nullable String target, String clientAddress, String sqlState, String reason) implements SessionEvent {}

    /** A signed statement of how far the chain has come. {@code signature} is a compact JWS over session, sequence and chain hash. */
    record SessionCheckpointed(long checkpointSequence, String chainHash, String signature) implements SessionEvent {}

    /** The end of a session. The last record of its chain; {@code signature} as in {@link SessionCheckpointed}. */
    record SessionClosed(String reason, long statements, long durationMicros, String chainHash, String signature) implements SessionEvent {}

    /** A session of the gateway's own has found out what a held statement would do. Its record tells what was sent to the database for it. */
    record ImpactAssessed(String approvalId, Impact impact) implements SessionEvent {}
}
