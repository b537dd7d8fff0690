// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A bound parameter as a constant of SQL that has the same value and type, so that a statement can be looked at with its values in place. */
final class ParameterText {
    /** Where PostgreSQL's binary dates and times begin. */
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private ParameterText() {}

    /** Null where the value cannot be written as text with certainty. */
    static @Nullable String literal(Parameter parameter, Catalog catalog) {
        String type = "";
        if (parameter.type() != 0) {
            DataType known = catalog.type(parameter.type());
            if (known == null) {
                return null;
            }
            // The catalog's name, in quotes and with its schema: bit and "char" are other types without, and a search_path may hide the rest.
            type = "::" + quoted(known.schema()) + "." + quoted(known.name());
        }
        String value = parameter.value();
        if (value == null) {
            return parameter.parts() == null ? "NULL" + type : null;
        }
        String text = switch (parameter.format()) {
            case "text" -> value;
            case "binary" -> decoded(parameter.type(), Base64.getDecoder().decode(value));
            default -> null;
        };
        return text == null || text.indexOf('\0') >= 0 ? null : constant(text) + type;
    }

    /** Valid under either setting of standard_conforming_strings. */
    static String constant(String text) {
        String doubled = text.replace("'", "''");
        return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    /** What the send function of the type wrote (PostgreSQL's own types, by their OIDs in pg_type.dat). */
    private static @Nullable String decoded(int type, byte[] bytes) {
        ByteBuffer value = ByteBuffer.wrap(bytes);
        return switch (type) {
            case 16 -> bytes.length == 1 ? String.valueOf(bytes[0] != 0) : null;
            case 17 -> "\\x" + HexFormat.of().formatHex(bytes);
            case 20 -> bytes.length == 8 ? String.valueOf(value.getLong()) : null;
            case 21 -> bytes.length == 2 ? String.valueOf(value.getShort()) : null;
            case 23 -> bytes.length == 4 ? String.valueOf(value.getInt()) : null;
            case 26 -> bytes.length == 4 ? Integer.toUnsignedString(value.getInt()) : null;
            case 19, 25, 114, 1042, 1043 -> new String(bytes, StandardCharsets.UTF_8);
            case 3802 -> bytes.length > 1 && bytes[0] == 1 ? new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8) : null;
            case 700 -> bytes.length == 4 ? String.valueOf(value.getFloat()) : null;
            case 701 -> bytes.length == 8 ? String.valueOf(value.getDouble()) : null;
            case 1082 -> bytes.length == 4 ? date(value.getInt()) : null;
            case 1114 -> bytes.length == 8 ? timestamp(value.getLong()) : null;
            case 1184 -> bytes.length == 8 ? zoned(value.getLong()) : null;
            case 2950 -> bytes.length == 16 ? new UUID(value.getLong(), value.getLong()).toString() : null;
            default -> null;
        };
    }

    private static @Nullable String date(int days) {
        LocalDate date = EPOCH.plusDays(days);
        return date.getYear() > 0 && date.getYear() < 10_000 ? date.toString() : null;
    }

    private static @Nullable String timestamp(long micros) {
        Instant instant = instant(micros);
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return time.getYear() > 0 && time.getYear() < 10_000 ? time.toString() : null;
    }

    private static @Nullable String zoned(long micros) {
        String time = timestamp(micros);
        return time == null ? null : time + "+00";
    }

    private static Instant instant(long micros) {
        return EPOCH.atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds(Math.floorDiv(micros, 1_000_000)).plusNanos(Math.floorMod(micros, 1_000_000) * 1_000L);
    }
}
