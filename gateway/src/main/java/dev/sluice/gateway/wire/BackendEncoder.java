// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.BackendMessage.Column;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages that the gateway itself sends to a client. All texts are written as UTF-8. */
public final class BackendEncoder {
    private static final int PROTOCOL_MAJOR = 3;

    private BackendEncoder() {}

    /** ErrorResponse with the fields S, V, C, M and what else is there. */
    public static Buffer errorResponse(Diagnosis diagnosis) {
        return diagnostic('E', diagnosis);
    }

    /** NoticeResponse with the fields S, V, C, M and what else is there. */
    public static Buffer noticeResponse(Diagnosis diagnosis) {
        return diagnostic('N', diagnosis);
    }

    /** The session waits for the next command. */
    public static Buffer readyForQuery(TransactionStatus status) {
        return new FrameBuilder('Z').int8(status.code()).build();
    }

    /** The client is who it says. */
    public static Buffer authenticationOk() {
        return authentication(Authentication.OK).build();
    }

    /** Asks for the password itself; only over a channel that nobody else reads. */
    public static Buffer authenticationCleartextPassword() {
        return authentication(Authentication.CLEARTEXT_PASSWORD).build();
    }

    /** @param mechanisms names in order of preference */
    public static Buffer authenticationSasl(List<String> mechanisms) {
        FrameBuilder frame = authentication(Authentication.SASL);
        mechanisms.forEach(frame::string);
        return frame.int8(0).build();
    }

    /** The server's next step of a SASL exchange. */
    public static Buffer authenticationSaslContinue(Buffer data) {
        return authentication(Authentication.SASL_CONTINUE).bytes(data).build();
    }

    /** The server's last step of a SASL exchange. */
    public static Buffer authenticationSaslFinal(Buffer data) {
        return authentication(Authentication.SASL_FINAL).bytes(data).build();
    }

    /** A setting that the client must know. */
    public static Buffer parameterStatus(String name, String value) {
        return new FrameBuilder('S').string(name).string(value).build();
    }

    /** @param secretKey 4 bytes for protocol 3.0, up to 256 for 3.2 */
    public static Buffer backendKeyData(int processId, byte[] secretKey) {
        return new FrameBuilder('K').int32(processId).bytes(secretKey).build();
    }

    /**
     * Offers an older minor version. The whole version number is sent, as PostgreSQL does.
     *
     * @param minor the newest minor version of protocol 3 on offer
     * @param unrecognized the {@code _pq_.} options of the client that are not known
     */
    public static Buffer negotiateProtocolVersion(int minor, List<String> unrecognized) {
        FrameBuilder frame = new FrameBuilder('v').int32(PROTOCOL_MAJOR << 16 | minor).int32(unrecognized.size());
        unrecognized.forEach(frame::string);
        return frame.build();
    }

    public static Buffer parseComplete() {
        return new FrameBuilder('1').build();
    }

    public static Buffer bindComplete() {
        return new FrameBuilder('2').build();
    }

    public static Buffer closeComplete() {
        return new FrameBuilder('3').build();
    }

    public static Buffer noData() {
        return new FrameBuilder('n').build();
    }

    public static Buffer emptyQueryResponse() {
        return new FrameBuilder('I').build();
    }

    /** @param tag what was done, as in {@code SELECT 1} */
    public static Buffer commandComplete(String tag) {
        return new FrameBuilder('C').string(tag).build();
    }

    /** The types of a statement's parameters. */
    public static Buffer parameterDescription(List<Integer> oids) {
        FrameBuilder frame = new FrameBuilder('t').count(oids.size());
        oids.forEach(frame::int32);
        return frame.build();
    }

    /** The shape of the rows that follow. */
    public static Buffer rowDescription(List<Column> columns) {
        FrameBuilder frame = new FrameBuilder('T').count(columns.size());
        for (Column column : columns) {
            frame.string(column.name())
                    .int32(column.tableOid())
                    .int16(column.attributeNumber())
                    .int32(column.typeOid())
                    .int16(column.typeSize())
                    .int32(column.typeModifier())
                    .int16(column.format());
        }
        return frame.build();
    }

    /** A column of type text that belongs to no table, for answers that the gateway gives itself. */
    public static Column textColumn(String name) {
        return new Column(name, 0, 0, 25, -1, -1, 0);
    }

    /** One row in text format; null is SQL NULL. */
    public static Buffer dataRow(List<@Nullable String> values) {
        FrameBuilder frame = new FrameBuilder('D').count(values.size());
        for (String value : values) {
            if (value == null) {
                frame.int32(-1);
            } else {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                frame.int32(bytes.length).bytes(bytes);
            }
        }
        return frame.build();
    }

    private static FrameBuilder authentication(int type) {
        return new FrameBuilder('R').int32(type);
    }

    private static Buffer diagnostic(char tag, Diagnosis diagnosis) {
        FrameBuilder frame = new FrameBuilder(tag);
        field(frame, 'S', diagnosis.severity().name());
        field(frame, 'V', diagnosis.severity().name());
        field(frame, 'C', diagnosis.sqlState().code());
        field(frame, 'M', diagnosis.message());
        field(frame, 'D', diagnosis.detail());
        field(frame, 'H', diagnosis.hint());
        field(frame, 'P', diagnosis.position() > 0 ? Integer.toString(diagnosis.position()) : null);
        return frame.int8(0).build();
    }

    private static void field(FrameBuilder frame, char code, @Nullable String text) {
        if (text != null) {
            frame.int8(code).string(text.replace('\0', '\uFFFD'));
        }
    }
}
