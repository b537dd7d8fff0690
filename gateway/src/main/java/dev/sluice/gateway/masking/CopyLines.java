// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of COPY's text and CSV formats. In text a line's end within a value is written as a backslash and a letter; in CSV it may stand within
 * quotes.
 */
final class CopyLines implements CopyRows {
    private static final String CONTROLS = "\b\f\n\r\t\u000b";
    private static final String CONTROL_LETTERS = "bfnrtv";

    private final @Nullable CellMasker[] maskers;
    /** Whether a NULL is hidden as well. */
    private final boolean[] nullsToo;
    private final boolean csv;
    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final byte[] nullBytes;
    private boolean atHeader;
    private int scanned;
    private boolean quoted;

    CopyLines(@Nullable CellMasker[] maskers, boolean[] nullsToo, CopyFormat format) {
        this.maskers = maskers;
        this.nullsToo = nullsToo;
        this.csv = format.kind() == CopyFormat.Kind.CSV;
        this.delimiter = (byte) format.delimiter();
        this.quote = (byte) format.quote();
        this.escape = (byte) format.escape();
        this.nullBytes = format.nullBytes();
        this.atHeader = format.header();
    }

    @Override
    public int end(Buffer data, int start) {
        int at = start + scanned;
        while (at < data.length()) {
            byte next = data.getByte(at);
            if (quoted && next == escape && escape != quote) {
                if (at + 1 == data.length()) {
                    break;
                }
                at++;
            } else if (csv && next == quote) {
                quoted = !quoted;
            } else if (next == '\n' && !quoted) {
                scanned = 0;
                return at + 1;
            }
            at++;
        }
        scanned = at - start;
        return -1;
    }

    @Override
    public void mask(Buffer data, int start, int end, Buffer to) {
        if (atHeader) {
            atHeader = false;
            to.appendBuffer(data, start, end - start);
            return;
        }
        int last = end - 1;
        if (last > start && data.getByte(last - 1) == '\r') {
            last--;
        }
        int at = start;
        for (int i = 0; i < maskers.length; i++) {
            int field = at;
            at = fieldEnd(data, at, last);
            if (at < last == (i == maskers.length - 1)) {
                throw new MaskingFailed("a row of COPY does not have the " + maskers.length + " columns of its statement");
            }
            CellMasker masker = maskers[i];
            if (masker == null || isNull(data, field, at) && !nullsToo[i]) {
                to.appendBuffer(data, field, at - field);
            } else {
                masked(masker, data, field, at, to);
            }
            if (at < last) {
                to.appendByte(delimiter);
                at++;
            }
        }
        to.appendBuffer(data, last, end - last);
    }

    private int fieldEnd(Buffer data, int start, int end) {
        boolean inQuotes = false;
        int at = start;
        while (at < end) {
            byte next = data.getByte(at);
            if (!csv && next == '\\' || inQuotes && next == escape && escape != quote) {
                at++;
            } else if (csv && next == quote) {
                inQuotes = !inQuotes;
            } else if (next == delimiter && !inQuotes) {
                return at;
            }
            at++;
        }
        return Math.min(at, end);
    }

    private boolean isNull(Buffer data, int start, int end) {
        if (end - start != nullBytes.length) {
            return false;
        }
        for (int i = 0; i < nullBytes.length; i++) {
            if (data.getByte(start + i) != nullBytes[i]) {
                return false;
            }
        }
        return true;
    }

    private void masked(CellMasker masker, Buffer data, int start, int end, Buffer to) {
        boolean wasQuoted = csv && end > start && data.getByte(start) == quote;
        Buffer value = csv ? unquoted(data, start, end, wasQuoted) : unescaped(data, start, end);
        byte[] shown = masker.mask(value, 0, value.length());
        if (shown == null) {
            to.appendBytes(nullBytes);
        } else if (csv) {
            appendQuoted(shown, to);
        } else {
            appendEscaped(shown, to);
        }
    }

    private Buffer unquoted(Buffer data, int start, int end, boolean wasQuoted) {
        if (!wasQuoted) {
            return data.slice(start, end);
        }
        Buffer value = Buffer.buffer(end - start);
        int last = end - 1;
        for (int at = start + 1; at < last; at++) {
            byte next = data.getByte(at);
            if (next == escape && at + 1 < last) {
                at++;
                next = data.getByte(at);
            }
            value.appendByte(next);
        }
        return value;
    }

    private static Buffer unescaped(Buffer data, int start, int end) {
        Buffer value = Buffer.buffer(end - start);
        for (int at = start; at < end; at++) {
            byte next = data.getByte(at);
            if (next == '\\' && at + 1 < end) {
                at++;
                next = data.getByte(at);
                int control = CONTROL_LETTERS.indexOf(next);
                next = control < 0 ? next : (byte) CONTROLS.charAt(control);
            }
            value.appendByte(next);
        }
        return value;
    }

    /** Always quoted: PostgreSQL quotes a value for what is in it, or because it is equal to what stands for NULL, and either would tell of it. */
    private void appendQuoted(byte[] value, Buffer to) {
        to.appendByte(quote);
        for (byte next : value) {
            if (next == quote || next == escape) {
                to.appendByte(escape);
            }
            to.appendByte(next);
        }
        to.appendByte(quote);
    }

    private void appendEscaped(byte[] value, Buffer to) {
        for (byte next : value) {
            int control = next < 0 ? -1 : CONTROLS.indexOf(next);
            if (control >= 0) {
                to.appendByte((byte) '\\').appendByte((byte) CONTROL_LETTERS.charAt(control));
            } else {
                if (next == '\\' || next == delimiter) {
                    to.appendByte((byte) '\\');
                }
                to.appendByte(next);
            }
        }
    }
}
