// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import java.util.List;

/**
 * What a verification has come to.
 *
 * @param records how many were given
 * @param lastSequence the highest sequence seen, -1 without any
 * @param lastHash the hash of the last record in its place
 * @param sealedThrough the highest sequence that a valid signature covers, -1 without any. What comes after it could have been removed by
 *     whoever can delete records, without the key, and not be missed: compare with a copy kept elsewhere
 * @param closed whether session.closed is there
 */
public record ChainReport(String sessionId, int records, long lastSequence, String lastHash, long sealedThrough, boolean closed, List<Finding> findings) {
    public ChainReport {
        findings = List.copyOf(findings);
    }

    /** Complete from its first record to its signed end, and nothing amiss. */
    public boolean intact() {
        return findings.isEmpty();
    }

    /** Nothing amiss but the end, which a session that still runs cannot have. */
    public boolean intactSoFar() {
        return findings.stream().allMatch(finding -> finding.kind() == Finding.Kind.OPEN_END);
    }
}
