// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.identity.AgentToken;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.Principal;
import io.vertx.core.net.NetSocket;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session whose caller is proven and whose server has accepted us.
 *
 * @param sessionId UUID version 7
 * @param principal the verified caller; never changes
 * @param credentialEnds the end of what the caller was proven with; null where it has none or nobody knows it
 * @param agentToken what the caller was proven with, if that was one
 * @param target name of the target
 * @param database the database on the server
 * @param role the user that the server authenticated
 * @param manner how the client waits for people, as far as it or its target has said
 * @param application the client's application_name; what a client says about itself
 * @param requestedUser the user of the startup packet: free text of the client's unless the login was passed through
 * @param clientAddress host and port, IPv6 in brackets
 * @param encrypted whether the client came over TLS
 * @param minorVersion minor protocol version agreed with the client: 0 or 2
 * @param passthrough whether the client's own login was relayed
 * @param frontend the client's socket, paused
 * @param backend the server's socket, paused, on the same event loop
 * @param frontendReader holds what the client sent ahead; read it before resuming
 * @param backendReader holds what the server sent ahead; read it before resuming
 * @param parameterStatus what the server has reported; the starter may write to it
 * @param transactionStatus of the ReadyForQuery that the starter has yet to send
 * @param cancel our cancel key; set its handler, and close it with the session
 * @param backendProcessId the server's process id of this session
 * @param upstreamCancel cancels on the server
 * @param traceparent W3C Trace Context, if the client gave one
 * @param purpose what the client says that the session is for, if it does
 */
public record EstablishedSession(
        String sessionId,
        Principal principal,
        @Nullable Instant credentialEnds,
        @Nullable AgentToken agentToken,
        String target,
        String database,
        String role,
        HoldManner manner,
        @Nullable String application,
        String requestedUser,
        String clientAddress,
        boolean encrypted,
        int minorVersion,
        boolean passthrough,
        NetSocket frontend,
        NetSocket backend,
        FrontendReader frontendReader,
        BackendReader backendReader,
        Map<String, String> parameterStatus,
        TransactionStatus transactionStatus,
        CancelRegistry.Registration cancel,
        int backendProcessId,
        UpstreamCancel upstreamCancel,
        @Nullable String traceparent,
        @Nullable String purpose) {}
