// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.VerdictEvent;

/** Takes verdicts of every gateway's holds; passes over those that are not its own. */
@FunctionalInterface
public interface VerdictHandler {
    /** Called on the feed's thread: find the hold, hand over to its session. {@code eventId} names the event in records that follow from it. */
    void verdict(String eventId, VerdictEvent verdict);
}
