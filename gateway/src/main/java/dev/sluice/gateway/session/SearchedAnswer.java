// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.detection.Column;
import dev.sluice.gateway.detection.CopyLayout;
import dev.sluice.gateway.detection.CopySearch;
import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.MessageSearch;
import dev.sluice.gateway.detection.RowSearch;
import dev.sluice.gateway.detection.SearchFailed;
import dev.sluice.gateway.detection.Tally;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.masking.CopyFormat;
import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.Detection;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one request, on its way to a client whose answers are searched for what looks personal or secret. Comes behind {@link MaskedAnswer}. */
final class SearchedAnswer {
    private final DetectionRules rules;
    private final Judged judged;
    private final @Nullable MaskedAnswer masked;
    private final int maxHeldBytes;
    private final Tally tally = new Tally();
    private int statement;
    private @Nullable RowSearch rows;
    private @Nullable CopySearch copy;
    /** The client has been told that the answer ends here: nothing of the rest is for it. */
    private boolean cut;

    private SearchedAnswer(DetectionRules rules, Judged judged, @Nullable MaskedAnswer masked, int maxHeldBytes) {
        this.rules = rules;
        this.judged = judged;
        this.masked = masked;
        this.maxHeldBytes = maxHeldBytes;
    }

    /** Null where nothing is looked for. */
    static @Nullable SearchedAnswer of(Judged judged, DetectionRules rules, @Nullable MaskedAnswer masked, SessionContext context) {
        return rules.isEmpty() || !judged.enforced() ? null : new SearchedAnswer(rules, judged, masked, (int) Math.min(1 << 30, context.pendingLimit()));
    }

    /** One statement of the text has ended. */
    void completed() {
        statement++;
        rows = null;
        copy = null;
    }

    /** The rows that come are described. */
    void described(BackendMessage.RowDescription description) {
        boolean[] rewritten = masked == null ? new boolean[0] : masked.rewritten();
        List<Column> columns = new ArrayList<>();
        for (BackendMessage.Column column : description.columns()) {
            int place = columns.size();
            boolean passes = place < rewritten.length && rewritten[place] || isExempt(column);
            columns.add(passes ? Column.passing(column.name()) : Column.of(column.name(), column.typeOid(), column.format()));
        }
        rows = new RowSearch(rules.detectors(), columns, tally, maxHeldBytes);
    }

    private boolean isExempt(BackendMessage.Column column) {
        BoundMasks masks = masked == null || rules.exempt().isEmpty() ? null : masked.masks();
        Relation relation = masks == null || column.tableOid() == 0 ? null : masks.catalog().relation(column.tableOid());
        dev.sluice.gateway.catalog.Column known = relation == null ? null : relation.column(column.attributeNumber());
        if (relation == null || known == null) {
            return false;
        }
        for (ColumnPattern pattern : rules.exempt()) {
            if (pattern.matches(relation.schema(), relation.name(), known.name())) {
                return true;
            }
        }
        return false;
    }

    /** Part of the rows or of the COPY data as the client may see it. */
    Buffer give(Buffer chunk) {
        try {
            if (copy != null) {
                return copy.feed(chunk);
            }
            if (rows != null) {
                return rows.feed(chunk);
            }
        } catch (SearchFailed failed) {
            throw new MaskingFailed(failed.getMessage());
        }
        throw new MaskingFailed("rows came that nobody has described, and cannot be searched");
    }

    /** A copy goes to the client. */
    void copiesOut(BackendMessage.CopyOutResponse response) {
        List<Column> columns = masked == null ? List.of() : columns(masked, response.columnFormats());
        copy = new CopySearch(rules.detectors(), columns, response.format() == 0 ? layout() : CopyLayout.BINARY, tally, maxHeldBytes);
    }

    private static List<Column> columns(MaskedAnswer masked, List<Integer> formats) {
        List<BackendMessage.Column> described = masked.columns();
        boolean[] rewritten = masked.rewritten();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < described.size() && described.size() == formats.size(); i++) {
            BackendMessage.Column column = described.get(i);
            columns.add(i < rewritten.length && rewritten[i] ? Column.passing(column.name()) : Column.of(column.name(), column.typeOid(), formats.get(i)));
        }
        return columns;
    }

    private CopyLayout layout() {
        CopyOut out = judged.source().copied(statement, judged.reading().statements().size());
        try {
            CopyFormat format = out == null ? null : CopyFormat.of(out.options());
            return format == null
                    ? CopyLayout.LINES
                    : new CopyLayout(false, (byte) format.delimiter(), format.kind() == CopyFormat.Kind.CSV ? (byte) format.quote() : 0, (byte) format.escape());
        } catch (MaskingFailed unknown) {
            return CopyLayout.LINES;
        }
    }

    /** Whether what has been given ends where a message ends. */
    boolean endsWhole() {
        return (rows == null || rows.endsWhole()) && (copy == null || copy.endsWhole());
    }

    /** Whether the row that comes next must not be given, nor any behind it. */
    boolean denies() {
        return rows != null && rows.hasDenied() || copy != null && copy.hasDenied();
    }

    /** What the client hears of an error or a notice. */
    Buffer message(Buffer message) {
        return new MessageSearch(rules.detectors(), tally).diagnostic(message);
    }

    /** An error or a notice that belongs to no answer, as a client with these rules may see it. */
    static Buffer diagnostic(Buffer message, DetectionRules rules) {
        return rules.isEmpty() ? message : new MessageSearch(rules.detectors(), new Tally()).diagnostic(message);
    }

    /** A NotificationResponse as a client with these rules may see it. */
    static Buffer notification(Buffer message, DetectionRules rules) {
        return rules.isEmpty() ? message : new MessageSearch(rules.detectors(), new Tally()).notification(message);
    }

    /** Nothing of the rest of the answer is for the client. */
    void cut() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    /** Whether only one statement is answered. */
    boolean isSingle() {
        return judged.reading().statements().size() == 1;
    }

    /** Why the answer ends: the detector and the column, never the value. */
    Diagnosis refusal() {
        Tally.Count denied = tally.denied();
        String what = denied == null ? "" : denied.detector().name();
        String where = denied == null || denied.column().isEmpty() ? "" : " in column \"" + denied.column() + "\"";
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "the answer is denied by the detector " + what + ": it found a match" + where)
                .withDetail("the statement has run; the row with the match and those behind it are withheld")
                .withHint("leave the column out of the answer");
    }

    /** For the record; null where nothing was found. */
    @Nullable List<Detection> detections() {
        List<Detection> found = tally.counts().stream()
                .map(count -> new Detection(
                        count.detector().name(), count.column(), count.count(), Detection.Action.valueOf(count.detector().action().name())))
                .toList();
        return found.isEmpty() ? null : found;
    }
}
