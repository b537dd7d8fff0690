// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the untagged packets at the beginning of a connection: int32 length | int32 code | body. Use: {@link #feed} what arrives and call
 * {@link #next} until it gives null or a packet that ends this phase.
 *
 * <p>Before the answer to SSLRequest or GSSENCRequest is sent, {@link #remaining()} must be 0: bytes that came before the upgrade were not
 * protected by it. After StartupMessage, {@link #drain()} gives what belongs to the {@link FrontendReader}.
 */
public final class StartupReader {
    /** What may follow the length field, as in PostgreSQL. */
    public static final int MAX_BODY_BYTES = 10_000;

    private static final int CANCEL_REQUEST = 80_877_102;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSSENC_REQUEST = 80_877_104;
    private static final int MIN_CANCEL_KEY_BYTES = 4;
    private static final int MAX_CANCEL_KEY_BYTES = 256;
    private static final int MIN_LENGTH = 8;
    private static final int PROTOCOL_MAJOR = 3;
    private static final byte NO_TAG = 0;
    /** In PostgreSQL's words. */
    private static final String NO_TERMINATOR = "invalid startup packet layout: expected terminator as last byte";

    private Buffer received = Buffer.buffer();
    private @Nullable ProtocolViolation broken;

    /** Adds received bytes; they are copied. The caller bounds one chunk; beyond one packet nothing is asked for. */
    public void feed(Buffer chunk) {
        received.appendBuffer(chunk);
    }

    /** Bytes that have arrived and belong to no packet given out. */
    public int remaining() {
        return received.length();
    }

    /** Takes the bytes that {@link #remaining()} counts. */
    public Buffer drain() {
        Buffer drained = received;
        received = Buffer.buffer();
        return drained;
    }

    /**
     * The next packet, or null until more is fed.
     *
     * @throws ProtocolViolation when the bytes are not a startup packet; the connection is then of no further use. With its framing intact
     *     the packet's content is wrong, otherwise its length, to which PostgreSQL gives no answer: it may not be a client of its protocol
     */
    public @Nullable StartupPacket next() {
        if (broken != null) {
            throw broken;
        }
        if (received.length() < 4) {
            return null;
        }
        int length = received.getInt(0);
        if (length < MIN_LENGTH || length - 4 > MAX_BODY_BYTES) {
            throw broken("invalid length " + length + " of a startup packet");
        }
        if (received.length() < length) {
            return null;
        }
        Buffer packet = received.getBuffer(0, length);
        received = received.getBuffer(length, received.length());
        return decode(packet);
    }

    private StartupPacket decode(Buffer packet) {
        int code = packet.getInt(4);
        return switch (code) {
            case SSL_REQUEST -> whole(packet, "SSLRequest", new StartupPacket.SslRequest());
            case GSSENC_REQUEST -> whole(packet, "GSSENCRequest", new StartupPacket.GssEncRequest());
            case CANCEL_REQUEST -> cancelRequest(packet);
            default -> startupMessage(code >>> 16, code & 0xffff, packet);
        };
    }

    private StartupPacket whole(Buffer packet, String name, StartupPacket decoded) {
        if (packet.length() != MIN_LENGTH) {
            throw broken("invalid length " + packet.length() + " of " + name);
        }
        return decoded;
    }

    /** code | int32 process id | the rest is the key. */
    private StartupPacket cancelRequest(Buffer packet) {
        int keyBytes = packet.length() - MIN_LENGTH - 4;
        if (keyBytes < MIN_CANCEL_KEY_BYTES || keyBytes > MAX_CANCEL_KEY_BYTES) {
            throw broken("invalid length " + packet.length() + " of CancelRequest");
        }
        return new StartupPacket.CancelRequest(packet.getInt(8), packet.getBytes(12, packet.length()));
    }

    /** version | (string name, string value)... | byte 0, which must be the last byte. */
    private StartupPacket startupMessage(int major, int minor, Buffer packet) {
        if (major != PROTOCOL_MAJOR) {
            return new StartupPacket.StartupMessage(major, minor, Map.of());
        }
        byte[] bytes = packet.getBytes();
        Map<String, String> parameters = new LinkedHashMap<>();
        int position = MIN_LENGTH;
        while (true) {
            int nameEnd = terminator(bytes, position);
            if (nameEnd == position) {
                break;
            }
            int valueEnd = terminator(bytes, nameEnd + 1);
            parameters.put(text(bytes, position, nameEnd), text(bytes, nameEnd + 1, valueEnd));
            position = valueEnd + 1;
        }
        if (position != bytes.length - 1) {
            throw misshapen(NO_TERMINATOR);
        }
        return new StartupPacket.StartupMessage(major, minor, Collections.unmodifiableMap(parameters));
    }

    private int terminator(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        throw misshapen(NO_TERMINATOR);
    }

    private String text(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
        } catch (CharacterCodingException e) {
            throw misshapen("a startup packet holds text that is not UTF-8");
        }
    }

    /** The packet is whole, and what is in it is wrong. */
    private ProtocolViolation misshapen(String message) {
        broken = ProtocolViolation.ofBody(NO_TAG, SqlState.PROTOCOL_VIOLATION, message);
        return broken;
    }

    private ProtocolViolation broken(String message) {
        broken = ProtocolViolation.ofFraming(message);
        return broken;
    }
}
