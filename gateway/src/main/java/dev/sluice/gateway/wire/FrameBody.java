// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Walks the body of one whole frame. Every step is checked against the frame's end; {@link #end()} demands that all of it was used. */
final class FrameBody {
    private static final int SCAN_BYTES = 256;
    private static final char REPLACEMENT = '\uFFFD';

    private final Buffer frame;
    private final String name;
    private int position = FrameAssembler.HEADER_BYTES;

    /** @param name the message's name in the manual, for errors */
    FrameBody(String name, Buffer frame) {
        this.name = name;
        this.frame = frame;
    }

    /** A text and whether its bytes were UTF-8. */
    record Text(String value, boolean validUtf8) {}

    int remaining() {
        return frame.length() - position;
    }

    int int32(String field) {
        need(4, field);
        position += 4;
        return frame.getInt(position - 4);
    }

    int uint16(String field) {
        need(2, field);
        position += 2;
        return frame.getUnsignedShort(position - 2);
    }

    int int16(String field) {
        return (short) uint16(field);
    }

    int uint8(String field) {
        need(1, field);
        return frame.getUnsignedByte(position++);
    }

    /** A uint16 count of things of at least {@code bytesEach} bytes, refused when the rest of the frame cannot hold them. */
    int count(String field, int bytesEach) {
        int count = uint16(field);
        if (count > remaining() / bytesEach) {
            throw violation("claims " + count + " " + field + " in " + remaining() + " bytes");
        }
        return count;
    }

    /** A format code: 0 text, 1 binary. */
    int format(String field) {
        int format = int16(field);
        if (format != 0 && format != 1) {
            throw ProtocolViolation.ofBody(
                    frame.getByte(0), SqlState.INVALID_PARAMETER_VALUE, name + " has the unsupported format code " + format);
        }
        return format;
    }

    /** A view of the next bytes. */
    Buffer bytes(int length, String field) {
        if (length < 0) {
            throw violation("has the length " + length + " for " + field);
        }
        need(length, field);
        position += length;
        return frame.slice(position - length, position);
    }

    /** A zero-terminated text; U+FFFD stands for what is not UTF-8. */
    Text text(String field) {
        byte[] bytes = terminated(field);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return new Text(text, text.indexOf(REPLACEMENT) < 0 || isUtf8(bytes));
    }

    /** A zero-terminated text that is only shown or compared with known words. */
    String lenientString(String field) {
        return new String(terminated(field), StandardCharsets.UTF_8);
    }

    /** A zero-terminated name. Two names must never look the same, so one that is not UTF-8 is refused, as PostgreSQL does. */
    String name(String field) {
        Text text = text(field);
        if (!text.validUtf8()) {
            throw ProtocolViolation.ofBody(
                    frame.getByte(0), SqlState.CHARACTER_NOT_IN_REPERTOIRE, name + " has a " + field + " that is not UTF-8");
        }
        return text.value();
    }

    /** Steps over a zero-terminated text. */
    void skipString(String field) {
        position = terminator(field) + 1;
    }

    void end() {
        if (remaining() != 0) {
            throw violation("has " + remaining() + " bytes after its end");
        }
    }

    ProtocolViolation violation(String what) {
        return ProtocolViolation.ofBody(frame.getByte(0), SqlState.PROTOCOL_VIOLATION, name + " " + what);
    }

    private void need(int bytes, String field) {
        if (bytes > remaining()) {
            throw violation("ends within " + field);
        }
    }

    private byte[] terminated(String field) {
        int from = position;
        int end = terminator(field);
        position = end + 1;
        return frame.getBytes(from, end);
    }

    /** Looks for the zero in copied windows: an access per byte through the buffer would cost more than the copy. */
    private int terminator(String field) {
        byte[] window = new byte[Math.min(SCAN_BYTES, remaining())];
        for (int from = position; from < frame.length(); from += window.length) {
            int size = Math.min(window.length, frame.length() - from);
            frame.getBytes(from, from + size, window);
            for (int i = 0; i < size; i++) {
                if (window[i] == 0) {
                    return from + i;
                }
            }
        }
        throw violation("has no zero byte after " + field);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
