// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.TicketEvent;

/** Where tickets are written. What is written comes back, in the order of the log, by {@link TicketOffice#apply}. */
@FunctionalInterface
public interface TicketLog {
    /** Never blocks. False when it can't be written now. */
    boolean append(TicketEvent event);
}
