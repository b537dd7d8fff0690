// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.event.ApprovalEvent;
import java.time.Instant;

/** An event as it stands in the log: {@code id} and {@code time} are its envelope's. */
public record RecordedEvent(String id, Instant time, ApprovalEvent event) {}
