// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from the backend. Component names are those of the manual's section "Message Formats".
 *
 * <p>Rows and COPY data pass as bytes, cut where the network cut them; everything else is whole.
 */
public sealed interface BackendMessage {
    /** The received bytes; not to be written to. */
    Buffer raw();

    /** Bytes that are relayed without being read: runs of DataRow or CopyData messages. */
    sealed interface Relayed extends BackendMessage permits DataRows, CopyOutData {
        /** How many messages begin within {@link #raw()}. */
        int started();

        /** Whether {@link #raw()} ends with the end of a message: only then may anything else be written to the client. */
        boolean endsWhole();
    }

    /** An error or a notice: fields by their one-letter code. */
    sealed interface Diagnostic extends BackendMessage permits ErrorResponse, NoticeResponse {
        /** The text of each field by its code ('M' message, 'D' detail, 'H' hint, …), in the order received. */
        Map<Character, String> fields();

        /** Field 'C'; XX000 when the server sent none or a malformed one. */
        default SqlState sqlState() {
            String code = fields().getOrDefault('C', "");
            return SqlState.isWellFormed(code) ? new SqlState(code) : SqlState.INTERNAL_ERROR;
        }

        /** Field 'M', empty when missing. */
        default String message() {
            return fields().getOrDefault('M', "");
        }

        /** Field 'V' (never translated), else 'S', else empty: ERROR, FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO or LOG. */
        default String severity() {
            return fields().getOrDefault('V', fields().getOrDefault('S', ""));
        }
    }

    /** A run of DataRow messages, possibly cut within a message at either end. */
    record DataRows(int started, boolean endsWhole, Buffer raw) implements Relayed {}

    /** A run of CopyData messages from the server, possibly cut within a message at either end. */
    record CopyOutData(int started, boolean endsWhole, Buffer raw) implements Relayed {}

    record ReadyForQuery(TransactionStatus status, Buffer raw) implements BackendMessage {}

    record ErrorResponse(Map<Character, String> fields, Buffer raw) implements Diagnostic {
        /** Whether the server ends the connection after this error. */
        public boolean endsConnection() {
            return severity().equals("FATAL") || severity().equals("PANIC");
        }
    }

    record NoticeResponse(Map<Character, String> fields, Buffer raw) implements Diagnostic {}

    /** @param tag what was done, as in {@code INSERT 0 3} */
    record CommandComplete(String tag, Buffer raw) implements BackendMessage {}

    record ParameterStatus(String name, String value, Buffer raw) implements BackendMessage {}

    /** @param secretKey 4 to 256 bytes; exactly 4 in protocol 3.0 */
    record BackendKeyData(int processId, byte[] secretKey, Buffer raw) implements BackendMessage {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof BackendKeyData that
                    && processId == that.processId
                    && Arrays.equals(secretKey, that.secretKey)
                    && raw.equals(that.raw);
        }

        @Override
        public int hashCode() {
            return 31 * processId + Arrays.hashCode(secretKey);
        }

        /** Never shows the key. */
        @Override
        public String toString() {
            return "BackendKeyData[processId=" + processId + ", secretKey=***]";
        }
    }

    /**
     * Any of the Authentication messages.
     *
     * @param type the request's number: one of the constants, or one that the caller must refuse
     * @param payload what follows the number: salt, mechanisms or SASL data
     */
    record Authentication(int type, Buffer payload, Buffer raw) implements BackendMessage {
        public static final int OK = 0;
        public static final int KERBEROS_V5 = 2;
        public static final int CLEARTEXT_PASSWORD = 3;
        public static final int MD5_PASSWORD = 5;
        public static final int GSS = 7;
        public static final int GSS_CONTINUE = 8;
        public static final int SSPI = 9;
        public static final int SASL = 10;
        public static final int SASL_CONTINUE = 11;
        public static final int SASL_FINAL = 12;

        /** The mechanism names of an AuthenticationSASL, in the server's order; throws {@link ProtocolViolation} on another layout. */
        public List<String> saslMechanisms() {
            return BackendDecoder.saslMechanisms(raw);
        }

        /** The type only: payloads are part of a proof. */
        @Override
        public String toString() {
            return "Authentication[type=" + type + "]";
        }
    }

    /**
     * The server knows less than the client asked for.
     *
     * @param minor the newest minor version of protocol 3 that the server offers
     * @param unrecognized the {@code _pq_.} options that it does not know
     */
    record NegotiateProtocolVersion(int minor, List<String> unrecognized, Buffer raw) implements BackendMessage {}

    record NotificationResponse(int processId, String channel, String payload, Buffer raw) implements BackendMessage {}

    record ParseComplete(Buffer raw) implements BackendMessage {}

    record BindComplete(Buffer raw) implements BackendMessage {}

    record CloseComplete(Buffer raw) implements BackendMessage {}

    record NoData(Buffer raw) implements BackendMessage {}

    record PortalSuspended(Buffer raw) implements BackendMessage {}

    record EmptyQueryResponse(Buffer raw) implements BackendMessage {}

    /** @param oids the types of the parameters $1, $2, …; unsigned 32 bits in an int */
    record ParameterDescription(List<Integer> oids, Buffer raw) implements BackendMessage {}

    /** The shape of the rows that follow. The layout has been checked; the columns are read only when somebody asks for them. */
    record RowDescription(int columnCount, Buffer raw) implements BackendMessage {
        /** Reads the columns anew at every call. */
        public List<Column> columns() {
            return BackendDecoder.columns(raw);
        }
    }

    /**
     * A column of RowDescription.
     *
     * @param tableOid 0 when the column is not a plain column of a table; unsigned 32 bits in an int
     * @param attributeNumber 0 when the column is not a plain column of a table; negative for system columns
     * @param typeOid unsigned 32 bits in an int
     * @param typeSize bytes, negative for variable width
     * @param typeModifier -1 when the type has none
     * @param format 0 text, 1 binary; 0 when not yet known
     */
    record Column(String name, int tableOid, int attributeNumber, int typeOid, int typeSize, int typeModifier, int format) {}

    /**
     * The server waits for COPY data.
     *
     * @param format 0 text, 1 binary
     * @param columnFormats one per column
     */
    record CopyInResponse(int format, List<Integer> columnFormats, Buffer raw) implements BackendMessage {}

    /**
     * COPY data follows.
     *
     * @param format 0 text, 1 binary
     * @param columnFormats one per column
     */
    record CopyOutResponse(int format, List<Integer> columnFormats, Buffer raw) implements BackendMessage {}

    /** COPY data in both directions: only replication connections see it. */
    record CopyBothResponse(int format, List<Integer> columnFormats, Buffer raw) implements BackendMessage {}

    record CopyDone(Buffer raw) implements BackendMessage {}

    record FunctionCallResponse(Buffer raw) implements BackendMessage {}
}
