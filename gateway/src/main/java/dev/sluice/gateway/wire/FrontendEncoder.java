// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that the gateway itself sends to a server. All texts are written as UTF-8; a text with a zero character is an
 * {@link IllegalArgumentException}, since it would end early on the wire.
 */
public final class FrontendEncoder {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int CANCEL_REQUEST = 80_877_102;

    private FrontendEncoder() {}

    /** Asks for TLS; the server answers with one byte, S or N. */
    public static Buffer sslRequest() {
        return new FrameBuilder().int32(SSL_REQUEST).build();
    }

    /** To be sent alone on a connection of its own. */
    public static Buffer cancelRequest(int processId, byte[] secretKey) {
        return new FrameBuilder().int32(CANCEL_REQUEST).int32(processId).bytes(secretKey).build();
    }

    /**
     * Opens a session.
     *
     * @param major 3
     * @param minor 0 or 2
     * @param parameters {@code user}, {@code database} and others, in the order to be sent; an empty name is an
     *     {@link IllegalArgumentException}, since it would end the list
     */
    public static Buffer startup(int major, int minor, Map<String, String> parameters) {
        FrameBuilder frame = new FrameBuilder().int32(major << 16 | minor);
        parameters.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a startup parameter has no name");
            }
            frame.string(name).string(value);
        });
        return frame.int8(0).build();
    }

    /** PasswordMessage: a clear text or an md5 answer. */
    public static Buffer password(String password) {
        return new FrameBuilder('p').string(password).build();
    }

    /** @param data the initial response, null for none */
    public static Buffer saslInitialResponse(String mechanism, @Nullable Buffer data) {
        FrameBuilder frame = new FrameBuilder('p').string(mechanism);
        return (data == null ? frame.int32(-1) : frame.int32(data.length()).bytes(data)).build();
    }

    /** The client's next step of a SASL exchange. */
    public static Buffer saslResponse(Buffer data) {
        return new FrameBuilder('p').bytes(data).build();
    }

    /** A simple query. */
    public static Buffer query(String sql) {
        return new FrameBuilder('Q').string(sql).build();
    }

    /** @param parameterTypes OIDs of the first parameters, 0 for unspecified */
    public static Buffer parse(String statement, String sql, List<Integer> parameterTypes) {
        FrameBuilder frame = new FrameBuilder('P').string(statement).string(sql).count(parameterTypes.size());
        parameterTypes.forEach(frame::int32);
        return frame.build();
    }

    /** @param resultFormats none (all text), one for all columns, or one per column */
    public static Buffer bind(String portal, String statement, List<BoundParameter> parameters, List<Integer> resultFormats) {
        FrameBuilder frame = new FrameBuilder('B').string(portal).string(statement).count(parameters.size());
        parameters.forEach(parameter -> frame.int16(parameter.format()));
        frame.count(parameters.size());
        for (BoundParameter parameter : parameters) {
            Buffer value = parameter.value();
            if (value == null) {
                frame.int32(-1);
            } else {
                frame.int32(value.length()).bytes(value);
            }
        }
        frame.count(resultFormats.size());
        resultFormats.forEach(frame::int16);
        return frame.build();
    }

    /** @param maxRows rows until the portal is suspended, 0 for all */
    public static Buffer execute(String portal, int maxRows) {
        return new FrameBuilder('E').string(portal).int32(maxRows).build();
    }

    /** Ask what a statement or portal needs and returns. */
    public static Buffer describe(Kind kind, String name) {
        return new FrameBuilder('D').int8(kind.code()).string(name).build();
    }

    /** Drop a statement or portal. */
    public static Buffer close(Kind kind, String name) {
        return new FrameBuilder('C').int8(kind.code()).string(name).build();
    }

    /** Send what is ready without waiting for Sync. */
    public static Buffer flush() {
        return new FrameBuilder('H').build();
    }

    /** End of an extended-query batch. */
    public static Buffer sync() {
        return new FrameBuilder('S').build();
    }

    /** Gives COPY FROM STDIN up; the server answers with an error that holds the reason. */
    public static Buffer copyFail(String reason) {
        return new FrameBuilder('f').string(reason.replace('\0', '\uFFFD')).build();
    }

    /** A message of this tag that has no content. The server answers it with an error, unless the tag is of a message that has none. */
    public static Buffer withoutBody(byte tag) {
        return new FrameBuilder((char) tag).build();
    }

    /** The orderly end of the connection. */
    public static Buffer terminate() {
        return new FrameBuilder('X').build();
    }
}
