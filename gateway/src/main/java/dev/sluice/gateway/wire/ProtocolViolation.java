// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

/**
 * A peer sent bytes that are not the protocol. The message names the part that is wrong and holds no text of the peer, so that it may be
 * logged and sent to the other side.
 *
 * <p>{@link #framingIntact()} tells the two kinds apart as PostgreSQL does: a known message with a wrong body leaves the reader at the next
 * message, so the session may answer with an error and go on; after an unknown tag or an impossible length nothing that follows can be
 * trusted, and the reader throws the same violation for ever.
 */
public final class ProtocolViolation extends RuntimeException {
    private static final int NO_TAG = -1;

    private final SqlState sqlState;
    private final int tag;
    private final boolean framingIntact;

    private ProtocolViolation(SqlState sqlState, int tag, boolean framingIntact, String message) {
        super(message);
        this.sqlState = sqlState;
        this.tag = tag;
        this.framingIntact = framingIntact;
    }

    static ProtocolViolation ofFraming(String message) {
        return new ProtocolViolation(SqlState.PROTOCOL_VIOLATION, NO_TAG, false, message);
    }

    static ProtocolViolation ofBody(byte tag, SqlState sqlState, String message) {
        return new ProtocolViolation(sqlState, tag & 0xff, true, message);
    }

    /** 08P01, or the more precise state that PostgreSQL raises for the same bytes (22021, 22023). */
    public SqlState sqlState() {
        return sqlState;
    }

    /** The tag byte of the message with the wrong body (0 to 255); -1 when {@link #framingIntact()} is false. */
    public int tag() {
        return tag;
    }

    /** Whether the reader stands at the start of the next message and may be used on. */
    public boolean framingIntact() {
        return framingIntact;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
