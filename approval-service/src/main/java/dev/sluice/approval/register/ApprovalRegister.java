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
import java.time.Duration;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every approval of the log that is open, those that have closed and are not sealed yet, since their verdicts are still to be sent, and the latest of the
 * sealed ones. What is forgotten is known by its id for a long time yet. Applying the same stretch of the log twice changes nothing, since the decider admits
 * nothing twice.
 */
public final class ApprovalRegister {
    private static final Logger LOGGER = LoggerFactory.getLogger(ApprovalRegister.class);
    /** What the unsealed ones may take, for every byte of the sealed ones: as much as all open ones together, each of which was one of those. */
    static final int UNSEALED_SHARE = 2;
    /** For one byte that the ids of forgotten ones may take, this many of the sealed ones. */
    private static final int FORGOTTEN_PART = 4;
    /** 36 characters, and what a map takes for them. */
    private static final long BYTES_OF_AN_ID = 200;
    /** How long after its hold's end an approval waits for its seal: what waited for its verdict has given up long before. */
    private static final Duration LONGEST_UNSEALED = Duration.ofDays(1);
    /** Approvals of which there are records and no request yet, as only a replica with a fault writes them. */
    private static final int UNASKED_REMEMBERED = 1_000;

    private enum End {
        SEALED,
        NEVER_SEALED
    }

    private final ApprovalDecider decider = new ApprovalDecider();
    private final Map<String, Asked> approvals = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<PageKey, String> order = new ConcurrentSkipListMap<>();
    private final Map<String, ApprovalState.Open> open = new ConcurrentHashMap<>();
    private final Map<String, ApprovalChain> chains = new ConcurrentHashMap<>();
    private final Map<String, Long> openFootprints = new ConcurrentHashMap<>();
    private final AtomicLong openBytes = new AtomicLong();
    private final ClosedShelf sealed;
    private final ClosedShelf unsealed;
    private final Latest<String, End> forgotten;
    private final Latest<String, ApprovalChain> unaskedChains = new Latest<>(UNASKED_REMEMBERED, Long.MAX_VALUE, _ -> 1);
    private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<ApprovalState>> awaited = new ConcurrentHashMap<>();
    private final List<Consumer<Asked>> watchers = new CopyOnWriteArrayList<>();
    private final Object progress = new Object();

    /**
     * @param closedKept how many closed and sealed approvals are kept for reading; older ones are forgotten here, not in the log
     * @param closedBytes how much memory they may take, as {@link Footprint} counts it: the older ones are kept without their statements where that is not
     *     enough. Those that are not sealed yet may take {@value #UNSEALED_SHARE} times as much besides
     */
    public ApprovalRegister(int closedKept, long closedBytes) {
        this.sealed = new ClosedShelf(closedKept, closedBytes);
        this.unsealed = new ClosedShelf(Integer.MAX_VALUE, UNSEALED_SHARE * closedBytes);
        this.forgotten = new Latest<>(Integer.MAX_VALUE, closedBytes / FORGOTTEN_PART, _ -> BYTES_OF_AN_ID);
    }

    /** Folds one event of the log in; {@code record} is its bytes. Called by the thread that reads the log, in its order. */
    public void apply(RecordedEvent recorded, byte[] record) {
        var id = recorded.event().approvalId();
        var before = stateOf(id);
        var after = isForgotten(id) ? before : decider.evolve(before, recorded);
        if (recorded.event() instanceof ApprovalSealed) {
            seal(id);
        } else if (!(before instanceof ApprovalState.Closed) && !isForgotten(id)) {
            lengthenChain(id, after, record);
        }
        if (after instanceof Asked asked && !after.equals(before)) {
            remember(asked, recorded.time());
            watchers.forEach(watcher -> watcher.accept(asked));
        }
        var waiting = awaited.remove(recorded.id());
        if (waiting != null) {
            waiting.complete(after);
        }
    }

    private void lengthenChain(String id, ApprovalState after, byte[] record) {
        var early = unaskedChains.remove(id);
        var chain = (early == null ? chainOf(id) : early).with(record);
        if (after instanceof Asked) {
            chains.put(id, chain);
        } else {
            unaskedChains.put(id, chain);
        }
    }

    private void remember(Asked asked, Instant now) {
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
                unsealed.add(id, Footprint.bytesOf(closed), true);
                giveUpWaitingForSeals(now);
                abridge(unsealed);
                for (var lost = unsealed.nextToForget(); lost != null; lost = unsealed.nextToForget()) {
                    LOGGER.atError().addKeyValue("approvalId", lost)
                            .log("more approvals have closed than there is memory for until their verdicts are sent: this one is forgotten without verdict and seal");
                    forget(lost, End.NEVER_SEALED);
                }
            }
        }
    }

    private void openTakes(String id, long bytes) {
        Long before = bytes == 0 ? openFootprints.remove(id) : openFootprints.put(id, bytes);
        openBytes.addAndGet(bytes - (before == null ? 0 : before));
    }

    /** Kafka has the verdict, so the approval is kept for reading alone. */
    private void seal(String id) {
        boolean whole = unsealed.isWhole(id);
        var closed = approvals.get(id);
        if (!unsealed.remove(id) || closed == null) {
            return;
        }
        sealed.add(id, Footprint.bytesOf((Record) closed), whole);
        abridge(sealed);
        for (var next = sealed.nextToForget(); next != null; next = sealed.nextToForget()) {
            forget(next, End.SEALED);
        }
    }

    /** An approval of a former version, or of one that lost its verdict, is never sealed, and nobody waits for its verdict any more. */
    private void giveUpWaitingForSeals(Instant now) {
        for (var id = unsealed.eldest(); id != null; id = unsealed.eldest()) {
            var waiting = approvals.get(id);
            if (waiting != null && now.isBefore(waiting.held().expiresAt().plus(LONGEST_UNSEALED))) {
                return;
            }
            LOGGER.atWarn().addKeyValue("approvalId", id).log("an approval has not been sealed within a day after its hold's end");
            seal(id);
        }
    }

    private void abridge(ClosedShelf shelf) {
        for (var id = shelf.nextToAbridge(); id != null; id = shelf.nextToAbridge()) {
            if (approvals.get(id) instanceof ApprovalState.Closed whole) {
                var abridged = Abridged.of(whole);
                approvals.put(id, abridged);
                shelf.abridged(id, Footprint.bytesOf(abridged));
            }
        }
    }

    /** Its state goes before its chain does: see {@link #chainOf}. */
    private void forget(String id, End end) {
        synchronized (forgotten) {
            forgotten.put(id, end);
        }
        var asked = approvals.remove(id);
        if (asked != null) {
            order.remove(PageKey.of(asked));
        }
        chains.remove(id);
    }

    /** Whether it was closed once, and is not kept any more: nothing changes it. */
    public boolean isForgotten(String approvalId) {
        return endOf(approvalId) != null;
    }

    /** Whether it was forgotten before it was sealed, so that its verdict may not have been sent, and can't be any more. */
    public boolean isLost(String approvalId) {
        return endOf(approvalId) == End.NEVER_SEALED;
    }

    private @Nullable End endOf(String approvalId) {
        synchronized (forgotten) {
            return forgotten.get(approvalId);
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

    /**
     * The approval's history so far; that of a closed one ends with the record that closed it. Who wants both asks for it before {@link #stateOf}: that of an
     * approval that is found closed then was still there.
     */
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

    /** How much memory the approvals take that are open, or whose verdicts are still to be sent, as {@link Footprint} counts it. */
    long unsettledBytes() {
        return openBytes.get() + unsealed.bytes();
    }

    /** How much memory those take that are kept for reading. */
    long sealedBytes() {
        return sealed.bytes();
    }

    /** Calls {@code watcher} with every new state, on the thread that reads the log: hand over, don't work. Run the result to stop. */
    public Runnable watch(Consumer<Asked> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
