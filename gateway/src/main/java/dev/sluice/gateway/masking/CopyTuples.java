// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of COPY's binary format: a signature of 11 bytes, int32 flags, int32 length of an extension and the extension; then per row int16 columns
 * and per column int32 length (-1 for NULL) and bytes; at last int16 -1. The head counts as part of the first row, as the server sends it.
 */
final class CopyTuples implements CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int HEAD = SIGNATURE.length + 8;
    private static final int END = -1;

    private final @Nullable CellMasker[] maskers;
    /** Whether a NULL is hidden as well. */
    private final boolean[] nullsToo;
    private boolean atHead = true;
    private int headLength;
    private int scanned;
    private int cellsLeft = -1;
    private boolean ended;

    CopyTuples(@Nullable CellMasker[] maskers, boolean[] nullsToo) {
        this.maskers = maskers;
        this.nullsToo = nullsToo;
    }

    @Override
    public int end(Buffer data, int start) {
        if (start == data.length()) {
            return -1;
        }
        if (ended) {
            throw new MaskingFailed("COPY data goes on after its end");
        }
        if (atHead && !readHead(data, start)) {
            return -1;
        }
        int at = start + scanned;
        if (cellsLeft < 0) {
            if (data.length() - at < 2) {
                return -1;
            }
            cellsLeft = cells(data.getShort(at));
            at += 2;
        }
        while (cellsLeft > 0) {
            int left = data.length() - at;
            int size = left < 4 ? 0 : data.getInt(at);
            if (left < 4 || left - 4 < size) {
                scanned = at - start;
                return -1;
            }
            if (size < -1) {
                throw new MaskingFailed("a row of COPY is not laid out as one");
            }
            at += 4 + Math.max(0, size);
            cellsLeft--;
        }
        scanned = 0;
        cellsLeft = -1;
        return at;
    }

    private int cells(short count) {
        if (count != END && count != maskers.length) {
            throw new MaskingFailed("a row of COPY has " + count + " columns where its statement has " + maskers.length);
        }
        ended = count == END;
        return ended ? 0 : count;
    }

    private boolean readHead(Buffer data, int start) {
        if (data.length() - start < HEAD) {
            return false;
        }
        for (int i = 0; i < SIGNATURE.length; i++) {
            if (data.getByte(start + i) != SIGNATURE[i]) {
                throw new MaskingFailed("binary COPY data does not begin with its signature");
            }
        }
        int extension = data.getInt(start + HEAD - 4);
        if (data.getInt(start + SIGNATURE.length) != 0 || extension < 0) {
            throw new MaskingFailed("binary COPY data has flags that are not known");
        }
        if (data.length() - start - HEAD < extension) {
            return false;
        }
        headLength = HEAD + extension;
        scanned = headLength;
        atHead = false;
        return true;
    }

    @Override
    public void mask(Buffer data, int start, int end, Buffer to) {
        int at = start + headLength;
        headLength = 0;
        int copied = start;
        at += 2;
        for (int i = 0; at < end; i++) {
            int size = data.getInt(at);
            CellMasker masker = maskers[i];
            if (masker != null && (size >= 0 || nullsToo[i])) {
                byte[] shown = masker.mask(data, at + 4, Math.max(0, size));
                to.appendBuffer(data, copied, at - copied);
                to.appendInt(shown == null ? -1 : shown.length);
                if (shown != null) {
                    to.appendBytes(shown);
                }
                copied = at + 4 + Math.max(0, size);
            }
            at += 4 + Math.max(0, size);
        }
        to.appendBuffer(data, copied, end - copied);
    }
}
