// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Masks what COPY TO STDOUT sends, as it comes: CopyData messages cut anywhere go in, CopyData messages of whole rows come out. The server cuts
 * its data at rows, but the protocol does not promise it, so rows are found anew. For one COPY and one thread.
 */
public final class CopyMasker {
    private static final int FRAME_HEADER = 5;

    private final WholeMessages messages;
    private final CopyRows rows;
    private Buffer pending = Buffer.buffer();
    private final int maxRowBytes;

    private CopyMasker(CopyRows rows, int maxRowBytes) {
        this.rows = rows;
        this.maxRowBytes = maxRowBytes;
        this.messages = new WholeMessages('d', maxRowBytes);
    }

    /**
     * A masker for one COPY.
     *
     * @param columns as many as the plan has
     * @param maxRowBytes a longer row ends the statement
     */
    public static CopyMasker create(
            MaskPlan.Columns plan, List<CopyColumn> columns, CopyFormat format, BoundMasks masks, MaskTokens tokens, int maxRowBytes) {
        List<@Nullable Mask> outputs = plan.outputs();
        if (columns.size() != outputs.size()) {
            throw new MaskingFailed("COPY sends " + columns.size() + " columns where the statement was resolved to " + outputs.size());
        }
        CellMaskers types = new CellMaskers(masks.catalog(), tokens);
        @Nullable CellMasker[] maskers = new CellMasker[outputs.size()];
        boolean[] nullsToo = new boolean[outputs.size()];
        for (int i = 0; i < maskers.length; i++) {
            Mask mask = outputs.get(i);
            maskers[i] = mask == null ? null : types.of(mask, columns.get(i).typeOid(), columns.get(i).typeModifier(), format.values());
            nullsToo[i] = plan.hidesNull(i, columns.get(i).tableOid());
        }
        CopyRows rows = switch (format.kind()) {
            case TEXT, CSV -> new CopyLines(maskers, nullsToo, format);
            case BINARY -> new CopyTuples(maskers, nullsToo);
        };
        return new CopyMasker(rows, maxRowBytes);
    }

    /**
     * The rows that this chunk completes, masked.
     *
     * @param chunk a run of CopyData messages, cut anywhere
     * @throws MaskingFailed if a row cannot be masked or is longer than what was allowed; nothing more may be fed then
     */
    public Buffer feed(Buffer chunk) {
        Buffer masked = Buffer.buffer(chunk.length() + 64);
        messages.feed(chunk, (source, offset, length) -> data(source, offset + FRAME_HEADER, length - FRAME_HEADER, masked));
        return masked;
    }

    /** Masks every whole row of what has come, and keeps the rest. */
    private void data(Buffer source, int offset, int length, Buffer masked) {
        pending.appendBuffer(source, offset, length);
        int done = 0;
        for (int end = rows.end(pending, done); end >= 0; end = rows.end(pending, done)) {
            int frame = masked.length();
            masked.appendByte((byte) 'd').appendInt(0);
            rows.mask(pending, done, end, masked);
            masked.setInt(frame + 1, masked.length() - frame - 1);
            done = end;
        }
        if (done > 0) {
            pending = pending.getBuffer(done, pending.length());
        }
        if (pending.length() > maxRowBytes) {
            throw new MaskingFailed("a row is longer than the " + maxRowBytes + " bytes that can be masked");
        }
    }

    /**
     * To be called at CopyDone.
     *
     * @throws MaskingFailed if the data ends within a row
     */
    public void finish() {
        if (pending.length() > 0 || !messages.isBetweenMessages()) {
            throw new MaskingFailed("COPY data ends within a row");
        }
    }
}
