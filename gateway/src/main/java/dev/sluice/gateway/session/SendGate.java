// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps requests back until Kafka has the record of them. What waits here has not reached the database, and can still be taken back. */
final class SendGate {
    /** {@code message} is absent for bytes of our own. {@code owed} is the ledger's entry for it, if it has one. */
    private record Waiting(long mark, Buffer bytes, @Nullable FrontendMessage message, @Nullable Owed owed, boolean unsynced) {}

    /**
     * What was taken back.
     *
     * @param messages the client's own, in order
     * @param owed how many entries at the ledger's end belong to what was waiting
     * @param discarded whether some of it had been discarded already, by an error before it: that is neither put back nor owed
     * @param unsynced whether, without them, extended-query messages have been sent since the last Sync
     */
    record TakenBack(List<FrontendMessage> messages, int owed, boolean discarded, boolean unsynced) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;

    void pass(Buffer bytes, long mark, @Nullable FrontendMessage message, @Nullable Owed owed, boolean unsynced, long acknowledged, long nanos,
            Consumer<Buffer> out) {
        if (waiting.isEmpty() && mark <= acknowledged) {
            sent(owed, nanos);
            out.accept(bytes);
        } else {
            waiting.addLast(new Waiting(mark, bytes, message, owed, unsynced));
            waitingBytes += bytes.length();
        }
    }

    void open(long acknowledged, long nanos, Consumer<Buffer> out) {
        while (!waiting.isEmpty() && waiting.peekFirst().mark <= acknowledged) {
            Waiting first = waiting.removeFirst();
            waitingBytes -= first.bytes.length();
            sent(first.owed, nanos);
            out.accept(first.bytes);
        }
    }

    private static void sent(@Nullable Owed owed, long nanos) {
        if (owed != null && owed.execution != null) {
            owed.execution.stations.sent(nanos);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /** Whether the request that is owed this has not been sent. */
    boolean keeps(Owed owed) {
        return waiting.stream().anyMatch(entry -> entry.owed == owed);
    }

    TakenBack takeBack() {
        var messages = new ArrayList<FrontendMessage>(waiting.size());
        int owed = 0;
        boolean discarded = false;
        boolean unsynced = !waiting.isEmpty() && waiting.getFirst().unsynced;
        for (Waiting entry : waiting) {
            if (entry.owed != null && entry.owed.isGone()) {
                discarded = true;
                continue;
            }
            owed += entry.owed == null ? 0 : 1;
            if (entry.message != null) {
                messages.add(entry.message);
            }
        }
        waiting.clear();
        waitingBytes = 0;
        return new TakenBack(messages, owed, discarded, unsynced);
    }
}
