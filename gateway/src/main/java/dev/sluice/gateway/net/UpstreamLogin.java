// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.BackendMessage.Authentication;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Answers a server's authentication requests: with the gateway's credential, or with the client's answers. */
interface UpstreamLogin {
    /**
     * Answers one request. Fails with a {@link RefusedException} when it will not be answered.
     *
     * @return the message to send, empty where none is due
     */
    Future<Buffer> answer(Authentication request);

    /** Whether AuthenticationOk is acceptable now. Fails with a reason when the server has not proven what it must. */
    void accepted() throws RefusedException;

    /** What the client is told when the server refuses. {@code fromServer} is the server's own error. */
    Refusal refused(Refusal fromServer);
}
