// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.VerdictEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Verdicts that were read before the tickets that they are for. Bounded; not thread-safe. */
final class EarlyVerdicts {
    private static final int MOST = 50_000;
    /** Of one ticket, of those that are genuine and of those that are not. */
    private static final int MOST_OF_ONE = 4;

    private record Early(String eventId, VerdictEvent verdict, boolean genuine) {}

    private final Map<String, List<Early>> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Early>> eldest) {
            return size() > MOST;
        }
    };

    void keep(String eventId, VerdictEvent verdict, boolean genuine) {
        List<Early> ofTicket = waiting.computeIfAbsent(verdict.approvalId(), id -> new ArrayList<>());
        if (ofTicket.stream().filter(one -> one.genuine == genuine).count() < MOST_OF_ONE) {
            ofTicket.add(new Early(eventId, verdict, genuine));
        }
    }

    /** The ticket is there now. */
    void give(Ticket ticket) {
        List<Early> ofTicket = waiting.remove(ticket.opened.approvalId());
        if (ofTicket != null) {
            ofTicket.forEach(one -> ticket.take(one.eventId, one.verdict, one.genuine));
        }
    }
}
