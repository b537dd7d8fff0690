// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.DataType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The constant that stands for every value of a type. Binary layouts are those of the types' send functions. */
final class Redacted {
    static final String TEXT = "***";

    /** 1970-01-01, counted from 2000-01-01. */
    private static final int EPOCH_DAYS = -10_957;

    private static final long EPOCH_MICROSECONDS = EPOCH_DAYS * 86_400_000_000L;
    private static final byte[] NOTHING = {};
    private static final byte INET_FAMILY = 2;
    private static final byte INET_BITS = 32;
    private static final byte RANGE_EMPTY = 1;
    private static final byte JSONB_VERSION = 1;

    private Redacted() {}

    /** The bytes, or null where the type has no value that says "nothing". */
    static byte @Nullable [] value(ValueType valueType, Format format) {
        DataType type = valueType.type();
        if (type == null) {
            return null;
        }
        return switch (type.kind()) {
            case ARRAY -> format == Format.TEXT ? text("{}") : ByteBuffer.allocate(12).putInt(0).putInt(0).putInt(elementOid(type)).array();
            case RANGE -> format == Format.TEXT ? text("empty") : new byte[] {RANGE_EMPTY};
            case MULTIRANGE -> format == Format.TEXT ? text("{}") : new byte[4];
            case BASE -> format == Format.TEXT ? inText(valueType) : inBinary(valueType);
            case DOMAIN, COMPOSITE, ENUM, PSEUDO -> null;
        };
    }

    /** array_send names the element's own type. */
    private static int elementOid(DataType array) {
        return array.of();
    }

    private static byte @Nullable [] inText(ValueType type) {
        return switch (type.oid()) {
            case Oids.BOOL -> text("f");
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.OID, Oids.FLOAT4, Oids.FLOAT8, Oids.NUMERIC, Oids.MONEY -> text("0");
            case Oids.DATE -> text("1970-01-01");
            case Oids.TIME, Oids.INTERVAL -> text("00:00:00");
            case Oids.TIMETZ -> text("00:00:00+00");
            case Oids.TIMESTAMP -> text("1970-01-01 00:00:00");
            case Oids.TIMESTAMPTZ -> text("1970-01-01 00:00:00+00");
            case Oids.UUID -> text("00000000-0000-0000-0000-000000000000");
            case Oids.BYTEA -> text("\\x");
            case Oids.JSON, Oids.JSONB -> text("\"***\"");
            case Oids.INET -> text("0.0.0.0");
            case Oids.CIDR -> text("0.0.0.0/32");
            case Oids.MACADDR -> text("00:00:00:00:00:00");
            case Oids.MACADDR8 -> text("00:00:00:00:00:00:00:00");
            case Oids.BIT, Oids.VARBIT -> text("0".repeat(bits(type)));
            default -> inEither(type);
        };
    }

    private static byte @Nullable [] inBinary(ValueType type) {
        return switch (type.oid()) {
            case Oids.BOOL -> new byte[1];
            case Oids.INT2 -> new byte[2];
            case Oids.INT4, Oids.OID, Oids.FLOAT4 -> new byte[4];
            case Oids.INT8, Oids.FLOAT8, Oids.MONEY, Oids.TIME, Oids.NUMERIC -> new byte[8];
            case Oids.TIMETZ -> new byte[12];
            case Oids.INTERVAL, Oids.UUID -> new byte[16];
            case Oids.DATE -> ByteBuffer.allocate(4).putInt(EPOCH_DAYS).array();
            case Oids.TIMESTAMP, Oids.TIMESTAMPTZ -> ByteBuffer.allocate(8).putLong(EPOCH_MICROSECONDS).array();
            case Oids.BYTEA -> NOTHING;
            case Oids.JSON -> text("\"***\"");
            case Oids.JSONB -> jsonb(text("\"***\""));
            case Oids.INET -> new byte[] {INET_FAMILY, INET_BITS, 0, 4, 0, 0, 0, 0};
            case Oids.CIDR -> new byte[] {INET_FAMILY, INET_BITS, 1, 4, 0, 0, 0, 0};
            case Oids.MACADDR -> new byte[6];
            case Oids.MACADDR8 -> new byte[8];
            case Oids.BIT, Oids.VARBIT -> ByteBuffer.allocate(4 + (bits(type) + 7) / 8).putInt(bits(type)).array();
            default -> inEither(type);
        };
    }

    private static byte @Nullable [] inEither(ValueType type) {
        if (type.isText()) {
            return text(TextMasks.fit(TEXT, type));
        }
        return switch (type.oid()) {
            case Oids.CHAR -> text("*");
            case Oids.XML -> text("<redacted/>");
            default -> null;
        };
    }

    /** bit(n) has n bits, varbit may have none. */
    private static int bits(ValueType type) {
        return type.oid() == Oids.BIT ? Math.max(0, type.limit()) : 0;
    }

    static byte[] jsonb(byte[] json) {
        return ByteBuffer.allocate(json.length + 1).put(JSONB_VERSION).put(json).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
