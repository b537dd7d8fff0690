// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Keeps answers back until Kafka has the record that they depend on. Order is kept; the amount kept is the driver's to bound. */
final class ReleaseGate {
    private record Withheld(long mark, Buffer bytes, boolean endsWhole) {}

    private final ArrayDeque<Withheld> withheld = new ArrayDeque<>();
    private long withheldBytes;
    private boolean withinMessage;

    /** @param endsWhole whether the bytes end where a message ends */
    void pass(Buffer bytes, boolean endsWhole, long mark, long acknowledged, Consumer<Buffer> out) {
        if (withheld.isEmpty() && mark <= acknowledged) {
            withinMessage = !endsWhole;
            out.accept(bytes);
        } else {
            withheld.addLast(new Withheld(mark, bytes, endsWhole));
            withheldBytes += bytes.length();
        }
    }

    void open(long acknowledged, Consumer<Buffer> out) {
        while (!withheld.isEmpty() && withheld.peekFirst().mark <= acknowledged) {
            Withheld first = withheld.removeFirst();
            withheldBytes -= first.bytes.length();
            withinMessage = !first.endsWhole;
            out.accept(first.bytes);
        }
    }

    /** Whether the client has had the beginning of a message and not its end: whatever came now would be read as part of it. */
    boolean isWithinMessage() {
        return withinMessage;
    }

    boolean isEmpty() {
        return withheld.isEmpty();
    }

    long withheldBytes() {
        return withheldBytes;
    }

    void discard() {
        withheld.clear();
        withheldBytes = 0;
    }
}
