// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Keeps answers back until Kafka has the record that they depend on. Order is kept; the amount kept is the driver's to bound. */
final class ReleaseGate {
    private record Withheld(long mark, Buffer bytes) {}

    private final ArrayDeque<Withheld> withheld = new ArrayDeque<>();
    private long withheldBytes;

    void pass(Buffer bytes, long mark, long acknowledged, Consumer<Buffer> out) {
        if (withheld.isEmpty() && mark <= acknowledged) {
            out.accept(bytes);
        } else {
            withheld.addLast(new Withheld(mark, bytes));
            withheldBytes += bytes.length();
        }
    }

    void open(long acknowledged, Consumer<Buffer> out) {
        while (!withheld.isEmpty() && withheld.peekFirst().mark <= acknowledged) {
            Buffer bytes = withheld.removeFirst().bytes;
            withheldBytes -= bytes.length();
            out.accept(bytes);
        }
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
