// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes written by hand, for messages that no codec would make. */
public final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Bytes() {}

    public static Bytes bytes() {
        return new Bytes();
    }

    /** A frame whose length is right whatever the body. */
    public static Buffer frame(int tag, Bytes body) {
        byte[] content = body.toArray();
        return bytes().int8(tag).int32(content.length + 4).raw(content).toBuffer();
    }

    /** A frame whose length is whatever the test says. */
    public static Buffer lyingFrame(int tag, int length, Bytes body) {
        return bytes().int8(tag).int32(length).raw(body.toArray()).toBuffer();
    }

    public Bytes int8(int value) {
        out.write(value);
        return this;
    }

    public Bytes int16(int value) {
        return int8(value >>> 8).int8(value);
    }

    public Bytes int32(int value) {
        return int16(value >>> 16).int16(value);
    }

    /** A text with its terminating zero. */
    public Bytes string(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    public Bytes raw(byte... value) {
        out.writeBytes(value);
        return this;
    }

    public byte[] toArray() {
        return out.toByteArray();
    }

    public Buffer toBuffer() {
        return Buffer.buffer(toArray());
    }
}
