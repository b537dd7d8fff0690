// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Future;

/** Asks the server to cancel what one session's upstream connection is running. */
@FunctionalInterface
public interface UpstreamCancel {
    /**
     * Opens a connection of the same TLS mode, sends CancelRequest with the server's key and closes. The server never answers: success
     * means that it was sent. Call it on the session's event loop.
     */
    Future<Void> send();
}
