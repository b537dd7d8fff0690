// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the client is still owed, in order. Every byte that reaches the frontend after startup answers an entry of this ledger, or is one of
 * the messages that the protocol lets a backend send at any time (NoticeResponse, NotificationResponse, ParameterStatus).
 */
final class ReplyLedger {
    /** An entry and what its request left here take up to a kilobyte, and the request itself may have had eight bytes. */
    private static final int MOST = 10_000;

    private final ArrayDeque<Owed> owed = new ArrayDeque<>();

    void expect(Owed entry) {
        owed.addLast(entry);
    }

    @Nullable Owed head() {
        return owed.peekFirst();
    }

    @Nullable Owed last() {
        return owed.peekLast();
    }

    /** Whether an answer is owed that must wait for a record which has not been acknowledged. */
    boolean dependsOnRecordsAfter(long acknowledged) {
        return owed.stream().anyMatch(entry -> entry.mark > acknowledged);
    }

    Owed settleHead() {
        return owed.removeFirst();
    }

    /** Nothing owed: the backend is idle as far as this session's own requests go. */
    boolean isSettled() {
        return owed.isEmpty();
    }

    /** Whether so much is owed that nothing more should be asked for until the server has answered some of it. */
    boolean isFull() {
        return owed.size() >= MOST;
    }

    /** Whether nothing is owed but this. */
    boolean holdsOnly(Owed entry) {
        return owed.size() == 1 && owed.peekFirst() == entry;
    }

    /** Whether nothing is owed but this, and at most the Sync behind it. */
    boolean endsSeries(Owed entry) {
        return owed.peekFirst() == entry && (owed.size() == 1 || owed.size() == 2 && owed.peekLast().kind == RequestKind.SYNC);
    }

    /**
     * An error in extended query: the backend discards messages up to the Sync that ends the pipeline. The failed entry itself has been
     * removed by the caller. Entries that a request's own ReadyForQuery ends are discarded too: the backend skips a Query as it skips an Execute.
     */
    void discardToSync(Consumer<Owed> discarded) {
        while (!owed.isEmpty() && owed.peekFirst().kind != RequestKind.SYNC) {
            discarded.accept(owed.removeFirst());
        }
    }

    /** Takes back the last {@code count} entries: their requests were never sent. */
    void withdrawLast(int count, Consumer<Owed> withdrawn) {
        for (int i = 0; i < count; i++) {
            withdrawn.accept(owed.removeLast());
        }
    }

    void discardAll(Consumer<Owed> discarded) {
        while (!owed.isEmpty()) {
            discarded.accept(owed.removeFirst());
        }
    }
}
