// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.wire.BackendMessage.Column;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the DataRow messages of one result: 'D' | int32 length | int16 columns | per column int32 length (-1 for NULL) and bytes.
 * Made once per plan and description; for one thread.
 */
public final class RowMasker {
    private static final byte DATA_ROW = 'D';
    private static final int HEADER = 7;

    private final @Nullable CellMasker[] maskers;
    /** Whether a NULL is hidden as well. */
    private final boolean[] nullsToo;

    private RowMasker(@Nullable CellMasker[] maskers, boolean[] nullsToo) {
        this.maskers = maskers;
        this.nullsToo = nullsToo;
    }

    /**
     * A masker for rows of this description.
     *
     * @param columns of the RowDescription that the server sent for the statement
     * @param formats one code per column as the portal has them: a description of a statement does not say them
     * @param own OIDs of relations that the session has made or changed itself, and that the catalog need not know
     * @throws MaskingFailed if plan and description speak of different results: then one of them was read wrongly
     */
    public static RowMasker create(MaskPlan.Columns plan, List<Column> columns, List<Integer> formats, BoundMasks masks, Set<Integer> own, MaskTokens tokens) {
        List<@Nullable Mask> outputs = plan.outputs();
        if (outputs.size() != columns.size() || formats.size() != columns.size()) {
            throw new MaskingFailed("the result has " + columns.size() + " columns where the statement was resolved to " + outputs.size(), Disagreement.DESCRIPTION);
        }
        CellMaskers types = new CellMaskers(masks.catalog(), tokens);
        @Nullable CellMasker[] maskers = new CellMasker[outputs.size()];
        boolean[] nullsToo = new boolean[outputs.size()];
        for (int i = 0; i < maskers.length; i++) {
            Column column = columns.get(i);
            Mask mask = outputs.get(i);
            if (mask == null) {
                refuseOrigin(column, masks, own);
            } else {
                maskers[i] = types.of(mask, column.typeOid(), column.typeModifier(), Format.of(formats.get(i)));
                nullsToo[i] = plan.hidesNull(i, column.tableOid());
            }
        }
        return new RowMasker(maskers, nullsToo);
    }

    /**
     * For a result without a plan: fails if the server says that one of the columns is a masked one. The server is asked for every result, so
     * that a mistake in the reading of a statement does not show a plain column.
     *
     * @param own as for {@link #create}
     * @throws MaskingFailed if so
     * @throws UnknownOrigin if the catalog does not know one of them
     */
    public static void refuseMaskedOrigins(List<Column> columns, BoundMasks masks, Set<Integer> own) {
        columns.forEach(column -> refuseOrigin(column, masks, own));
    }

    private static void refuseOrigin(Column column, BoundMasks masks, Set<Integer> own) {
        BoundMask mask = masks.mask(new ColumnId(column.tableOid(), column.attributeNumber()));
        if (column.tableOid() != 0 && !own.contains(column.tableOid()) && !TreeObjects.knows(masks.catalog(), column.tableOid(), column.attributeNumber())) {
            throw new UnknownOrigin(column.tableOid());
        }
        if (mask != null) {
            throw new MaskingFailed("the server says that the result shows " + mask.name() + ", which the statement was not seen to do", Disagreement.DESCRIPTION);
        }
    }

    /** Appends the row with its masked cells replaced. */
    void append(Buffer row, int start, int length, Buffer to) {
        int end = start + length;
        if (length < HEADER || row.getByte(start) != DATA_ROW || row.getUnsignedShort(start + 5) != maskers.length) {
            throw new MaskingFailed("a row does not have the " + maskers.length + " columns of its description");
        }
        int begun = to.length();
        int copied = start;
        int at = start + HEADER;
        for (int column = 0; column < maskers.length; column++) {
            CellMasker masker = maskers[column];
            int size = end - at < 4 ? Integer.MAX_VALUE : row.getInt(at);
            int value = at + 4;
            if (size < -1 || size > end - value) {
                throw new MaskingFailed("a row is not laid out as one");
            }
            if (masker != null && (size >= 0 || nullsToo[column])) {
                byte[] shown = masker.mask(row, value, Math.max(0, size));
                to.appendBuffer(row, copied, at - copied);
                to.appendInt(shown == null ? -1 : shown.length);
                if (shown != null) {
                    to.appendBytes(shown);
                }
                copied = value + Math.max(0, size);
            }
            at = value + Math.max(0, size);
        }
        if (at != end) {
            throw new MaskingFailed("a row is longer than its columns");
        }
        to.appendBuffer(row, copied, end - copied);
        to.setInt(begun + 1, to.length() - begun - 1);
    }

    /**
     * The same row with its masked cells replaced.
     *
     * @param row one whole DataRow message; not written to
     * @throws MaskingFailed if it is not laid out as the description says
     */
    public Buffer mask(Buffer row) {
        Buffer masked = Buffer.buffer(row.length() + 16);
        append(row, 0, row.length(), masked);
        return masked;
    }

    /** A masker for the same rows as they come from the network. */
    public RowStream stream(int maxRowBytes) {
        return new RowStream(this, maxRowBytes);
    }
}
