// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to a server, with TLS as the target's settings ask, before the first message. Paused.
 *
 * @param encrypted whether TLS is on
 * @param endPointHash of the server's certificate, for channel binding; null without TLS or if the certificate allows none
 */
record UpstreamLink(NetSocket socket, boolean encrypted, byte @Nullable [] endPointHash) {
    /** Whether a password may be sent as it is: nobody on the way can read it. */
    boolean confidential() {
        return encrypted || Addresses.isLoopback(socket);
    }
}
