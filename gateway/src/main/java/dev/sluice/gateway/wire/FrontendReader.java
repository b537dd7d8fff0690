// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends after startup. Use: {@link #feed} each chunk as it arrives, then call {@link #next} until it gives null.
 *
 * <p>Memory: at most one message of {@link #limit(int)} bytes beside the chunks fed; a message that claims to be longer is reported as
 * {@link FrontendMessage.Oversized} as soon as its header is there and then thrown away as it arrives.
 */
public final class FrontendReader {
    /** PostgreSQL's own bound for messages that only hold names; it drops the connection beyond it, and so do we. */
    static final int SMALL_MESSAGE_BYTES = 10_000;

    private final FrameAssembler frames = new FrameAssembler();
    private int limit;
    private long toDiscard;
    private @Nullable ProtocolViolation broken;

    /** @param maxMessageBytes see {@link #limit(int)} */
    public FrontendReader(int maxMessageBytes) {
        limit(maxMessageBytes);
    }

    /**
     * Sets the greatest length field (all of a message but its tag) that is read rather than skipped, from the next message on.
     *
     * @throws IllegalArgumentException when {@code maxMessageBytes} is not between 4 and 2^31 - 2
     */
    public void limit(int maxMessageBytes) {
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

    /**
     * The next message, or null until more is fed.
     *
     * @throws ProtocolViolation when the bytes are not the protocol; see {@link ProtocolViolation#framingIntact()} for whether to go on
     */
    public @Nullable FrontendMessage next() {
        if (broken != null) {
            throw broken;
        }
        if (toDiscard > 0) {
            toDiscard -= frames.discard(toDiscard);
            if (toDiscard > 0) {
                return null;
            }
        }
        int tag = frames.tag();
        if (tag == FrameAssembler.NOTHING) {
            return null;
        }
        if (!FrontendDecoder.knows((byte) tag)) {
            throw lost("invalid frontend message type " + tag);
        }
        if (!frames.hasHeader()) {
            return null;
        }
        int length = frames.length();
        if (length < 4 || length > SMALL_MESSAGE_BYTES && FrontendDecoder.isSmall((byte) tag)) {
            throw lost("invalid length " + length + " of a message of type '" + (char) tag + "'");
        }
        if (length > limit) {
            toDiscard = length + 1L;
            toDiscard -= frames.discard(FrameAssembler.HEADER_BYTES);
            return new FrontendMessage.Oversized((byte) tag, length);
        }
        Buffer frame = frames.take(length + 1);
        return frame == null ? null : FrontendDecoder.decode(frame);
    }

    private ProtocolViolation lost(String message) {
        broken = ProtocolViolation.ofFraming(message);
        return broken;
    }
}
