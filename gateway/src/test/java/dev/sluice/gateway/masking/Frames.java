// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;

/** CopyData messages as tests make and read them. */
final class Frames {
    private Frames() {}

    static Buffer copyData(byte[] payload) {
        return Buffer.buffer().appendByte((byte) 'd').appendInt(payload.length + 4).appendBytes(payload);
    }

    /** What is in the messages, one after the other. */
    static byte[] payload(Buffer messages) {
        Buffer payload = Buffer.buffer();
        int at = 0;
        while (at < messages.length()) {
            int length = messages.getInt(at + 1);
            payload.appendBuffer(messages, at + 5, length - 4);
            at += 1 + length;
        }
        return payload.getBytes();
    }
}
