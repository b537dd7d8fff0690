// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a list is asked for. Whatever is absent does not restrict. */
public final class Filters {
    private Filters() {}

    /** Sessions, newest first. {@code from} inclusive, {@code to} exclusive, over the start of the session. */
    public record Sessions(
            @Nullable String principal, @Nullable String target, @Nullable Boolean open, @Nullable Instant from, @Nullable Instant to) {}

    /**
     * Statements, newest first.
     *
     * @param text part of the query, in any case
     * @param table relation as the statement wrote it, with or without schema
     * @param outcome {@code allow}, {@code deny} or {@code hold}
     * @param sqlstate of the answer or of the refusal
     */
    public record Statements(
            @Nullable String text,
            @Nullable String table,
            @Nullable String effect,
            @Nullable String outcome,
            @Nullable String sqlstate,
            @Nullable String principal,
            @Nullable String target,
            @Nullable String sessionId,
            @Nullable String approvalId,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** Findings, newest first. */
    public record Findings(@Nullable String kind, @Nullable String sessionId) {}
}
