// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.ApprovalChainVerifier;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of one approval: what people voted and wrote is for {@link ApprovalChainVerifier}. One without a seal is taken as open, as a
 * session without an end is.
 */
final class ApprovalProof {
    private static final int NOWHERE = -1;

    private final String approvalId;
    private final String sessionId;
    private final @Nullable ApprovalChainVerifier chain;
    /** Which of all records each of this approval's was. */
    private long[] lines = new long[4];
    private int records;

    /** {@code keys} null leaves the records unchecked, which is a finding. */
    ApprovalProof(String approvalId, String sessionId, @Nullable TrustedKeys keys) {
        this.approvalId = approvalId;
        this.sessionId = sessionId;
        this.chain = keys == null ? null : new ApprovalChainVerifier(approvalId, keys);
    }

    void accept(byte[] record, long line) {
        if (records == lines.length) {
            lines = Arrays.copyOf(lines, records * 2);
        }
        lines[records++] = line;
        if (chain != null) {
            chain.add(record);
        }
    }

    List<Finding> findings() {
        if (chain == null) {
            return List.of(finding(Kind.UNCHECKED_SIGNATURE, lines[0], "no key of the approval-service was given to check its records with"));
        }
        return chain.report().findings().stream()
                .filter(finding -> finding.kind() != dev.sluice.schemas.chain.Finding.Kind.OPEN_END)
                .map(finding -> finding(Kind.APPROVAL_CHANGED, lines[finding.position()], finding.message()))
                .toList();
    }

    private Finding finding(Kind kind, long line, String message) {
        return new Finding(kind, sessionId, NOWHERE, line, "approval " + approvalId + ": " + message);
    }
}
