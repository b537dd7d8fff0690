// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

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

    /**
     * Writes what was gathered and the last words, then closes. A peer that does not read gets a reset when {@code patience} is over: what it
     * has not taken by then would occupy memory and the connection for as long as it likes.
     */
    Future<Void> end(Vertx vertx, Buffer lastWords, Duration patience) {
        write(lastWords);
        flush();
        long reset = vertx.setTimer(Math.max(1, patience.toMillis()), id -> reset());
        // A peer that has gone already cannot be told, and need not be.
        return socket.close().onComplete(closed -> vertx.cancelTimer(reset));
    }

    /** Past Vert.x, which closes behind what is still to be written. */
    private void reset() {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        channel.eventLoop().execute(() -> {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.unsafe().close(channel.newPromise());
            }
        });
    }
}
