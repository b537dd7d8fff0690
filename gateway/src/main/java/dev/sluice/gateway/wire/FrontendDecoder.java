// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes one whole frame of the frontend; stateless. */
final class FrontendDecoder {
    private FrontendDecoder() {}

    static boolean knows(byte tag) {
        return switch (tag) {
            case 'Q', 'P', 'B', 'E', 'F', 'D', 'C', 'H', 'S', 'd', 'c', 'f', 'X', 'p' -> true;
            default -> false;
        };
    }

    /** Messages that PostgreSQL reads with its small limit (SocketBackend in postgres.c). */
    static boolean isSmall(byte tag) {
        return switch (tag) {
            case 'E', 'D', 'C', 'H', 'S', 'c', 'f', 'X' -> true;
            default -> false;
        };
    }

    static FrontendMessage decode(Buffer raw) {
        return switch (raw.getByte(0)) {
            case 'Q' -> query(raw);
            case 'P' -> parse(raw);
            case 'B' -> bind(raw);
            case 'E' -> execute(raw);
            case 'F' -> functionCall(raw);
            case 'D' -> describe(raw);
            case 'C' -> close(raw);
            case 'H' -> new FrontendMessage.Flush(empty("Flush", raw));
            case 'S' -> new FrontendMessage.Sync(empty("Sync", raw));
            case 'd' -> new FrontendMessage.CopyData(raw);
            case 'c' -> new FrontendMessage.CopyDone(empty("CopyDone", raw));
            case 'f' -> copyFail(raw);
            case 'X' -> new FrontendMessage.Terminate(empty("Terminate", raw));
            case 'p' -> new FrontendMessage.PasswordMessage(raw);
            default -> throw new IllegalArgumentException("not a frontend tag: " + raw.getByte(0));
        };
    }

    /** 'p' | int32 length | string password. */
    static Buffer password(Buffer raw) {
        FrameBody body = new FrameBody("PasswordMessage", raw);
        body.skipString("password");
        body.end();
        return raw.slice(FrameAssembler.HEADER_BYTES, raw.length() - 1);
    }

    /** 'p' | int32 length | string mechanism | int32 data length or -1 | data. */
    static FrontendMessage.SaslInitialResponse saslInitialResponse(Buffer raw) {
        FrameBody body = new FrameBody("SASLInitialResponse", raw);
        String mechanism = body.name("mechanism");
        int length = body.int32("data length");
        @Nullable Buffer data = length == -1 ? null : body.bytes(length, "data");
        body.end();
        return new FrontendMessage.SaslInitialResponse(mechanism, data);
    }

    /** 'Q' | int32 length | string sql. */
    private static FrontendMessage query(Buffer raw) {
        FrameBody body = new FrameBody("Query", raw);
        FrameBody.Text sql = body.text("query string");
        body.end();
        return new FrontendMessage.Query(sql.value(), sql.validUtf8(), raw);
    }

    /** 'P' | int32 length | string statement | string sql | int16 count | count x int32 type OID. */
    private static FrontendMessage parse(Buffer raw) {
        FrameBody body = new FrameBody("Parse", raw);
        String statement = body.name("statement name");
        FrameBody.Text sql = body.text("query string");
        int count = body.count("parameter types", 4);
        List<Integer> types = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            types.add(body.int32("parameter type"));
        }
        body.end();
        return new FrontendMessage.Parse(statement, sql.value(), sql.validUtf8(), List.copyOf(types), raw);
    }

    /**
     * 'B' | int32 length | string portal | string statement | int16 count | count x int16 parameter format | int16 count | count x (int32
     * length or -1, value) | int16 count | count x int16 result format. There are no, one or as many parameter formats as parameters.
     */
    private static FrontendMessage bind(Buffer raw) {
        FrameBody body = new FrameBody("Bind", raw);
        String portal = body.name("portal name");
        String statement = body.name("statement name");
        List<BoundParameter> parameters = parameters(body);
        List<Integer> resultFormats = formats(body, "result formats");
        body.end();
        return new FrontendMessage.Bind(portal, statement, parameters, resultFormats, raw);
    }

    private static List<BoundParameter> parameters(FrameBody body) {
        List<Integer> formats = formats(body, "parameter formats");
        int count = body.count("parameters", 4);
        if (formats.size() > 1 && formats.size() != count) {
            throw body.violation("has " + formats.size() + " parameter formats but " + count + " parameters");
        }
        List<BoundParameter> parameters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int format = formats.isEmpty() ? 0 : formats.get(formats.size() == 1 ? 0 : i);
            int length = body.int32("parameter length");
            parameters.add(new BoundParameter(format, length == -1 ? null : body.bytes(length, "a parameter value")));
        }
        return List.copyOf(parameters);
    }

    private static List<Integer> formats(FrameBody body, String field) {
        int count = body.count(field, 2);
        if (count == 0) {
            return List.of();
        }
        List<Integer> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            formats.add(body.format(field));
        }
        return List.copyOf(formats);
    }

    /** 'E' | int32 length | string portal | int32 maximum of rows. */
    private static FrontendMessage execute(Buffer raw) {
        FrameBody body = new FrameBody("Execute", raw);
        String portal = body.name("portal name");
        int maxRows = body.int32("row limit");
        body.end();
        return new FrontendMessage.Execute(portal, maxRows, raw);
    }

    /** 'F' | int32 length | int32 function OID | arguments as in Bind | int16 result format. */
    private static FrontendMessage functionCall(Buffer raw) {
        FrameBody body = new FrameBody("FunctionCall", raw);
        int function = body.int32("function OID");
        parameters(body);
        body.format("result format");
        body.end();
        return new FrontendMessage.FunctionCall(function, raw);
    }

    private static FrontendMessage describe(Buffer raw) {
        FrameBody body = new FrameBody("Describe", raw);
        Kind kind = kind(body);
        String name = body.name("name");
        body.end();
        return new FrontendMessage.Describe(kind, name, raw);
    }

    private static FrontendMessage close(Buffer raw) {
        FrameBody body = new FrameBody("Close", raw);
        Kind kind = kind(body);
        String name = body.name("name");
        body.end();
        return new FrontendMessage.Close(kind, name, raw);
    }

    /** byte 'S' or 'P'; anything else is an error, as in postgres.c. */
    private static Kind kind(FrameBody body) {
        int subtype = body.uint8("subtype");
        return switch (subtype) {
            case 'S' -> Kind.STATEMENT;
            case 'P' -> Kind.PORTAL;
            default -> throw body.violation("has the invalid subtype " + subtype);
        };
    }

    private static FrontendMessage copyFail(Buffer raw) {
        FrameBody body = new FrameBody("CopyFail", raw);
        String reason = body.lenientString("reason");
        body.end();
        return new FrontendMessage.CopyFail(reason, raw);
    }

    private static Buffer empty(String name, Buffer raw) {
        new FrameBody(name, raw).end();
        return raw;
    }
}
