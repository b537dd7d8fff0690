// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Which masker a column gets: what its mask says, as far as its type can show it, else the constant of its type, else NULL. */
final class CellMaskers {
    private final Catalog catalog;
    private final MaskTokens tokens;

    CellMaskers(Catalog catalog, MaskTokens tokens) {
        this.catalog = catalog;
        this.tokens = tokens;
    }

    /** For a column of a result. Total: every mask has something to show for every type, NULL in the end. */
    CellMasker of(Mask mask, int typeOid, int typeModifier, Format format) {
        return of(mask, ValueType.of(catalog, typeOid, typeModifier), format);
    }

    private CellMasker of(Mask mask, ValueType type, Format format) {
        return switch (mask) {
            case Mask.Nullify() -> CellMasker.TO_NULL;
            case Mask.Redact() -> redact(type, format);
            case Mask.Deny() -> throw new MaskingFailed("a column that must not be shown is in the result");
            case Mask.Hash() -> orElse(elements(mask, type, format), hash(type, format));
            case Mask.Tokenize() -> orElse(elements(mask, type, format), tokenize(type, format));
            case Mask.Partial partial -> {
                CellMasker masker = type.isText() ? TextMasks.masker(type, text -> TextMasks.partial(text, partial)) : elements(mask, type, format);
                yield masker == null ? redact(type, format) : masker;
            }
            case Mask.Generalize generalize -> {
                CellMasker masker = Generalized.masker(type, generalize, format);
                masker = masker == null ? elements(mask, type, format) : masker;
                yield masker == null ? redact(type, format) : masker;
            }
            case Mask.WithinJson within -> json(within, type, format);
        };
    }

    private static CellMasker orElse(@Nullable CellMasker first, CellMasker second) {
        return first == null ? second : first;
    }

    private static CellMasker redact(ValueType type, Format format) {
        byte[] value = Redacted.value(type, format);
        return value == null ? CellMasker.TO_NULL : CellMasker.constant(value);
    }

    /** Arrays of types that masks know are masked element by element; null for other types. */
    private @Nullable CellMasker elements(Mask mask, ValueType type, Format format) {
        DataType array = type.type();
        if (array == null || array.kind() != DataType.Kind.ARRAY) {
            return null;
        }
        ValueType element = ValueType.of(catalog, array.of(), type.typeModifier());
        DataType elementType = element.type();
        boolean simple = elementType != null
                && elementType.kind() == DataType.Kind.BASE
                && elementType.oid() != Oids.JSON
                && elementType.oid() != Oids.JSONB
                && Redacted.value(element, format) != null;
        if (!simple) {
            return null;
        }
        CellMasker masker = of(mask, element, format);
        return format == Format.TEXT ? new ArrayText(masker) : new ArrayBinary(masker);
    }

    private CellMasker hash(ValueType type, Format format) {
        if (type.isText()) {
            return TextMasks.masker(type, text -> tokens.hashText(MaskTokens.utf8(text)));
        }
        return switch (type.oid()) {
            case Oids.UUID -> (source, offset, length) -> uuid(source, offset, length, format);
            case Oids.BYTEA -> (source, offset, length) -> bytea(source, offset, length, format);
            case Oids.JSON, Oids.JSONB -> (source, offset, length) -> {
                boolean versioned = type.oid() == Oids.JSONB && format == Format.BINARY;
                byte[] json = source.getBytes(versioned ? offset + 1 : offset, offset + length);
                byte[] hash = MaskTokens.utf8('"' + tokens.hashText(json) + '"');
                return versioned ? Redacted.jsonb(hash) : hash;
            };
            case Oids.XML -> (source, offset, length) -> MaskTokens.utf8(tokens.hashText(source.getBytes(offset, offset + length)));
            default -> CellMasker.TO_NULL;
        };
    }

    private CellMasker tokenize(ValueType type, Format format) {
        if (type.isText()) {
            return TextMasks.masker(type, tokens.tokenizer()::tokenize);
        }
        return switch (type.oid()) {
            case Oids.UUID, Oids.BYTEA -> hash(type, format);
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.NUMERIC -> (source, offset, length) -> number(type.oid(), source, offset, length, format);
            default -> CellMasker.TO_NULL;
        };
    }

    private byte[] uuid(Buffer source, int offset, int length, Format format) {
        byte[] value = format == Format.BINARY
                ? source.getBytes(offset, offset + length)
                : HexFormat.of().parseHex(ascii(source, offset, length).replace("-", ""));
        byte[] hash = tokens.hash(value);
        if (format == Format.BINARY) {
            return hash;
        }
        String hex = HexFormat.of().formatHex(hash);
        return MaskTokens.utf8(hex.substring(0, 8) + '-' + hex.substring(8, 12) + '-' + hex.substring(12, 16) + '-' + hex.substring(16, 20) + '-' + hex.substring(20));
    }

    /** The text is hashed as the bytes that it stands for, so that both formats agree; bytea_output escape has its own hashes. */
    private byte[] bytea(Buffer source, int offset, int length, Format format) {
        if (format == Format.BINARY) {
            return tokens.hash(source.getBytes(offset, offset + length));
        }
        String text = ascii(source, offset, length);
        byte[] value = text.startsWith("\\x") ? HexFormat.of().parseHex(text, 2, text.length()) : MaskTokens.utf8(text);
        return MaskTokens.utf8("\\x" + tokens.hashText(value));
    }

    private static String ascii(Buffer source, int offset, int length) {
        return source.getString(offset, offset + length, StandardCharsets.US_ASCII.name());
    }

    /** As many digits, the same sign and scale; what would not fit the type has its first digit made smaller. */
    private byte @Nullable [] number(int oid, Buffer source, int offset, int length, Format format) {
        BigDecimal value = format == Format.TEXT ? Generalized.parse(ascii(source, offset, length)) : Generalized.decode(oid, source, offset, length);
        if (value == null) {
            return null;
        }
        String digits = tokens.tokenizer().tokenize(value.unscaledValue().abs().toString());
        BigInteger token = new BigInteger(digits);
        int bits = Generalized.bits(oid);
        if (bits != 0 && token.bitLength() >= bits) {
            token = new BigInteger("1" + digits.substring(1));
        }
        BigDecimal shown = new BigDecimal(value.signum() < 0 ? token.negate() : token, value.scale());
        return format == Format.TEXT ? MaskTokens.utf8(shown.toPlainString()) : Generalized.encode(oid, shown);
    }

    /** A document's parts; a type that is no document has none, so it is hidden whole. */
    private CellMasker json(Mask.WithinJson mask, ValueType type, Format format) {
        if (type.oid() != Oids.JSON && type.oid() != Oids.JSONB) {
            return redact(type, format);
        }
        JsonMasker masker = new JsonMasker(mask, tokens);
        if (type.oid() == Oids.JSONB && format == Format.BINARY) {
            return (source, offset, length) -> Redacted.jsonb(masker.mask(source.getBytes(offset + 1, offset + length)));
        }
        return (source, offset, length) -> masker.mask(source.getBytes(offset, offset + length));
    }

    /** Elements of an array in binary format: int32 dimensions, flags and element type, a size and lower bound per dimension, then cells. */
    private record ArrayBinary(CellMasker element) implements CellMasker {
        private static final int MAX_DIMENSIONS = 6;

        @Override
        public byte[] mask(Buffer source, int offset, int length) {
            int end = offset + length;
            int dimensions = length < 12 ? -1 : source.getInt(offset);
            int at = offset + 12 + 8 * dimensions;
            if (dimensions < 0 || dimensions > MAX_DIMENSIONS || at > end) {
                throw new MaskingFailed("an array value is not laid out as one");
            }
            Buffer masked = Buffer.buffer(length + 16).appendBuffer(source, offset, at - offset);
            boolean nulls = false;
            while (at < end) {
                int size = end - at < 4 ? Integer.MAX_VALUE : source.getInt(at);
                at += 4;
                if (size < -1 || size > end - at) {
                    throw new MaskingFailed("an array value is not laid out as one");
                }
                byte[] shown = size < 0 ? null : element.mask(source, at, size);
                at += Math.max(0, size);
                nulls |= shown == null;
                masked.appendInt(shown == null ? -1 : shown.length);
                if (shown != null) {
                    masked.appendBytes(shown);
                }
            }
            return masked.setInt(4, nulls ? 1 : 0).getBytes();
        }
    }

    /** Elements of an array in text format: braces, commas, quotes and backslashes as array_out writes them. */
    private record ArrayText(CellMasker element) implements CellMasker {
        @Override
        public byte[] mask(Buffer source, int offset, int length) {
            Buffer masked = Buffer.buffer(length + 16);
            int end = offset + length;
            int at = offset;
            while (at < end) {
                byte next = source.getByte(at);
                if (next == '{' || next == '}' || next == ',') {
                    masked.appendByte(next);
                    at++;
                } else if (next == '[' && at == offset) {
                    while (at < end && source.getByte(at) != '{') {
                        masked.appendByte(source.getByte(at++));
                    }
                } else {
                    at = element(source, at, end, masked);
                }
            }
            return masked.getBytes();
        }

        private int element(Buffer source, int start, int end, Buffer masked) {
            Buffer value = Buffer.buffer();
            boolean quoted = source.getByte(start) == '"';
            int at = quoted ? start + 1 : start;
            while (at < end && (quoted ? source.getByte(at) != '"' : "{},".indexOf(source.getByte(at)) < 0)) {
                if (source.getByte(at) == '\\' && at + 1 < end) {
                    at++;
                }
                value.appendByte(source.getByte(at++));
            }
            if (quoted && at == end) {
                throw new MaskingFailed("an array value is not laid out as one");
            }
            boolean isNull = !quoted && value.toString(StandardCharsets.US_ASCII).equals("NULL");
            byte[] shown = isNull ? null : element.mask(value, 0, value.length());
            if (shown == null) {
                masked.appendString("NULL");
            } else {
                append(shown, masked);
            }
            return quoted ? at + 1 : at;
        }

        private static void append(byte[] value, Buffer masked) {
            ByteBuffer quoted = ByteBuffer.allocate(2 * value.length + 2).put((byte) '"');
            for (byte next : value) {
                if (next == '"' || next == '\\') {
                    quoted.put((byte) '\\');
                }
                quoted.put(next);
            }
            quoted.put((byte) '"');
            masked.appendBytes(quoted.array(), 0, quoted.position());
        }
    }
}
