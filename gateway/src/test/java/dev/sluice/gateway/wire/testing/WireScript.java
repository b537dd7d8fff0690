// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import dev.sluice.gateway.wire.testing.MessageFormats.Format;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages as lines of text, close to what libpq's PQtrace prints, but without lengths:
 *
 * <pre>
 * # comment
 * F Parse "s1" "SELECT $1" 1 23
 * F Bind "" "s1" 0 1 '42' 0
 * F Sync
 * B RowDescription 1 "n" 0 0 23 4 -1 0
 * B DataRow 2 '42' NULL
 * B ErrorResponse S "ERROR" V "ERROR" C "42501" M "denied"
 * B ReadyForQuery I
 * </pre>
 *
 * F is sent by the frontend, B by the backend. "text" is zero-terminated, 'bytes' is a value with its length (or the rest of the message),
 * NULL a value of length -1, a bare number as wide as the format says, and a count stands before what it counts. Escapes: \" \' \\ \n \xHH.
 * {@code F Raw 'bytes'} and {@code B Raw 'bytes'} put bytes on the wire as they are. The startup packets, which have no tag, are
 * {@code F SSLRequest}, {@code F GSSENCRequest}, {@code F CancelRequest 7 'key'} and
 * {@code F StartupMessage 3 2 "user" "bob" "database" "shop"}.
 */
public final class WireScript {
    private static final int CANCEL_REQUEST = 80_877_102;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSSENC_REQUEST = 80_877_104;

    private final List<Line> lines;

    private WireScript(List<Line> lines) {
        this.lines = lines;
    }

    /** Who sends. */
    public enum Side {
        FRONTEND,
        BACKEND
    }

    /** One message of a script. */
    public record Line(Side side, String text, Buffer bytes) {}

    /** Reads a script; empty lines and lines that begin with # do not count. */
    public static WireScript of(String script) {
        return new WireScript(script.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> new Line(side(line), line, message(line)))
                .toList());
    }

    public List<Line> lines() {
        return lines;
    }

    /** All that the frontend sends. */
    public Buffer frontend() {
        return sentBy(Side.FRONTEND);
    }

    /** All that the backend sends. */
    public Buffer backend() {
        return sentBy(Side.BACKEND);
    }

    /** The bytes of one line. */
    public static Buffer message(String line) {
        Tokens tokens = new Tokens(line.strip());
        tokens.nextWord();
        String name = tokens.nextWord();
        Buffer bytes = side(line) == Side.FRONTEND ? frontend(name, tokens) : tagged(MessageFormats.BACKEND, name, tokens);
        if (!tokens.atEnd()) {
            throw new IllegalArgumentException("words are left over in: " + line);
        }
        return bytes;
    }

    /** The lines, joined with newlines, of what a frontend sent after its startup packet. */
    public static String describeFrontend(Buffer stream) {
        return describe("F", MessageFormats.FRONTEND, stream);
    }

    /** The lines, joined with newlines, of what a backend sent. */
    public static String describeBackend(Buffer stream) {
        return describe("B", MessageFormats.BACKEND, stream);
    }

    private Buffer sentBy(Side side) {
        Buffer sent = Buffer.buffer();
        lines.stream().filter(line -> line.side() == side).forEach(line -> sent.appendBuffer(line.bytes()));
        return sent;
    }

    private static Side side(String line) {
        return switch (line.strip().charAt(0)) {
            case 'F' -> Side.FRONTEND;
            case 'B' -> Side.BACKEND;
            default -> throw new IllegalArgumentException("a line begins with F or B: " + line);
        };
    }

    private static Buffer frontend(String name, Tokens tokens) {
        return switch (name) {
            case "SSLRequest" -> untagged(Bytes.bytes().int32(SSL_REQUEST));
            case "GSSENCRequest" -> untagged(Bytes.bytes().int32(GSSENC_REQUEST));
            case "CancelRequest" ->
                untagged(Bytes.bytes().int32(CANCEL_REQUEST).int32(tokens.nextInt()).raw(tokens.next(Tokens.Form.SINGLE_QUOTED)));
            case "StartupMessage" -> startup(tokens);
            default -> tagged(MessageFormats.FRONTEND, name, tokens);
        };
    }

    private static Buffer startup(Tokens tokens) {
        Bytes body = Bytes.bytes().int16(tokens.nextInt()).int16(tokens.nextInt());
        while (!tokens.atEnd()) {
            body.raw(tokens.next(Tokens.Form.DOUBLE_QUOTED)).int8(0);
        }
        return untagged(body.int8(0));
    }

    private static Buffer untagged(Bytes body) {
        byte[] content = body.toArray();
        return Bytes.bytes().int32(content.length + 4).raw(content).toBuffer();
    }

    private static Buffer tagged(List<Format> formats, String name, Tokens tokens) {
        if (name.equals("Raw")) {
            return Bytes.bytes().raw(tokens.next(Tokens.Form.SINGLE_QUOTED)).toBuffer();
        }
        Format format = formats.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such message: " + name));
        Bytes body = Bytes.bytes();
        format.layout().write(tokens, body);
        return Bytes.frame(format.tag(), body);
    }

    private static String describe(String side, List<Format> formats, Buffer stream) {
        byte[] bytes = stream.getBytes();
        List<String> lines = new ArrayList<>();
        int position = 0;
        while (position < bytes.length) {
            int length = bytes.length - position < 5 ? -1 : stream.getInt(position + 1);
            if (length < 4 || length > bytes.length - position - 1) {
                lines.add(side + " Raw " + Tokens.quote('\'', Arrays.copyOfRange(bytes, position, bytes.length)));
                break;
            }
            int end = position + 1 + length;
            lines.add(side + " " + describe(formats, Arrays.copyOfRange(bytes, position, end)));
            position = end;
        }
        return String.join("\n", lines);
    }

    private static String describe(List<Format> formats, byte[] frame) {
        byte[] body = Arrays.copyOfRange(frame, 5, frame.length);
        for (Format format : formats) {
            if (format.tag() == (frame[0] & 0xff)) {
                try {
                    return (format.name() + " " + format.layout().describe(body)).strip();
                } catch (Layout.Misfit e) {
                    // Another format of the same tag may fit; what fits none is shown raw.
                    continue;
                }
            }
        }
        return "Raw " + Tokens.quote('\'', frame);
    }
}
