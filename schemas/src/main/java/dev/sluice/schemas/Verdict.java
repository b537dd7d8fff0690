// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a grant: one statement digest, one session, one use. Signed by the approval-service, verified by the gateway.
 *
 * @param approvers who approved, in the order of their votes; empty only where the hold's own terms need no human
 * @param issuedAt when the last of them did
 * @param terms digest of the terms on which it was approved ({@code TermsDigest}); absent in grants from before there was one
 * @param standsUntil when the first credential of those who approved ends, and the grant with it; absent where it outlives them, where none of them
 *     has an end, and in grants from before there was one
 */
public record Verdict(
        String approvalId,
        String sessionId,
        String statementId,
        String statementDigest,
        String requester,
        List<String> approvers,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable String terms,
        @Nullable Instant standsUntil) {
    public Verdict {
        approvers = List.copyOf(approvers);
    }

    /** A grant that outlives the credentials of those who gave it. */
    public Verdict(
            String approvalId, String sessionId, String statementId, String statementDigest, String requester, List<String> approvers, Instant issuedAt, Instant expiresAt,
            @Nullable String terms) {
        this(approvalId, sessionId, statementId, statementDigest, requester, approvers, issuedAt, expiresAt, terms, null);
    }

    /** A grant that does not say on which terms it was given. */
    public Verdict(
            String approvalId, String sessionId, String statementId, String statementDigest, String requester, List<String> approvers, Instant issuedAt, Instant expiresAt) {
        this(approvalId, sessionId, statementId, statementDigest, requester, approvers, issuedAt, expiresAt, null, null);
    }
}
