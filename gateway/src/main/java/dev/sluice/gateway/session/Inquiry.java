// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A question of our own to the server, in the middle of the client's session. Names of our own keep the client's unnamed statement and portal
 * as they are. Inside a series of extended-query messages a Flush ends the question, so that the client's implicit transaction goes on;
 * otherwise a Sync.
 */
abstract sealed class Inquiry permits EstimateInquiry, ObjectsInquiry, PortalInquiry, SurroundingsInquiry, TreeInquiry {
    /** Whether ReadyForQuery ends the answer. */
    final boolean synced;

    private BackendMessage.@Nullable ErrorResponse failure;

    Inquiry(boolean synced) {
        this.synced = synced;
    }

    /** What is sent, Sync or Flush included. */
    abstract Buffer question();

    /** Whether the message was part of the answer. */
    abstract boolean takes(BackendMessage message);

    /** Whether all that can be expected without a ReadyForQuery is here. */
    abstract boolean isComplete();

    void failed(BackendMessage.ErrorResponse error) {
        failure = error;
    }

    BackendMessage.@Nullable ErrorResponse failure() {
        return failure;
    }

    @Nullable SqlState error() {
        BackendMessage.ErrorResponse error = failure;
        return error == null ? null : error.sqlState();
    }
}
