// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.BackendMessage.Column;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes one whole frame of the backend; stateless. Rows and COPY data never come here. */
final class BackendDecoder {
    /** tableOid, attributeNumber, typeOid, typeSize, typeModifier, format. */
    private static final int COLUMN_FIXED_BYTES = 18;
    private static final int MIN_KEY_BYTES = 4;
    private static final int MAX_KEY_BYTES = 256;
    private static final int PROTOCOL_MAJOR = 3;

    private BackendDecoder() {}

    static boolean knows(byte tag) {
        return switch (tag) {
            case 'D', 'd', 'Z', 'E', 'N', 'C', 'S', 'K', 'R', 'v', 'A', '1', '2', '3', 'n', 's', 'I', 't', 'T', 'G', 'H', 'W', 'c', 'V' ->
                true;
            default -> false;
        };
    }

    static BackendMessage decode(Buffer raw) {
        return switch (raw.getByte(0)) {
            case 'Z' -> readyForQuery(raw);
            case 'E' -> new BackendMessage.ErrorResponse(fields("ErrorResponse", raw), raw);
            case 'N' -> new BackendMessage.NoticeResponse(fields("NoticeResponse", raw), raw);
            case 'C' -> commandComplete(raw);
            case 'S' -> parameterStatus(raw);
            case 'K' -> backendKeyData(raw);
            case 'R' -> authentication(raw);
            case 'v' -> negotiateProtocolVersion(raw);
            case 'A' -> notificationResponse(raw);
            case '1' -> new BackendMessage.ParseComplete(empty("ParseComplete", raw));
            case '2' -> new BackendMessage.BindComplete(empty("BindComplete", raw));
            case '3' -> new BackendMessage.CloseComplete(empty("CloseComplete", raw));
            case 'n' -> new BackendMessage.NoData(empty("NoData", raw));
            case 's' -> new BackendMessage.PortalSuspended(empty("PortalSuspended", raw));
            case 'I' -> new BackendMessage.EmptyQueryResponse(empty("EmptyQueryResponse", raw));
            case 't' -> parameterDescription(raw);
            case 'T' -> rowDescription(raw);
            case 'G' -> copyResponse("CopyInResponse", raw, BackendMessage.CopyInResponse::new);
            case 'H' -> copyResponse("CopyOutResponse", raw, BackendMessage.CopyOutResponse::new);
            case 'W' -> copyResponse("CopyBothResponse", raw, BackendMessage.CopyBothResponse::new);
            case 'c' -> new BackendMessage.CopyDone(empty("CopyDone", raw));
            case 'V' -> functionCallResponse(raw);
            default -> throw new IllegalArgumentException("not a backend tag: " + raw.getByte(0));
        };
    }

    /** Within AuthenticationSASL: strings, then an empty string. */
    static List<String> saslMechanisms(Buffer raw) {
        FrameBody body = new FrameBody("AuthenticationSASL", raw);
        if (body.int32("type") != Authentication.SASL) {
            throw body.violation("has another type");
        }
        List<String> mechanisms = new ArrayList<>();
        for (String mechanism = body.lenientString("mechanism"); !mechanism.isEmpty(); mechanism = body.lenientString("mechanism")) {
            mechanisms.add(mechanism);
        }
        body.end();
        return List.copyOf(mechanisms);
    }

    /**
     * 'T' | int32 length | int16 count | count x (string name, int32 table OID, int16 attribute number, int32 type OID, int16 type size,
     * int32 type modifier, int16 format).
     */
    static List<Column> columns(Buffer raw) {
        FrameBody body = new FrameBody("RowDescription", raw);
        int count = body.count("columns", COLUMN_FIXED_BYTES + 1);
        List<Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(new Column(
                    body.lenientString("column name"),
                    body.int32("table OID"),
                    body.int16("attribute number"),
                    body.int32("type OID"),
                    body.int16("type size"),
                    body.int32("type modifier"),
                    body.int16("format")));
        }
        return List.copyOf(columns);
    }

    private static BackendMessage rowDescription(Buffer raw) {
        FrameBody body = new FrameBody("RowDescription", raw);
        int count = body.count("columns", COLUMN_FIXED_BYTES + 1);
        for (int i = 0; i < count; i++) {
            body.skipString("column name");
            body.bytes(COLUMN_FIXED_BYTES, "a column");
        }
        body.end();
        return new BackendMessage.RowDescription(count, raw);
    }

    /** 'Z' | int32 length | byte status. */
    private static BackendMessage readyForQuery(Buffer raw) {
        FrameBody body = new FrameBody("ReadyForQuery", raw);
        int code = body.uint8("transaction status");
        @Nullable TransactionStatus status = TransactionStatus.fromCode((byte) code);
        if (status == null) {
            throw body.violation("has the unknown transaction status " + code);
        }
        body.end();
        return new BackendMessage.ReadyForQuery(status, raw);
    }

    /** 'E' or 'N' | int32 length | (byte code, string text)... | byte 0. */
    private static Map<Character, String> fields(String name, Buffer raw) {
        FrameBody body = new FrameBody(name, raw);
        Map<Character, String> fields = new LinkedHashMap<>();
        for (int code = body.uint8("field code"); code != 0; code = body.uint8("field code")) {
            fields.put((char) code, body.lenientString("field"));
        }
        body.end();
        return Collections.unmodifiableMap(fields);
    }

    private static BackendMessage commandComplete(Buffer raw) {
        FrameBody body = new FrameBody("CommandComplete", raw);
        String tag = body.lenientString("command tag");
        body.end();
        return new BackendMessage.CommandComplete(tag, raw);
    }

    private static BackendMessage parameterStatus(Buffer raw) {
        FrameBody body = new FrameBody("ParameterStatus", raw);
        String name = body.lenientString("name");
        String value = body.lenientString("value");
        body.end();
        return new BackendMessage.ParameterStatus(name, value, raw);
    }

    /** 'K' | int32 length | int32 process id | the rest is the key. */
    private static BackendMessage backendKeyData(Buffer raw) {
        FrameBody body = new FrameBody("BackendKeyData", raw);
        int processId = body.int32("process id");
        int length = body.remaining();
        if (length < MIN_KEY_BYTES || length > MAX_KEY_BYTES) {
            throw body.violation("has a secret key of " + length + " bytes");
        }
        return new BackendMessage.BackendKeyData(processId, body.bytes(length, "secret key").getBytes(), raw);
    }

    /** 'R' | int32 length | int32 type | payload. */
    private static BackendMessage authentication(Buffer raw) {
        FrameBody body = new FrameBody("Authentication", raw);
        int type = body.int32("type");
        return new Authentication(type, body.bytes(body.remaining(), "payload"), raw);
    }

    /**
     * 'v' | int32 length | int32 version | int32 count | count x string. The manual calls the number a minor version while servers send the
     * whole version, so both are understood.
     */
    private static BackendMessage negotiateProtocolVersion(Buffer raw) {
        FrameBody body = new FrameBody("NegotiateProtocolVersion", raw);
        int version = body.int32("version");
        int major = version >>> 16;
        if (major != 0 && major != PROTOCOL_MAJOR) {
            throw body.violation("offers the major version " + major);
        }
        int count = body.int32("option count");
        if (count < 0 || count > body.remaining()) {
            throw body.violation("claims " + count + " options in " + body.remaining() + " bytes");
        }
        List<String> unrecognized = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unrecognized.add(body.lenientString("option"));
        }
        body.end();
        return new BackendMessage.NegotiateProtocolVersion(version & 0xffff, List.copyOf(unrecognized), raw);
    }

    private static BackendMessage notificationResponse(Buffer raw) {
        FrameBody body = new FrameBody("NotificationResponse", raw);
        int processId = body.int32("process id");
        String channel = body.lenientString("channel");
        String payload = body.lenientString("payload");
        body.end();
        return new BackendMessage.NotificationResponse(processId, channel, payload, raw);
    }

    private static BackendMessage parameterDescription(Buffer raw) {
        FrameBody body = new FrameBody("ParameterDescription", raw);
        int count = body.count("parameter types", 4);
        List<Integer> oids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            oids.add(body.int32("parameter type"));
        }
        body.end();
        return new BackendMessage.ParameterDescription(List.copyOf(oids), raw);
    }

    @FunctionalInterface
    private interface CopyResponse {
        BackendMessage of(int format, List<Integer> columnFormats, Buffer raw);
    }

    /** tag | int32 length | byte format | int16 count | count x int16 format. */
    private static BackendMessage copyResponse(String name, Buffer raw, CopyResponse response) {
        FrameBody body = new FrameBody(name, raw);
        int format = body.uint8("format");
        if (format > 1) {
            throw body.violation("has the unknown format " + format);
        }
        int count = body.count("column formats", 2);
        List<Integer> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            formats.add(body.format("column format"));
        }
        body.end();
        return response.of(format, List.copyOf(formats), raw);
    }

    /** 'V' | int32 length | int32 value length or -1 | value. */
    private static BackendMessage functionCallResponse(Buffer raw) {
        FrameBody body = new FrameBody("FunctionCallResponse", raw);
        int length = body.int32("value length");
        if (length != -1) {
            body.bytes(length, "value");
        }
        body.end();
        return new BackendMessage.FunctionCallResponse(raw);
    }

    private static Buffer empty(String name, Buffer raw) {
        new FrameBody(name, raw).end();
        return raw;
    }
}
