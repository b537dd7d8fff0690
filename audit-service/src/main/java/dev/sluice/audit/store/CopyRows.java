// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.projection.Column;
import dev.sluice.audit.projection.ProjectedRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the binary format of COPY (PostgreSQL's manual, COPY, "Binary Format"): a header, per row a count of fields and per field its
 * length and its bytes as the type's send function writes them, then a trailer. Measured to cost the server a third of what text takes.
 */
final class CopyRows {
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final long UNIX_TO_POSTGRESQL_SECONDS = 946_684_800L;
    private static final int UNIX_TO_POSTGRESQL_DAYS = 10_957;
    private static final int TEXT_OID = 25;

    private ByteBuffer buffer;
    private int rows;

    CopyRows(int expectedBytes) {
        this.buffer = ByteBuffer.allocate(Math.max(expectedBytes, 1 << 12));
        buffer.put(HEADER);
    }

    /** Begins a row; exactly {@code fields} fields must follow. */
    CopyRows row(int fields) {
        rows++;
        room(Short.BYTES).putShort((short) fields);
        return this;
    }

    int rows() {
        return rows;
    }

    CopyRows text(@Nullable String value) {
        return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows bytes(byte @Nullable [] value) {
        if (value == null) {
            return absent();
        }
        room(Integer.BYTES + value.length).putInt(value.length).put(value);
        return this;
    }

    CopyRows integer(int value) {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    CopyRows bigint(@Nullable Long value) {
        if (value == null) {
            return absent();
        }
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    CopyRows flag(boolean value) {
        room(Integer.BYTES + 1).putInt(1).put((byte) (value ? 1 : 0));
        return this;
    }

    /** Microseconds since 2000-01-01 00:00 UTC; what is finer is cut off. */
    CopyRows timestamp(@Nullable Instant value) {
        return value == null ? absent() : bigint((value.getEpochSecond() - UNIX_TO_POSTGRESQL_SECONDS) * 1_000_000L + value.getNano() / 1_000);
    }

    CopyRows date(LocalDate value) {
        return integer((int) value.toEpochDay() - UNIX_TO_POSTGRESQL_DAYS);
    }

    /** A one-dimensional text[] from index 1. An empty one has no dimensions. */
    CopyRows texts(List<?> values) {
        int length = buffer.position();
        room(6 * Integer.BYTES).putInt(0).putInt(values.isEmpty() ? 0 : 1).putInt(0).putInt(TEXT_OID);
        if (!values.isEmpty()) {
            buffer.putInt(values.size()).putInt(1);
            values.forEach(value -> text(value.toString()));
        }
        buffer.putInt(length, buffer.position() - length - Integer.BYTES);
        return this;
    }

    /** A whole row with these columns. */
    CopyRows row(Column[] columns, ProjectedRow row) {
        row(columns.length);
        for (Column column : columns) {
            Object value = row.get(column);
            if (value == null) {
                absent();
                continue;
            }
            switch (column.kind()) {
                case TEXT -> text((String) value);
                case TEXT_ARRAY -> texts((List<?>) value);
                case INTEGER -> integer((Integer) value);
                case BIGINT -> bigint((Long) value);
                case BOOLEAN -> flag((Boolean) value);
                case TIMESTAMPTZ -> timestamp((Instant) value);
                case DATE -> date((LocalDate) value);
            }
        }
        return this;
    }

    /** Ends the data and hands out all of it, ready to be read. */
    ByteBuffer finished() {
        room(Short.BYTES).putShort((short) -1);
        return buffer.flip();
    }

    private CopyRows absent() {
        room(Integer.BYTES).putInt(-1);
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int size = Math.toIntExact(Math.max((long) buffer.capacity() * 2, (long) buffer.position() + bytes));
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), size)).position(buffer.position());
        }
        return buffer;
    }
}
