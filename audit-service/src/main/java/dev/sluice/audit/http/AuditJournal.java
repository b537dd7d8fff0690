// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.schemas.event.AuditEvent;
import java.util.concurrent.CompletionStage;

/** Where it is written who has asked for evidence. */
@FunctionalInterface
public interface AuditJournal {
    /** Completes when the log has the event for good, and fails when it has not within a few seconds. */
    CompletionStage<?> append(AuditEvent event);
}
