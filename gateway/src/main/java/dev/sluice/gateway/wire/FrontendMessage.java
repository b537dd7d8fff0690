// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message from the frontend after startup. Component names are those of the manual's section "Message Formats".
 *
 * <p>{@link #raw()} is the message as received, tag and length included: what is judged is what is forwarded.
 */
public sealed interface FrontendMessage {
    /** The received bytes from the tag to the end; not to be written to. */
    Buffer raw();

    /** What Describe and Close point at. */
    enum Kind {
        STATEMENT('S'),
        PORTAL('P');

        private final char code;

        Kind(char code) {
            this.code = code;
        }

        /** The byte on the wire. */
        public char code() {
            return code;
        }
    }

    /**
     * The simple query protocol: one text with any number of statements.
     *
     * @param sql the text, read as UTF-8
     * @param validUtf8 false when the bytes are not UTF-8: {@code sql} then shows U+FFFD for what could not be read and must not be judged
     */
    record Query(String sql, boolean validUtf8, Buffer raw) implements FrontendMessage {}

    /**
     * Prepare one statement.
     *
     * @param statement name of the prepared statement, empty for the unnamed one
     * @param sql the text, read as UTF-8
     * @param validUtf8 false when the text's bytes are not UTF-8: {@code sql} then shows U+FFFD for what could not be read and must not be
     *     judged
     * @param parameterTypes OIDs as far as the client fixes them, 0 for unspecified; unsigned 32 bits in an int
     */
    record Parse(String statement, String sql, boolean validUtf8, List<Integer> parameterTypes, Buffer raw) implements FrontendMessage {}

    /**
     * Make a portal out of a prepared statement.
     *
     * @param resultFormats empty (all text), one for all columns, or one per column; 0 text, 1 binary
     */
    record Bind(String portal, String statement, List<BoundParameter> parameters, List<Integer> resultFormats, Buffer raw)
            implements FrontendMessage {
        /** Names the portal and the statement; the values stay out of logs. */
        @Override
        public String toString() {
            return "Bind[portal=" + portal + ", statement=" + statement + ", parameters=" + parameters.size() + "]";
        }
    }

    /**
     * One value of Bind.
     *
     * @param format 0 text, 1 binary
     * @param value the bytes, null for SQL NULL
     */
    record BoundParameter(int format, @Nullable Buffer value) {
        /** The format and the size only. */
        @Override
        public String toString() {
            return "BoundParameter[format=" + format + ", " + (value == null ? "null" : value.length() + " bytes") + "]";
        }
    }

    /**
     * Run a portal.
     *
     * @param maxRows rows until the portal is suspended; zero and negative numbers mean all
     */
    record Execute(String portal, int maxRows, Buffer raw) implements FrontendMessage {}

    /**
     * The old fast-path call of a function.
     *
     * @param functionOid unsigned 32 bits in an int
     */
    record FunctionCall(int functionOid, Buffer raw) implements FrontendMessage {}

    /** Ask what a statement or portal needs and returns. */
    record Describe(Kind kind, String name, Buffer raw) implements FrontendMessage {}

    /** Drop a statement or portal. */
    record Close(Kind kind, String name, Buffer raw) implements FrontendMessage {}

    /** Send what is ready without waiting for Sync. */
    record Flush(Buffer raw) implements FrontendMessage {}

    /** End of an extended-query batch. */
    record Sync(Buffer raw) implements FrontendMessage {}

    /** A piece of COPY FROM STDIN, cut anywhere. */
    record CopyData(Buffer raw) implements FrontendMessage {}

    /** The regular end of COPY FROM STDIN. */
    record CopyDone(Buffer raw) implements FrontendMessage {}

    /** The client gives COPY FROM STDIN up; the server answers with an error. */
    record CopyFail(String reason, Buffer raw) implements FrontendMessage {}

    /** The orderly end of the connection. */
    record Terminate(Buffer raw) implements FrontendMessage {}

    /**
     * PasswordMessage, SASLInitialResponse, SASLResponse or GSSResponse: they share one tag, and only the state of the authentication tells
     * them apart. The accessors read the body as one of them and throw {@link ProtocolViolation} when it is not.
     */
    record PasswordMessage(Buffer raw) implements FrontendMessage {
        /** Read as PasswordMessage: the bytes before the terminating zero. */
        public Buffer password() {
            return FrontendDecoder.password(raw);
        }

        /** Read as SASLInitialResponse. */
        public SaslInitialResponse saslInitialResponse() {
            return FrontendDecoder.saslInitialResponse(raw);
        }

        /** Read as SASLResponse or GSSResponse: the whole body. */
        public Buffer saslResponse() {
            return raw.slice(FrameAssembler.HEADER_BYTES, raw.length());
        }

        /** Never shows the content. */
        @Override
        public String toString() {
            return "PasswordMessage[***]";
        }
    }

    /**
     * The client's choice of a SASL mechanism.
     *
     * @param data the initial response, null when the client sent none
     */
    record SaslInitialResponse(String mechanism, @Nullable Buffer data) {
        /** The mechanism only. */
        @Override
        public String toString() {
            return "SaslInitialResponse[mechanism=" + mechanism + ", data=***]";
        }
    }

    /**
     * A message of a known kind whose body is not what it must be. The reader stands at the next message, so it can be refused as PostgreSQL
     * refuses it, and the session goes on. Made by whoever catches the {@link ProtocolViolation}.
     *
     * @param tag the message's tag byte
     * @param reason what is wrong, free of the peer's text
     */
    record Malformed(byte tag, SqlState sqlState, String reason) implements FrontendMessage {
        @Override
        public Buffer raw() {
            return Buffer.buffer();
        }
    }

    /**
     * A message that is longer than the reader's limit. Its body is discarded unread, so {@link #raw()} is empty: it can be refused, not
     * forwarded.
     *
     * @param tag the message's tag byte
     * @param length the length field of its header: all bytes but the tag
     */
    record Oversized(byte tag, long length) implements FrontendMessage {
        @Override
        public Buffer raw() {
            return Buffer.buffer();
        }
    }
}
