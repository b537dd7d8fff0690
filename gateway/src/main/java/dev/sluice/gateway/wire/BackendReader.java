// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends. Use: {@link #feed} each chunk as it arrives, then call {@link #next} until it gives null. The concatenation of
 * all {@code raw()} is the concatenation of all chunks.
 *
 * <p>DataRow and CopyData are the bulk of the traffic and are not assembled: each call gives the longest run of them that the current chunk
 * holds as one slice, whatever the size of a row. All other messages are whole and bounded by the limit.
 */
public final class BackendReader {
    /** The limit for whole messages when none is given. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 64 << 20;

    private static final byte DATA_ROW = 'D';
    private static final byte COPY_DATA = 'd';

    private final FrameAssembler frames = new FrameAssembler();
    private final int limit;
    /** Bytes still to come of the row or COPY message that is being relayed. */
    private long relayLeft;
    private byte relayTag;
    private @Nullable ProtocolViolation broken;

    /** A reader with {@link #DEFAULT_MAX_MESSAGE_BYTES}. */
    public BackendReader() {
        this(DEFAULT_MAX_MESSAGE_BYTES);
    }

    /**
     * @param maxMessageBytes the greatest length field of a message that is read whole; a longer one is a violation
     * @throws IllegalArgumentException when {@code maxMessageBytes} is not between 4 and 2^31 - 2
     */
    public BackendReader(int maxMessageBytes) {
        this.limit = FrameLimit.checked(maxMessageBytes);
    }

    /**
     * Adds received bytes. The reader keeps the buffer until it is read; the caller must not write to it any more.
     * After a violation that lost the framing they are dropped.
     */
    public void feed(Buffer received) {
        if (broken == null) {
            frames.feed(received);
        }
    }

    /** Whether the bytes given out so far end within a DataRow or CopyData message. */
    public boolean withinMessage() {
        return relayLeft > 0;
    }

    /**
     * The next message, or null until more is fed.
     *
     * @throws ProtocolViolation when the bytes are not the protocol
     */
    public @Nullable BackendMessage next() {
        if (broken != null) {
            throw broken;
        }
        if (relayLeft > 0) {
            return frames.chunkHasBytes() ? relay(0) : null;
        }
        int tag = frames.tag();
        if (tag == FrameAssembler.NOTHING) {
            return null;
        }
        if (!BackendDecoder.knows((byte) tag)) {
            throw lost("unknown backend message type " + tag);
        }
        if (!frames.hasHeader()) {
            return null;
        }
        int length = frames.length();
        if (length < minimumLength((byte) tag)) {
            throw lost("invalid length " + length + " of a message of type '" + (char) tag + "'");
        }
        if (isRelayed((byte) tag)) {
            return startRelay((byte) tag, length);
        }
        if (length > limit) {
            throw lost("a message of type '" + (char) tag + "' of " + length + " bytes is over the limit of " + limit);
        }
        Buffer frame = frames.take(length + 1);
        return frame == null ? null : BackendDecoder.decode(frame);
    }

    private static boolean isRelayed(byte tag) {
        return tag == DATA_ROW || tag == COPY_DATA;
    }

    /** A DataRow has at least its int16 column count. */
    private static int minimumLength(byte tag) {
        return tag == DATA_ROW ? 6 : 4;
    }

    private BackendMessage startRelay(byte tag, int length) {
        relayTag = tag;
        relayLeft = length + 1L;
        Buffer header = frames.takeCarry();
        if (header == null) {
            return relay(1);
        }
        relayLeft -= header.length();
        return relayed(1, header);
    }

    /** Hops from header to header within the chunk; a header that is cut or wrong ends the run and is looked at by the next call. */
    private BackendMessage relay(int alreadyStarted) {
        Buffer chunk = frames.chunk();
        int end = frames.position();
        int length = chunk.length();
        int started = alreadyStarted;
        while (true) {
            if (relayLeft > length - end) {
                relayLeft -= length - end;
                end = length;
                break;
            }
            end += (int) relayLeft;
            relayLeft = 0;
            if (length - end < FrameAssembler.HEADER_BYTES || chunk.getByte(end) != relayTag) {
                break;
            }
            int nextLength = chunk.getInt(end + 1);
            if (nextLength < minimumLength(relayTag)) {
                break;
            }
            started++;
            relayLeft = nextLength + 1L;
        }
        return relayed(started, frames.takeUpTo(end));
    }

    private BackendMessage relayed(int started, Buffer raw) {
        return relayTag == DATA_ROW
                ? new BackendMessage.DataRows(started, relayLeft == 0, raw)
                : new BackendMessage.CopyOutData(started, relayLeft == 0, raw);
    }

    private ProtocolViolation lost(String message) {
        broken = ProtocolViolation.ofFraming(message);
        return broken;
    }
}
