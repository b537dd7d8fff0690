// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Coarser dates and numbers. What is not an ordinary value (infinity, NaN, a DateStyle other than ISO) becomes NULL. */
final class Generalized {
    private static final Pattern ISO = Pattern.compile("(\\d{4,})-(\\d\\d)-(\\d\\d)(?: (\\d\\d):\\d\\d:\\d\\d(?:\\.\\d+)?([+-]\\d\\d(?::\\d\\d){0,2})?)?( BC)?");
    private static final LocalDate ORIGIN = LocalDate.of(2000, 1, 1);
    private static final long DAY = 86_400_000_000L;
    private static final long HOUR = 3_600_000_000L;
    private static final int MAX_DIGITS = 1_000;

    private Generalized() {}

    /** Null where the mask says nothing about the type. */
    static @Nullable CellMasker masker(ValueType type, Mask.Generalize mask, Format format) {
        Mask.Precision precision = mask.to();
        BigDecimal bucket = mask.bucket();
        return switch (type.oid()) {
            case Oids.DATE, Oids.TIMESTAMP, Oids.TIMESTAMPTZ -> precision == null ? null : point(type.oid(), precision, format);
            case Oids.INT2, Oids.INT4, Oids.INT8, Oids.FLOAT4, Oids.FLOAT8, Oids.NUMERIC -> bucket == null ? null : number(type.oid(), bucket, format);
            default -> null;
        };
    }

    private static CellMasker point(int oid, Mask.Precision precision, Format format) {
        if (format == Format.TEXT) {
            return (source, offset, length) -> pointText(source.getString(offset, offset + length, StandardCharsets.US_ASCII.name()), precision);
        }
        return (source, offset, length) -> oid == Oids.DATE ? date(source.getInt(offset), precision) : timestamp(source.getLong(offset), precision);
    }

    /** Cuts the digits and keeps the zone: the result is the start of the period in local time. */
    private static byte @Nullable [] pointText(String text, Mask.Precision precision) {
        Matcher iso = ISO.matcher(text);
        if (!iso.matches()) {
            return null;
        }
        String month = switch (precision) {
            case YEAR -> "01";
            case QUARTER -> "%02d".formatted((Integer.parseInt(iso.group(2)) - 1) / 3 * 3 + 1);
            case MONTH, DAY, HOUR -> iso.group(2);
        };
        String day = precision.compareTo(Mask.Precision.DAY) < 0 ? "01" : iso.group(3);
        StringBuilder cut = new StringBuilder(iso.group(1)).append('-').append(month).append('-').append(day);
        if (iso.group(4) != null) {
            cut.append(' ').append(precision == Mask.Precision.HOUR ? iso.group(4) : "00").append(":00:00").append(orEmpty(iso.group(5)));
        }
        return cut.append(orEmpty(iso.group(6))).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static byte @Nullable [] date(int days, Mask.Precision precision) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return null;
        }
        return ByteBuffer.allocate(4).putInt((int) floor(days, precision)).array();
    }

    /** In UTC: the binary format has no other zone. */
    private static byte @Nullable [] timestamp(long microseconds, Mask.Precision precision) {
        if (microseconds == Long.MAX_VALUE || microseconds == Long.MIN_VALUE) {
            return null;
        }
        long cut = precision == Mask.Precision.HOUR
                ? Math.floorDiv(microseconds, HOUR) * HOUR
                : floor(Math.floorDiv(microseconds, DAY), precision) * DAY;
        return ByteBuffer.allocate(8).putLong(cut).array();
    }

    private static long floor(long days, Mask.Precision precision) {
        LocalDate date = ORIGIN.plusDays(days);
        LocalDate cut = switch (precision) {
            case YEAR -> date.withDayOfYear(1);
            case QUARTER -> date.withDayOfMonth(1).withMonth((date.getMonthValue() - 1) / 3 * 3 + 1);
            case MONTH -> date.withDayOfMonth(1);
            case DAY, HOUR -> date;
        };
        return cut.toEpochDay() - ORIGIN.toEpochDay();
    }

    private static CellMasker number(int oid, BigDecimal bucket, Format format) {
        return (source, offset, length) -> {
            BigDecimal value = format == Format.TEXT
                    ? parse(source.getString(offset, offset + length, StandardCharsets.US_ASCII.name()))
                    : decode(oid, source, offset, length);
            if (value == null) {
                return null;
            }
            int bits = bits(oid);
            BigDecimal floor = bits == 0 ? floor(value, bucket) : floor(value, bucket).setScale(0, RoundingMode.FLOOR);
            if (bits != 0 && floor.toBigInteger().bitLength() >= bits) {
                return null;
            }
            return format == Format.TEXT ? floor.toPlainString().getBytes(StandardCharsets.US_ASCII) : encode(oid, floor);
        };
    }

    static BigDecimal floor(BigDecimal value, BigDecimal bucket) {
        return value.divide(bucket, 0, RoundingMode.FLOOR).multiply(bucket);
    }

    static @Nullable BigDecimal parse(String text) {
        if (text.length() > MAX_DIGITS) {
            return null;
        }
        try {
            BigDecimal value = new BigDecimal(text);
            return Math.abs((long) value.scale()) > MAX_DIGITS ? null : value;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    static @Nullable BigDecimal decode(int oid, Buffer source, int offset, int length) {
        return switch (oid) {
            case Oids.INT2 -> BigDecimal.valueOf(source.getShort(offset));
            case Oids.INT4 -> BigDecimal.valueOf(source.getInt(offset));
            case Oids.INT8 -> BigDecimal.valueOf(source.getLong(offset));
            case Oids.FLOAT4 -> finite(source.getFloat(offset));
            case Oids.FLOAT8 -> finite(source.getDouble(offset));
            default -> BinaryNumeric.decode(source, offset, length);
        };
    }

    private static @Nullable BigDecimal finite(double value) {
        return Double.isFinite(value) ? new BigDecimal(value) : null;
    }

    /** Of an integer type, in which the multiple below the smallest value may not exist; 0 for other numbers. */
    static int bits(int oid) {
        return switch (oid) {
            case Oids.INT2 -> 16;
            case Oids.INT4 -> 32;
            case Oids.INT8 -> 64;
            default -> 0;
        };
    }

    static byte[] encode(int oid, BigDecimal value) {
        BigInteger whole = value.toBigInteger();
        return switch (oid) {
            case Oids.INT2 -> ByteBuffer.allocate(2).putShort(whole.shortValue()).array();
            case Oids.INT4 -> ByteBuffer.allocate(4).putInt(whole.intValue()).array();
            case Oids.INT8 -> ByteBuffer.allocate(8).putLong(whole.longValue()).array();
            case Oids.FLOAT4 -> ByteBuffer.allocate(4).putFloat(value.floatValue()).array();
            case Oids.FLOAT8 -> ByteBuffer.allocate(8).putDouble(value.doubleValue()).array();
            default -> BinaryNumeric.encode(value);
        };
    }
}
