// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.util.Collection;
import java.util.List;

/**
 * What a batch of records changes. Rows hold only the columns that the batch knows; a column that already has a value keeps it, so
 * that folding the same records again changes nothing.
 *
 * @param sessions rows of {@link SessionColumn}
 * @param statements rows of {@link StatementColumn}
 * @param accesses rows of {@link AccessColumn}
 * @param legalHolds rows of {@link LegalHoldColumn}
 * @param results parts of answers; they are in no other list
 */
public record Batch(
        List<EventRow> events,
        Collection<ProjectedRow> sessions,
        Collection<ProjectedRow> statements,
        List<FindingRow> findings,
        Collection<ProjectedRow> accesses,
        Collection<ProjectedRow> legalHolds,
        List<ResultRow> results) {}
