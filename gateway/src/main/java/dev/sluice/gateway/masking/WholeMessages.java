// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;

/** Messages of one type out of chunks that are cut anywhere. What is whole within a chunk is passed on without being copied. */
final class WholeMessages {
    private static final int HEADER = 5;

    /** Takes one message. */
    interface Consumer {
        void message(Buffer source, int offset, int length);
    }

    private final byte type;
    private final int limit;
    private Buffer begun = Buffer.buffer();

    /**
     * @param type the messages' first byte
     * @param limit bytes of the longest message that is put together
     */
    WholeMessages(char type, int limit) {
        this.type = (byte) type;
        this.limit = limit;
    }

    void feed(Buffer chunk, Consumer consumer) {
        int at = 0;
        while (begun.length() > 0 && at < chunk.length()) {
            int wanted = (begun.length() < HEADER ? HEADER : length(begun, 0)) - begun.length();
            int taken = Math.min(wanted, chunk.length() - at);
            begun.appendBuffer(chunk, at, taken);
            at += taken;
            if (begun.length() >= HEADER && begun.length() == length(begun, 0)) {
                Buffer whole = begun;
                begun = Buffer.buffer();
                consumer.message(whole, 0, whole.length());
            }
        }
        while (chunk.length() - at >= HEADER && chunk.length() - at >= length(chunk, at)) {
            int length = length(chunk, at);
            consumer.message(chunk, at, length);
            at += length;
        }
        if (at < chunk.length()) {
            begun.appendBuffer(chunk, at, chunk.length() - at);
        }
    }

    private int length(Buffer source, int at) {
        long length = source.getUnsignedInt(at + 1) + 1;
        if (source.getByte(at) != type || length < HEADER) {
            throw new MaskingFailed("the server sent something else between rows");
        }
        if (length > limit) {
            throw new MaskingFailed("a row of " + length + " bytes is longer than the " + limit + " that can be masked");
        }
        return (int) length;
    }

    boolean isBetweenMessages() {
        return begun.length() == 0;
    }
}
