// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.TicketEvent;
import java.time.Instant;

/** Takes what any gateway has written about tickets, in the order of the log for each key. */
@FunctionalInterface
public interface TicketHandler {
    /** Called on the feed's thread. {@code written} is when its writer says that it was written. */
    void ticket(TicketEvent event, Instant written);
}
