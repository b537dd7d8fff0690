// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.signature.VerdictSigner;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway is told about a closed approval. A function of the closed state alone (its times come from the log and Ed25519 uses no
 * randomness), so that two replicas that both tell it say the same, byte for byte.
 */
public final class Verdicts {
    private final VerdictSigner signer;

    public Verdicts(VerdictSigner signer) {
        this.signer = signer;
    }

    /** Null for a withdrawn approval: the gateway itself took the statement back. */
    public @Nullable VerdictEvent of(ApprovalState.Closed closed) {
        var held = closed.held();
        return switch (closed.outcome()) {
            case Outcome.Granted(var approvers) -> {
                var subjects = approvers.stream().map(Principal::subject).toList();
                var verdict = new Verdict(
                        held.approvalId(),
                        held.sessionId(),
                        held.statementId(),
                        held.statementDigest(),
                        held.requester().subject(),
                        subjects,
                        closed.closedAt(),
                        held.expiresAt());
                yield new VerdictGranted(held.approvalId(), held.sessionId(), signer.sign(verdict));
            }
            case Outcome.Refused(var by, var comment) -> new VerdictRefused(
                    held.approvalId(), held.sessionId(), "rejected by " + by.subject() + (comment == null ? "" : ": " + comment));
            case Outcome.Expired _ -> new VerdictExpired(held.approvalId(), held.sessionId());
            case Outcome.Withdrawn _ -> null;
        };
    }
}
