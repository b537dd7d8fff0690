// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.CopyColumn;
import dev.sluice.gateway.masking.CopyFormat;
import dev.sluice.gateway.masking.CopyMasker;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.masking.MessageScrubber;
import dev.sluice.gateway.masking.RowMasker;
import dev.sluice.gateway.masking.RowStream;
import dev.sluice.gateway.masking.UnknownOrigin;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendMessage.Column;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answer to one request of a masked caller, on its way to the client. Fails, by {@link MaskingFailed}, rather than let anything pass. */
final class MaskedAnswer {
    /** One per statement of the text. */
    private final List<Masking> maskings;

    private final MaskTokens tokens;
    private final int maxRowBytes;
    private int statement;
    private @Nullable RowStream rows;
    private @Nullable CopyMasker copy;

    private MaskedAnswer(List<Masking> maskings, MaskTokens tokens, int maxRowBytes) {
        this.maskings = maskings;
        this.tokens = tokens;
        this.maxRowBytes = maxRowBytes;
    }

    /** Null where nothing has to be looked at. */
    static @Nullable MaskedAnswer of(Judged judged, SessionContext context) {
        List<Masking> maskings = judged.maskings();
        if (maskings == null || maskings.stream().allMatch(masking -> masking.masks() == null)) {
            return null;
        }
        return new MaskedAnswer(maskings, context.maskTokens(), (int) Math.min(Integer.MAX_VALUE, context.pendingLimit()));
    }

    private Masking now() {
        return maskings.get(Math.min(statement, maskings.size() - 1));
    }

    /** Whether only one statement is answered. */
    boolean isSingle() {
        return maskings.size() == 1;
    }

    /** What the caller's masks are bound to; null where the statement comes near none. */
    @Nullable BoundMasks masks() {
        return now().masks();
    }

    /** The columns that the current statement was resolved to, as the server described them; empty where that was not needed. */
    List<Column> columns() {
        return now().columns();
    }

    /** For each column of the current statement whether all of its values are rewritten; empty where none is. */
    boolean[] rewritten() {
        Masking masking = now();
        boolean shown = masking.rows() == Masking.Rows.PLANNED || masking.rows() == Masking.Rows.COPIED;
        if (!shown || !(masking.plan() instanceof MaskPlan.Columns plan)) {
            return new boolean[0];
        }
        boolean[] rewritten = new boolean[plan.outputs().size()];
        for (int i = 0; i < rewritten.length; i++) {
            Mask mask = plan.outputs().get(i);
            rewritten[i] = mask != null && !(mask instanceof Mask.WithinJson);
        }
        return rewritten;
    }

    /** One statement of the text has ended. */
    void completed() {
        statement++;
        rows = null;
        copy = null;
    }

    /** The server describes the rows that come: they must be those that the plan was made for. */
    void described(BackendMessage.RowDescription description) {
        Masking masking = now();
        BoundMasks masks = masking.masks();
        if (masks == null) {
            return;
        }
        List<Column> columns = description.columns();
        switch (masking.plan()) {
            case MaskPlan.Nothing nothing -> RowMasker.refuseMaskedOrigins(columns, masks, masking.own());
            case MaskPlan.Columns plan -> {
                switch (masking.rows()) {
                    case VALUELESS, MEASURED -> RowMasker.refuseMaskedOrigins(columns, masks, masking.own());
                    case NONE, COPIED -> throw new MaskingFailed("rows came of a statement that has none", Disagreement.DESCRIPTION);
                    case PLANNED -> {
                        if (!sameColumns(columns, masking.columns())) {
                            throw new UnknownOrigin("the answer comes from other columns than those that the statement was resolved to");
                        }
                        rows = stream(plan, columns, masks, masking.own());
                    }
                }
            }
            case MaskPlan.Refused refused -> throw new MaskingFailed("the statement was refused");
        }
    }

    /** A portal's description has the formats of Bind, and a cursor's, by FETCH, those of DECLARE. */
    private RowStream stream(MaskPlan.Columns plan, List<Column> columns, BoundMasks masks, Set<Integer> own) {
        return RowMasker.create(plan, columns, columns.stream().map(Column::format).toList(), masks, own, tokens).stream(maxRowBytes);
    }

    /** By origin and type; names may be repeated, and formats differ between a statement and a portal. */
    private static boolean sameColumns(List<Column> some, List<Column> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            Column one = some.get(i);
            Column other = others.get(i);
            if (one.tableOid() != other.tableOid() || one.attributeNumber() != other.attributeNumber() || one.typeOid() != other.typeOid()) {
                return false;
            }
        }
        return true;
    }

    /** Rows as the client may see them: whole messages where anything is masked. */
    Buffer rows(BackendMessage.DataRows chunk) {
        RowStream stream = rows;
        if (stream != null) {
            return stream.feed(chunk.raw());
        }
        Masking masking = now();
        boolean planned = masking.rows() != Masking.Rows.VALUELESS
                && masking.rows() != Masking.Rows.MEASURED
                && masking.plan() instanceof MaskPlan.Columns plan
                && (plan.masksRows() || masking.rows() == Masking.Rows.NONE);
        if (planned) {
            throw new MaskingFailed("rows came that nobody has described");
        }
        return chunk.raw();
    }

    /** Whether what {@link #rows} gave for a chunk ends where a message ends. */
    boolean endsWhole(BackendMessage.DataRows chunk) {
        return rows != null || chunk.endsWhole();
    }

    /** A copy goes to the client: it must be the one that the plan was made for. */
    void copiesOut(BackendMessage.CopyOutResponse response) {
        Masking masking = now();
        BoundMasks masks = masking.masks();
        if (masks == null || !(masking.plan() instanceof MaskPlan.Columns plan)) {
            return;
        }
        if (masking.rows() != Masking.Rows.COPIED || plan.outputs().size() != response.columnFormats().size()) {
            throw new MaskingFailed("COPY sends other columns than those that it was resolved to", Disagreement.DESCRIPTION);
        }
        CopyFormat format = masking.format();
        if (format != null) {
            if (response.format() != (format.kind() == CopyFormat.Kind.BINARY ? 1 : 0)) {
                throw new MaskingFailed("COPY sends another format than the one that it names");
            }
            List<CopyColumn> columns = masking.columns().stream().map(column -> new CopyColumn(column.tableOid(), column.typeOid(), column.typeModifier())).toList();
            copy = CopyMasker.create(plan, columns, format, masks, tokens, maxRowBytes);
        } else if (plan.masksRows()) {
            throw new MaskingFailed("it is not known how COPY writes its rows");
        }
    }

    /** COPY data as the client may see it: whole messages where anything is masked. */
    Buffer copied(BackendMessage.CopyOutData chunk) {
        return copy == null ? chunk.raw() : copy.feed(chunk.raw());
    }

    /** Whether what {@link #copied} gave for a chunk ends where a message ends. */
    boolean endsWhole(BackendMessage.CopyOutData chunk) {
        return copy != null || chunk.endsWhole();
    }

    /** The copy is complete. */
    void copyDone() {
        if (copy != null) {
            copy.finish();
        }
    }

    /** What the client hears of an error. */
    Buffer error(BackendMessage.ErrorResponse error) {
        return hidesMessages() ? MessageScrubber.scrub(error) : error.raw();
    }

    /** What the client hears of a notice. */
    Buffer notice(BackendMessage.NoticeResponse notice) {
        return hidesMessages() ? MessageScrubber.scrub(notice) : notice.raw();
    }

    private boolean hidesMessages() {
        return maskings.stream().anyMatch(Masking::hidesMessages);
    }
}
