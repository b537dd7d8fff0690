// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the evidence says about one session.
 *
 * @param records of its chain
 * @param lastSequence -1 when there is none
 * @param lastDigest SHA-256 (hex) of the last record: compare it with what another witness has
 * @param closed whether the chain ends in session.closed. Where it does not, the session still runs, its gateway died, or the end was cut off
 * @param destructive statements that ran, or may have, as no end is on record, and changed or removed without bound, or changed the schema
 * @param unapproved of how many of these nobody was asked
 * @param sealed how far gateway signatures reach: the highest sequence that a verified signature covers, -1 for none
 */
public record SessionReport(
        String sessionId,
        long records,
        long lastSequence,
        String lastDigest,
        boolean closed,
        long sealed,
        long statements,
        long held,
        long released,
        long refused,
        long withdrawn,
        long destructive,
        long unapproved,
        List<Finding> findings) {
    public SessionReport {
        findings = List.copyOf(findings);
    }

    /** The same with findings of another witness. */
    SessionReport with(List<Finding> more) {
        return new SessionReport(
                sessionId, records, lastSequence, lastDigest, closed, sealed, statements, held, released, refused, withdrawn, destructive, unapproved,
                Stream.concat(findings.stream(), more.stream()).toList());
    }
}
