// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received chunks into frames: byte tag | int32 length, which counts itself and the body. A frame that lies within one chunk is a slice
 * of it; only a frame that crosses chunks is copied, and its copy grows with what has arrived, never with what a header claims.
 */
final class FrameAssembler {
    /** Tag and length. */
    static final int HEADER_BYTES = 5;
    /** What {@link #tag()} says when no byte has arrived. */
    static final int NOTHING = -1;

    private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
    private final Buffer nothing = Buffer.buffer(0);
    private Buffer chunk = nothing;
    private int position;
    /** The beginning of a frame that the chunks taken so far did not complete. */
    private @Nullable Buffer carry;

    void feed(Buffer received) {
        if (received.length() > 0) {
            waiting.add(received);
        }
    }

    /** The next frame's tag, 0 to 255. */
    int tag() {
        if (carry != null) {
            return carry.getByte(0) & 0xff;
        }
        return chunkHasBytes() ? chunk.getByte(position) & 0xff : NOTHING;
    }

    /** Whether the next frame's length has arrived. */
    boolean hasHeader() {
        if (carry == null) {
            if (!chunkHasBytes()) {
                return false;
            }
            if (chunk.length() - position >= HEADER_BYTES) {
                return true;
            }
        }
        return fillCarry(HEADER_BYTES);
    }

    /** The next frame's length field; only after {@link #hasHeader()}. */
    int length() {
        return carry != null ? carry.getInt(1) : chunk.getInt(position + 1);
    }

    /** The next frame of {@code total} bytes, header included, or null while some are missing. */
    @Nullable Buffer take(int total) {
        if (carry == null && chunkHasBytes() && chunk.length() - position >= total) {
            Buffer frame = chunk.slice(position, position + total);
            position += total;
            return frame;
        }
        if (!fillCarry(total)) {
            return null;
        }
        Buffer frame = carry;
        carry = null;
        return frame;
    }

    /** Throws up to {@code wanted} bytes away and says how many. */
    long discard(long wanted) {
        long done = 0;
        if (carry != null) {
            // All of the carry belongs to the frame that is discarded: it is never filled beyond one frame's end.
            done = carry.length();
            carry = null;
        }
        while (done < wanted && chunkHasBytes()) {
            int step = (int) Math.min(chunk.length() - position, wanted - done);
            position += step;
            done += step;
        }
        return done;
    }

    /** The carried bytes, given away, when the next frame's header crossed chunks; null when it lies in {@link #chunk()}. */
    @Nullable Buffer takeCarry() {
        Buffer taken = carry;
        carry = null;
        return taken;
    }

    /** The chunk in which {@link #position()} counts; only while nothing is carried. */
    Buffer chunk() {
        return chunk;
    }

    int position() {
        return position;
    }

    /** The bytes from {@link #position()} to {@code end}, which becomes the new position. */
    Buffer takeUpTo(int end) {
        Buffer taken = chunk.slice(position, end);
        position = end;
        return taken;
    }

    /** Whether the current chunk has unread bytes; moves on to the next chunk when it has not. */
    boolean chunkHasBytes() {
        while (position >= chunk.length()) {
            Buffer next = waiting.poll();
            position = 0;
            if (next == null) {
                chunk = nothing;
                return false;
            }
            chunk = next;
        }
        return true;
    }

    private boolean fillCarry(int wanted) {
        Buffer held = carry == null ? Buffer.buffer() : carry;
        while (held.length() < wanted && chunkHasBytes()) {
            int step = Math.min(chunk.length() - position, wanted - held.length());
            held.appendBuffer(chunk, position, step);
            position += step;
        }
        if (held.length() > 0) {
            carry = held;
        }
        return held.length() >= wanted;
    }
}
