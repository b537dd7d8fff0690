// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

/** Takes over a session once both legs are authenticated. */
@FunctionalInterface
public interface SessionStarter {
    /**
     * Called on the session's event loop. Both sockets are paused and have no handlers but this package's watch on their closing. The
     * client has had AuthenticationOk, every ParameterStatus and our BackendKeyData; ReadyForQuery is the starter's to send. From here on
     * the starter owns both sockets and must close both.
     */
    void start(EstablishedSession session);
}
