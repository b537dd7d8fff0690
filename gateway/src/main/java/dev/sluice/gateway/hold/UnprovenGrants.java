// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.VerdictEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Verdicts that have ended nothing, of holds that are still open. A verdict comes once, and the gateway may not have the key yet that proves it: the
 * approval-service has changed it, or could not be asked. So they are tried again when other keys have come. Thread-safe.
 */
public final class UnprovenGrants {
    /** Whoever can write to the verdict topic could send any number, for any number of holds. */
    public static final int MOST_OF_ONE_HOLD = 16;

    private static final int MOST_HOLDS = 1_000;

    private record Kept(String eventId, VerdictEvent verdict) {}

    private final HoldRegistry holds;
    private final Map<String, List<Kept>> kept = new LinkedHashMap<>();

    public UnprovenGrants(HoldRegistry holds) {
        this.holds = holds;
    }

    /** As {@link HoldRegistry#decide}. */
    public void decide(String eventId, VerdictEvent event, Instant now) {
        holds.decide(eventId, event, now);
        if (holds.isOpen(event.approvalId())) {
            keep(new Kept(eventId, event));
        }
    }

    private synchronized void keep(Kept one) {
        kept.keySet().removeIf(approvalId -> !holds.isOpen(approvalId));
        if (kept.size() < MOST_HOLDS || kept.containsKey(one.verdict.approvalId())) {
            List<Kept> ofHold = kept.computeIfAbsent(one.verdict.approvalId(), id -> new ArrayList<>());
            if (ofHold.size() < MOST_OF_ONE_HOLD) {
                ofHold.add(one);
            }
        }
    }

    /** Whether other keys could let a hold go now. */
    public synchronized boolean isWaiting() {
        return kept.keySet().stream().anyMatch(holds::isOpen);
    }

    /** There are other keys than before. */
    public void again(Instant now) {
        List<Kept> tried;
        synchronized (this) {
            tried = kept.values().stream().flatMap(List::stream).toList();
        }
        // For a hold that has ended meanwhile it was recorded when it came.
        tried.stream().filter(one -> holds.isOpen(one.verdict.approvalId())).forEach(one -> holds.decide(one.eventId, one.verdict, now));
    }
}
