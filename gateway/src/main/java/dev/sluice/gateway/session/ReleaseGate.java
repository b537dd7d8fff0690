// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps answers back until Kafka has the record that they depend on. Order is kept; the amount kept is the driver's to bound. */
final class ReleaseGate {
    private record Withheld(long mark, Buffer bytes, boolean endsWhole) {}

    private final ArrayDeque<Withheld> withheld = new ArrayDeque<>();
    private long withheldBytes;
    private boolean withinMessage;
    /** The last bytes that came, let through or not, end in the middle of a message. */
    private boolean arrivesInPieces;
    private @Nullable Withheld words;

    /** @param endsWhole whether the bytes end where a message ends */
    void pass(Buffer bytes, boolean endsWhole, long mark, long acknowledged, Consumer<Buffer> out) {
        arrivesInPieces = !endsWhole;
        if (withheld.isEmpty() && mark <= acknowledged) {
            withinMessage = !endsWhole;
            out.accept(bytes);
        } else {
            withheld.addLast(new Withheld(mark, bytes, endsWhole));
            withheldBytes += bytes.length();
        }
        Withheld waiting = words;
        if (endsWhole && waiting != null) {
            words = null;
            pass(waiting.bytes, true, Math.max(mark, waiting.mark), acknowledged, out);
        }
    }

    /** Words of our own, a whole message: between two messages, not within one. Of several that wait for that, the newest is said. */
    void say(Buffer bytes, long mark, long acknowledged, Consumer<Buffer> out) {
        if (arrivesInPieces) {
            words = new Withheld(mark, bytes, true);
        } else {
            pass(bytes, true, mark, acknowledged, out);
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
