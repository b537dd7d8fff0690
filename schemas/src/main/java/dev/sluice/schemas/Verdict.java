// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas;

import java.time.Instant;
import java.util.List;

/** The claims of a grant: one statement digest, one session, one use. Signed by the approval-service, verified by the gateway. */
public record Verdict(
        String approvalId, String sessionId, String statementId, String statementDigest, String requester, List<String> approvers, Instant issuedAt, Instant expiresAt) {
    public Verdict {
        approvers = List.copyOf(approvers);
    }
}
