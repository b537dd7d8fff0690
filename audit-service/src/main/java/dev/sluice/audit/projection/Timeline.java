// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the history of approvals into the chain of a session. The chain's own order is certain and is kept; an approval's records come
 * from another process with another clock, so they are placed by what caused what: after the hold, before the end that they led to.
 */
public final class Timeline {
    private static final Comparator<ReadRecord> BY_TIME = Comparator.comparing(ReadRecord::time)
            .thenComparing(record -> record.raw().topic())
            .thenComparing(record -> record.raw().partition())
            .thenComparing(record -> record.raw().offset());

    private Timeline() {}

    /** {@code chain} in log order; {@code approvals} in any. Every record of both is in the result once. */
    public static List<ReadRecord> merge(List<ReadRecord> chain, List<ReadRecord> approvals) {
        Map<String, List<ReadRecord>> waiting = new HashMap<>();
        approvals.stream()
                .sorted(BY_TIME)
                .forEach(record -> waiting.computeIfAbsent(String.valueOf(record.header().subject()), _ -> new ArrayList<>()).add(record));
        List<ReadRecord> open = new ArrayList<>();
        List<ReadRecord> merged = new ArrayList<>(chain.size() + approvals.size());
        for (ReadRecord record : chain) {
            DomainEvent event = record.content() instanceof Content.Known(var envelope) ? envelope.data() : null;
            String ended = endedApproval(event);
            if (event instanceof StatementReleased released && released.ticket() != null) {
                // Its approval was asked for in another session, or earlier in this one.
                open.addAll(waiting.getOrDefault(released.approvalId(), List.of()));
                open.sort(BY_TIME);
                waiting.remove(released.approvalId());
            }
            boolean causedByApproval = !(event instanceof StatementWithdrawn);
            drain(open, merged, candidate ->
                    !candidate.time().isAfter(record.time()) || (ended != null && causedByApproval && ended.equals(candidate.header().subject())));
            merged.add(record);
            if (event instanceof StatementHeld held) {
                open.addAll(waiting.getOrDefault(held.approvalId(), List.of()));
                open.sort(BY_TIME);
                waiting.remove(held.approvalId());
            }
        }
        merged.addAll(open);
        waiting.values().stream().flatMap(List::stream).sorted(BY_TIME).forEach(merged::add);
        return merged;
    }

    private static void drain(List<ReadRecord> open, List<ReadRecord> merged, java.util.function.Predicate<ReadRecord> due) {
        open.removeIf(record -> {
            boolean now = due.test(record);
            if (now) {
                merged.add(record);
            }
            return now;
        });
    }

    private static @Nullable String endedApproval(@Nullable DomainEvent event) {
        return switch (event) {
            case StatementReleased released -> released.approvalId();
            case StatementRefused refused -> refused.approvalId();
            case StatementWithdrawn withdrawn -> withdrawn.approvalId();
            case null, default -> null;
        };
    }
}
