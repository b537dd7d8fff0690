// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a list is asked for. Whatever is absent does not restrict. */
public final class Filters {
    private Filters() {}

    /** {@code from} inclusive, {@code to} exclusive. */
    public record Span(@Nullable Instant from, @Nullable Instant to) {}

    /**
     * Sessions.
     *
     * @param group of the principal
     * @param application as its client has named it
     * @param trace the trace-id of W3C Trace Context, of the session or of a statement in it
     * @param started over the start of the session
     * @param statements one statement of the session at least is such; null where any session will do, with statements or without
     */
    public record Sessions(
            @Nullable String principal,
            @Nullable String group,
            @Nullable String target,
            @Nullable Boolean open,
            @Nullable SessionState state,
            @Nullable String application,
            @Nullable String trace,
            Span started,
            @Nullable Statements statements) {}

    /**
     * Statements.
     *
     * @param text part of the query, in any case
     * @param words all of them are in the query, in any order
     * @param table relation as the statement wrote it, with or without schema
     * @param outcome {@code allow}, {@code deny} or {@code hold}
     * @param approver somebody named by the grant that released it, or by the refusal that rejected it
     * @param sqlstate of the answer or of the refusal
     * @param group of the principal
     * @param bounded whether a WHERE restricts it
     * @param maskedColumn a column that a mask names and that the answer may have shown, masked or not
     * @param unmasked whether such columns were shown as they are; false: masked
     * @param trace the trace-id of W3C Trace Context
     * @param column as the statement names it, with or without table and schema; with a table also where it asks for all of the table
     * @param end what became of it
     * @param destructive whether it changes the schema, or changes or removes rows without a condition that restricts it
     * @param policy the version that decided it
     */
    public record Statements(
            @Nullable String text,
            @Nullable String words,
            @Nullable String table,
            @Nullable String function,
            @Nullable String kind,
            @Nullable String effect,
            @Nullable String outcome,
            @Nullable String rule,
            @Nullable String approver,
            @Nullable String sqlstate,
            @Nullable String principal,
            @Nullable String group,
            @Nullable String target,
            @Nullable String sessionId,
            @Nullable String approvalId,
            @Nullable Boolean bounded,
            @Nullable Long minRows,
            @Nullable Long maxRows,
            @Nullable Duration minDuration,
            @Nullable Duration maxDuration,
            @Nullable String maskedColumn,
            @Nullable Boolean unmasked,
            Span started,
            @Nullable String trace,
            @Nullable String column,
            @Nullable StatementEnd end,
            @Nullable Boolean destructive,
            @Nullable String policy) {
        /** The one column that {@code unmasked} is about, if it is {@code asItIs}. */
        @Nullable String seen(boolean asItIs) {
            String one = maskedColumn == null ? column : maskedColumn;
            return unmasked != null && unmasked == asItIs ? one : null;
        }

        /**
         * Whether something is asked for that no index has in the order of time, and of which the planner only guesses how often it is there. One session has
         * few enough statements for any plan.
         */
        boolean isOfUnknownNumber(Visibility visibility) {
            return sessionId == null
                    && approvalId == null
                    && trace == null
                    && (visibility.targets() != null || asksBeyondIndexes());
        }

        private boolean asksBeyondIndexes() {
            return Stream.of(text, words, table, column, function, kind, effect, approver, sqlstate, group, bounded, minRows, maxRows, minDuration, maxDuration, maskedColumn, unmasked, end, destructive)
                    .anyMatch(Objects::nonNull);
        }
    }

    /**
     * Findings.
     *
     * @param target of the session that it is about
     * @param attributed whether it is about a session that is known
     * @param recorded when the broker got the record
     */
    public record Findings(@Nullable String kind, @Nullable String sessionId, @Nullable String target, @Nullable Boolean attributed, Span recorded) {}

    /** Accesses to the evidence. */
    public record Accesses(@Nullable String caller, @Nullable String sessionId, @Nullable Boolean permitted, @Nullable Boolean proven, Span accessed) {}
}
