// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happens to a frontend's connection as a whole. */
public sealed interface SessionEvent extends DomainEvent {
    /**
     * The caller is proven and the server has accepted the session.
     *
     * @param traceparent W3C Trace Context, where the client gave one in its startup packet
     * @param purpose what the client said that the session is for, where it did
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
            @Nullable String traceparent,
            @Nullable String purpose)
            implements SessionEvent {
        /** A session of no trace and no purpose. */
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
            this(principal, target, database, role, application, clientAddress, encrypted, protocolVersion, serverVersion, policyVersion, mode, null, null);
        }
    }

    /** No session came to be: the caller was not proven, not allowed, or the server was out of reach. */
    record SessionRefused(
            @Nullable String user, @Nullable String target, String clientAddress, String sqlState, String reason) implements SessionEvent {}

    /**
     * The server has a session of the gateway's login that did not come through the gateway: what it does is neither judged nor recorded. A chain of
     * its own, with this as its one event besides the end.
     *
     * @param role the login
     * @param serverProcess the process of the server that serves it
     * @param startedAt when it began, by the server's clock
     * @param clientAddress where it comes from, absent for a socket of the server's own machine
     */
    record SessionBypassed(
            String target,
            String role,
            @Nullable String database,
            int serverProcess,
            Instant startedAt,
            @Nullable String application,
            @Nullable String clientAddress)
            implements SessionEvent {}

    /**
     * A gateway judges by this policy from now on: it has started, or has found another in its file. A chain of its own, with this as its one event
     * besides the end. Who has changed the file the gateway cannot know.
     *
     * @param version the first 12 hex digits of the SHA-256 of {@code text}
     * @param previousVersion the policy that it replaces, absent at the start
     * @param file where it was read, as the gateway was told; absent for the policy that is built in
     * @param text the file's, as far as a record holds it: absent above 65,536 UTF-16 units
     */
    record PolicyLoaded(String version, String mode, @Nullable String previousVersion, @Nullable String file, @Nullable String text) implements SessionEvent {}

    /** A signed statement of how far the chain has come. {@code signature} is a compact JWS over session, sequence and chain hash. */
    record SessionCheckpointed(long checkpointSequence, String chainHash, String signature) implements SessionEvent {}

    /** The end of a session. The last record of its chain; {@code signature} as in {@link SessionCheckpointed}. */
    record SessionClosed(String reason, long statements, long durationMicros, String chainHash, String signature) implements SessionEvent {}

    /** A session of the gateway's own has found out what a held statement would do. Its record tells what was sent to the database for it. */
    record ImpactAssessed(String approvalId, Impact impact) implements SessionEvent {}
}
