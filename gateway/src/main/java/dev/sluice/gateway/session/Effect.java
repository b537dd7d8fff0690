// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.schemas.event.StatementEvent;
import io.vertx.core.buffer.Buffer;

/** Everything that a connection may do to the world. Performed in order. */
public sealed interface Effect {
    record ToBackend(Buffer bytes) implements Effect {}

    record ToFrontend(Buffer bytes) implements Effect {}

    /** Read this text; answered by {@link Input.HasRead}. At most one is open at a time. */
    record Read(String sql) implements Effect {}

    /** Append to the session's record; {@link Input.Acknowledged} with this mark says that it is safe. Marks rise by one. */
    record Record(StatementEvent event, long mark) implements Effect {}

    /** Register the hold and start its expiry; answered by {@link Input.Granted} or {@link Input.HoldRefused}. */
    record OpenHold(StatementEvent.StatementHeld hold) implements Effect {}

    /** The hold is over: forget it, whatever still arrives for it. */
    record CloseHold(String approvalId) implements Effect {}

    /** Ask the server to cancel what it runs for this session. */
    record RelayCancel() implements Effect {}

    /** Close both sides once everything written so far is out. */
    record CloseBoth(String reason) implements Effect {}
}
