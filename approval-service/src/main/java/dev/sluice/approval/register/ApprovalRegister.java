// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.Abridged;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every approval of the log that is open, and the latest of the closed ones. Applying the same stretch of the log twice changes nothing,
 * since the decider admits nothing twice.
 */
public final class ApprovalRegister {
    private final ApprovalDecider decider = new ApprovalDecider();
    private final Map<String, Asked> approvals = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<PageKey, String> order = new ConcurrentSkipListMap<>();
    private final Map<String, ApprovalState.Open> open = new ConcurrentHashMap<>();
    private final Map<String, ApprovalChain> chains = new ConcurrentHashMap<>();
    private final Map<String, Long> openFootprints = new ConcurrentHashMap<>();
    private final AtomicLong openBytes = new AtomicLong();
    private final ClosedShelf closedShelf;
    private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<ApprovalState>> awaited = new ConcurrentHashMap<>();
    private final List<Consumer<Asked>> watchers = new CopyOnWriteArrayList<>();
    private final Object progress = new Object();

    /**
     * @param closedKept how many closed approvals are kept for reading; older ones are forgotten here, not in the log
     * @param closedBytes how much memory they may take, as {@link Footprint} counts it: the older ones are kept without their statements where that is not enough
     */
    public ApprovalRegister(int closedKept, long closedBytes) {
        this.closedShelf = new ClosedShelf(closedKept, closedBytes);
    }

    /** Folds one event of the log in; {@code record} is its bytes. Called by the thread that reads the log, in its order. */
    public void apply(RecordedEvent recorded, byte[] record) {
        var id = recorded.event().approvalId();
        var before = stateOf(id);
        if (!(before instanceof ApprovalState.Closed) && !(recorded.event() instanceof ApprovalSealed)) {
            chains.merge(id, ApprovalChain.START.with(record), (chain, _) -> chain.with(record));
        }
        var after = decider.evolve(before, recorded);
        if (after instanceof Asked asked && !after.equals(before)) {
            remember(asked);
            watchers.forEach(watcher -> watcher.accept(asked));
        }
        var waiting = awaited.remove(recorded.id());
        if (waiting != null) {
            waiting.complete(after);
        }
    }

    private void remember(Asked asked) {
        var id = asked.held().approvalId();
        approvals.put(id, asked);
        order.put(PageKey.of(asked), id);
        switch (asked) {
            case ApprovalState.Open stillOpen -> {
                open.put(id, stillOpen);
                openTakes(id, Footprint.bytesOf(stillOpen));
            }
            case ApprovalState.Closed closed -> {
                open.remove(id);
                openTakes(id, 0);
                closedShelf.add(id, Footprint.bytesOf(closed));
                makeRoom();
            }
        }
    }

    private void openTakes(String id, long bytes) {
        Long before = bytes == 0 ? openFootprints.remove(id) : openFootprints.put(id, bytes);
        openBytes.addAndGet(bytes - (before == null ? 0 : before));
    }

    private void makeRoom() {
        for (var id = closedShelf.nextToAbridge(); id != null; id = closedShelf.nextToAbridge()) {
            if (approvals.get(id) instanceof ApprovalState.Closed whole) {
                var abridged = Abridged.of(whole);
                approvals.put(id, abridged);
                closedShelf.abridged(id, Footprint.bytesOf(abridged));
            }
        }
        for (var id = closedShelf.nextToForget(); id != null; id = closedShelf.nextToForget()) {
            var forgotten = approvals.remove(id);
            if (forgotten != null) {
                order.remove(PageKey.of(forgotten));
                chains.remove(id);
            }
        }
    }

    /** Notes that everything of {@code partition} up to and including {@code offset} has been applied. */
    public void appliedThrough(int partition, long offset) {
        applied.merge(partition, offset, Math::max);
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    /** Blocks until {@link #appliedThrough} has come as far, or until {@code deadlineNanos} of {@link System#nanoTime}; false then. */
    public boolean awaitApplied(int partition, long offset, long deadlineNanos) throws InterruptedException {
        synchronized (progress) {
            while (applied.getOrDefault(partition, -1L) < offset) {
                long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                progress.wait(millis);
            }
        }
        return true;
    }

    /** The approval's history so far; that of a closed one ends with the record that closed it. */
    public ApprovalChain chainOf(String approvalId) {
        return chains.getOrDefault(approvalId, ApprovalChain.START);
    }

    public ApprovalState stateOf(String approvalId) {
        Asked asked = approvals.get(approvalId);
        return asked == null ? decider.initial() : asked;
    }

    /**
     * The state right after the event of this id has come back from the log. Ask before appending the event. Completes on the thread
     * that reads the log; {@link #forget} it when nobody waits any more.
     */
    public CompletableFuture<ApprovalState> whenApplied(String eventId) {
        return awaited.computeIfAbsent(eventId, _ -> new CompletableFuture<>());
    }

    public void forget(String eventId) {
        awaited.remove(eventId);
    }

    /** Newest first, from just behind {@code after}. The stream is lazy and weakly consistent: what closes meanwhile may show either way. */
    public Stream<Asked> newestFirst(@Nullable PageKey after, Predicate<Asked> wanted) {
        var rest = after == null ? order : order.tailMap(after, false);
        return rest.values().stream().map(approvals::get).filter(Objects::nonNull).filter(wanted);
    }

    public List<ApprovalState.Open> openIn(String sessionId) {
        return open.values().stream().filter(one -> one.held().sessionId().equals(sessionId)).toList();
    }

    public List<ApprovalState.Open> openWithVoteOf(Person person) {
        return open.values().stream().filter(one -> one.votes().stream().anyMatch(vote -> vote.person().equals(person))).toList();
    }

    /** The open approvals whose time is over at {@code now}. */
    public List<ApprovalState.Open> overdue(Instant now) {
        return open.values().stream().filter(one -> !now.isBefore(one.held().expiresAt())).toList();
    }

    public int openCount() {
        return open.size();
    }

    /** How much memory the open approvals take, as {@link Footprint} counts it. */
    long openBytes() {
        return openBytes.get();
    }

    /** How much memory the closed ones take that are kept. */
    long closedBytes() {
        return closedShelf.bytes();
    }

    /** Calls {@code watcher} with every new state, on the thread that reads the log: hand over, don't work. Run the result to stop. */
    public Runnable watch(Consumer<Asked> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
