// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Builds one frame; the length is filled in at the end. */
final class FrameBuilder {
    private final Buffer buffer = Buffer.buffer();
    private final int lengthAt;

    /** A frame with a tag. */
    FrameBuilder(char tag) {
        buffer.appendByte((byte) tag);
        lengthAt = 1;
        buffer.appendInt(0);
    }

    /** A startup packet, which has no tag. */
    FrameBuilder() {
        lengthAt = 0;
        buffer.appendInt(0);
    }

    FrameBuilder int8(int value) {
        buffer.appendByte((byte) value);
        return this;
    }

    FrameBuilder int16(int value) {
        buffer.appendShort((short) value);
        return this;
    }

    FrameBuilder int32(int value) {
        buffer.appendInt(value);
        return this;
    }

    FrameBuilder bytes(byte[] value) {
        buffer.appendBytes(value);
        return this;
    }

    FrameBuilder bytes(Buffer value) {
        buffer.appendBuffer(value);
        return this;
    }

    /** A uint16 count; IllegalArgumentException beyond 65535. */
    FrameBuilder count(int count) {
        if (count > 0xffff) {
            throw new IllegalArgumentException("the protocol cannot count to " + count + " here");
        }
        return int16(count);
    }

    /** A text and its terminator; IllegalArgumentException when the text itself holds a zero, which would end it early. */
    FrameBuilder string(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text for the wire holds a zero character");
        }
        buffer.appendBytes(value.getBytes(StandardCharsets.UTF_8)).appendByte((byte) 0);
        return this;
    }

    Buffer build() {
        buffer.setInt(lengthAt, buffer.length() - lengthAt);
        return buffer;
    }
}
