// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** One socket of a session: gathers what is written until the turn of the event loop is over, and reads or rests. */
final class Leg {
    private final NetSocket socket;
    private Buffer gathered = Buffer.buffer();
    /** A single slice goes out as it is; only several are copied together. */
    private boolean single;
    private boolean reading = true;

    Leg(NetSocket socket) {
        this.socket = socket;
    }

    void write(Buffer bytes) {
        if (gathered.length() == 0) {
            gathered = bytes;
            single = true;
        } else {
            if (single) {
                gathered = Buffer.buffer(gathered.length() + bytes.length() + 256).appendBuffer(gathered);
                single = false;
            }
            gathered.appendBuffer(bytes);
        }
    }

    void flush() {
        if (gathered.length() > 0) {
            Buffer bytes = gathered;
            gathered = Buffer.buffer();
            socket.write(bytes);
        }
    }

    boolean isFull() {
        return socket.writeQueueFull();
    }

    void reading(boolean wanted) {
        if (wanted != reading) {
            reading = wanted;
            if (wanted) {
                socket.resume();
            } else {
                socket.pause();
            }
        }
    }

    /** Writes what was gathered and the last words, then closes. */
    void end(Buffer lastWords) {
        write(lastWords);
        flush();
        // A peer that has gone already cannot be told, and need not be.
        socket.close();
    }
}
