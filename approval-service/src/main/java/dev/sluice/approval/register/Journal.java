// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.EventEnvelope;
import java.util.concurrent.CompletionStage;

/** Where events of approvals are appended. What was appended counts once the register has it back. */
@FunctionalInterface
public interface Journal {
    /** Completes when the log has it for good, exceptionally when it never will. Waits out an outage of the log. */
    CompletionStage<Void> append(EventEnvelope<? extends ApprovalEvent> event);
}
