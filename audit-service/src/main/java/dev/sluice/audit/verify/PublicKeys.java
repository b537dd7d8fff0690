// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.signature.VerdictVerifier;
import org.jspecify.annotations.Nullable;

/**
 * What signatures are checked with. A key that is absent leaves its signatures unchecked, and that is a finding.
 *
 * @param gateway signs checkpoints and the ends of sessions
 * @param approval signs grants
 * @param approvalRecords the same keys: they also sign the records of approvals
 * @param audit signs what auditors do
 */
public record PublicKeys(@Nullable TrustedKeys gateway, @Nullable VerdictVerifier approval, @Nullable TrustedKeys approvalRecords, @Nullable TrustedKeys audit) {
    /** From the key sets themselves. */
    public static PublicKeys of(@Nullable TrustedKeys gateway, @Nullable TrustedKeys approval) {
        return new PublicKeys(gateway, approval == null ? null : new VerdictVerifier(approval), approval, null);
    }

    /** The same, with those of the audit-service. */
    public PublicKeys with(@Nullable TrustedKeys auditKeys) {
        return new PublicKeys(gateway, approval, approvalRecords, auditKeys);
    }
}
