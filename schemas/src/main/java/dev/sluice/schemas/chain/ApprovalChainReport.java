// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import java.util.List;

/**
 * What the verification of one approval's history has come to.
 *
 * @param records how many signed records were given, the seal not among them
 * @param sealedRecords how many of them, from the first on, a valid seal covers; 0 without one
 */
public record ApprovalChainReport(String approvalId, long records, long sealedRecords, List<Finding> findings) {
    public ApprovalChainReport {
        findings = List.copyOf(findings);
    }

    /** Complete to its seal, and nothing amiss. */
    public boolean intact() {
        return findings.isEmpty();
    }

    /** Nothing amiss but the missing seal, which an approval that is still open cannot have. */
    public boolean intactSoFar() {
        return findings.stream().allMatch(finding -> finding.kind() == Finding.Kind.OPEN_END);
    }
}
