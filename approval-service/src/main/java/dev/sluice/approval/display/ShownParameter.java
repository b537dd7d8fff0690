// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as an approver sees it.
 *
 * @param position from 1, as in {@code $1}
 * @param type name of the type, {@code oid <number>} for one that is not built in, {@code unspecified} where the server infers it
 * @param value as recorded: text, or base64 of the bytes in the other formats; absent for NULL
 * @param shown readable form with {@link VisibleText}'s escapes; {@code \x} and hexadecimal digits for binary values of other types and for text that is not UTF-8; absent for NULL
 */
public record ShownParameter(int position, int typeOid, String type, String format, @Nullable String value, @Nullable String shown) {
    public static ShownParameter of(int position, Parameter parameter) {
        var value = parameter.value();
        var shown = value == null ? null : VisibleText.of(readable(parameter.type(), parameter.format(), value)).text();
        return new ShownParameter(position, parameter.type(), BuiltInType.nameOf(parameter.type()), parameter.format(), value, shown);
    }

    private static String readable(int type, String format, String value) {
        if (format.equals("text")) {
            return value;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException _) {
            return value;
        }
        var known = format.equals("binary") ? decode(type, ByteBuffer.wrap(bytes)) : null;
        return known == null ? "\\x" + HexFormat.of().formatHex(bytes) : known;
    }

    /** The binary formats that PostgreSQL's send functions write for its most common types; null for another type or a wrong length. */
    private static @Nullable String decode(int type, ByteBuffer bytes) {
        return switch (BuiltInType.nameOf(type)) {
            case "boolean" -> bytes.remaining() == 1 ? Boolean.toString(bytes.get() != 0) : null;
            case "smallint" -> bytes.remaining() == 2 ? Short.toString(bytes.getShort()) : null;
            case "integer" -> bytes.remaining() == 4 ? Integer.toString(bytes.getInt()) : null;
            case "bigint" -> bytes.remaining() == 8 ? Long.toString(bytes.getLong()) : null;
            case "oid" -> bytes.remaining() == 4 ? Integer.toUnsignedString(bytes.getInt()) : null;
            case "real" -> bytes.remaining() == 4 ? Float.toString(bytes.getFloat()) : null;
            case "double precision" -> bytes.remaining() == 8 ? Double.toString(bytes.getDouble()) : null;
            case "uuid" -> bytes.remaining() == 16 ? new UUID(bytes.getLong(), bytes.getLong()).toString() : null;
            case "text", "character varying", "character", "name", "json", "xml" -> utf8(bytes);
            default -> null;
        };
    }

    private static @Nullable String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
