// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's messages that wait for their turn, with when they came. */
final class Inbox {
    private record Waiting(FrontendMessage message, long nanos) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private long arrivedNanos;

    void add(FrontendMessage message, long nanos) {
        waiting.addLast(new Waiting(message, nanos));
        bytes += cost(message);
    }

    /** They are looked at again, in this order and before all others. They count as come when what was taken last came. */
    void putBack(List<FrontendMessage> messages) {
        for (FrontendMessage message : messages.reversed()) {
            waiting.addFirst(new Waiting(message, arrivedNanos));
            bytes += cost(message);
        }
    }

    @Nullable FrontendMessage first() {
        Waiting first = waiting.peekFirst();
        return first == null ? null : first.message;
    }

    FrontendMessage take() {
        Waiting first = waiting.removeFirst();
        bytes -= cost(first.message);
        arrivedNanos = first.nanos;
        return first.message;
    }

    /** When what was taken last had come. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Memory that waits here, about. */
    long bytes() {
        return bytes;
    }

    private static long cost(FrontendMessage message) {
        return message.raw().length() + Pipeline.MESSAGE_BYTES;
    }
}
