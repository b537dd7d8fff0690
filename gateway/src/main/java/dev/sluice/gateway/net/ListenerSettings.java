// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How clients reach the gateway, and what they may use up before they are known.
 *
 * @param host address to listen on
 * @param port 0 for one that is free
 * @param tls null for none: SSLRequest is then answered with N
 * @param clientAuthority PEM file with the authorities of client certificates; if given, every TLS client must show one of theirs, besides
 *     proving itself
 * @param tlsRequired whether a startup without TLS is refused
 * @param startupTimeout from accept to the end of authentication, TLS and the server's part included
 * @param maxConnections clients at a time, in whatever phase
 * @param maxUnauthenticated clients at a time that are not proven
 * @param maxUnauthenticatedPerAddress the same for one client address
 * @param cancelsPerSecond CancelRequests that are looked at per client address and second; a 4-byte key can be guessed
 * @param maxAuthenticationBytes greatest length of a message during authentication; identity tokens with many groups are long
 * @param maxMessageBytes greatest length of a client's message once the session is open
 * @param eventLoops threads that serve clients; 0 for one per two processors
 */
public record ListenerSettings(
        String host,
        int port,
        @Nullable TlsFiles tls,
        @Nullable Path clientAuthority,
        boolean tlsRequired,
        Duration startupTimeout,
        int maxConnections,
        int maxUnauthenticated,
        int maxUnauthenticatedPerAddress,
        int cancelsPerSecond,
        int maxAuthenticationBytes,
        int maxMessageBytes,
        int eventLoops) {
    /** As documented for each; PostgreSQL's own authentication_timeout is one minute. */
    public static final ListenerSettings DEFAULTS =
            new ListenerSettings("127.0.0.1", 6432, null, null, false, Duration.ofSeconds(60), 10_000, 1_000, 200, 10, 64 << 10, 64 << 20, 0);

    public ListenerSettings {
        atLeast("port", port, 0);
        atLeast("max-connections", maxConnections, 1);
        atLeast("max-unauthenticated", maxUnauthenticated, 1);
        atLeast("max-unauthenticated-per-address", maxUnauthenticatedPerAddress, 1);
        atLeast("cancels-per-second", cancelsPerSecond, 1);
        atLeast("max-authentication-bytes", maxAuthenticationBytes, 1024);
        atLeast("max-message-bytes", maxMessageBytes, 1024);
        atLeast("event-loops", eventLoops, 0);
        if (startupTimeout.isNegative() || startupTimeout.isZero()) {
            throw new IllegalArgumentException("startup-timeout must be more than 0, not " + startupTimeout);
        }
        if (tlsRequired && tls == null) {
            throw new IllegalArgumentException("TLS is required, but no certificate and key are given");
        }
    }

    public ListenerSettings withAddress(String newHost, int newPort) {
        return new ListenerSettings(newHost, newPort, tls, clientAuthority, tlsRequired, startupTimeout, maxConnections, maxUnauthenticated,
                maxUnauthenticatedPerAddress, cancelsPerSecond, maxAuthenticationBytes, maxMessageBytes, eventLoops);
    }

    public ListenerSettings withTls(@Nullable TlsFiles newTls, boolean required) {
        return new ListenerSettings(host, port, newTls, clientAuthority, required, startupTimeout, maxConnections, maxUnauthenticated,
                maxUnauthenticatedPerAddress, cancelsPerSecond, maxAuthenticationBytes, maxMessageBytes, eventLoops);
    }

    public ListenerSettings withStartupTimeout(Duration timeout) {
        return new ListenerSettings(host, port, tls, clientAuthority, tlsRequired, timeout, maxConnections, maxUnauthenticated,
                maxUnauthenticatedPerAddress, cancelsPerSecond, maxAuthenticationBytes, maxMessageBytes, eventLoops);
    }

    public ListenerSettings withLimits(int connections, int unauthenticated, int unauthenticatedPerAddress) {
        return new ListenerSettings(host, port, tls, clientAuthority, tlsRequired, startupTimeout, connections, unauthenticated,
                unauthenticatedPerAddress, cancelsPerSecond, maxAuthenticationBytes, maxMessageBytes, eventLoops);
    }

    private static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", not " + value);
        }
    }
}
