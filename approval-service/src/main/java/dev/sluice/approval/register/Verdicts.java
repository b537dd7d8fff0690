// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.CountedVote;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway is told about a closed approval. A function of the closed state alone (its times come from the log and Ed25519 uses no
 * randomness), so that two replicas that both tell it say the same, byte for byte.
 */
public final class Verdicts {
    private final VerdictSigner signer;
    private final boolean outliveCredentials;

    /** @param outliveCredentials whether grants may be used when the credentials of those who gave them have ended; the same in all replicas */
    public Verdicts(VerdictSigner signer, boolean outliveCredentials) {
        this.signer = signer;
        this.outliveCredentials = outliveCredentials;
    }

    /** What {@code eventId} leads to, if it is the event that closed the approval; null if it is another one. Whoever asks again gets the same answer. */
    public @Nullable VerdictEvent answerTo(String eventId, ApprovalState state) {
        return state instanceof ApprovalState.Closed closed && closed.closedBy().equals(eventId) ? of(closed) : null;
    }

    /** Null for a withdrawn approval: the gateway itself took the statement back. */
    private @Nullable VerdictEvent of(ApprovalState.Closed closed) {
        var held = closed.held();
        return switch (closed.outcome()) {
            case Outcome.Granted(var approvers) -> granted(closed, names(approvers), outliveCredentials ? null : firstEnd(closed, approvers));
            case Outcome.GrantedByEstimate _ -> granted(closed, List.of(), null);
            case Outcome.Refused(var by, var comment) -> refused(held, "rejected by " + by.subject() + (comment == null ? "" : ": " + comment), closed.closedAt());
            case Outcome.Expired _ -> new VerdictExpired(held.approvalId(), held.sessionId(), signer.sign(Ending.expired(held), closed.closedAt()));
            case Outcome.Withdrawn _ -> null;
        };
    }

    /** What the gateway is told about a hold for which nobody can be asked, or which somebody has rejected. */
    public VerdictRefused refused(StatementHeld held, String reason, Instant at) {
        return new VerdictRefused(held.approvalId(), held.sessionId(), reason, signer.sign(Ending.refused(held, reason), at));
    }

    /** When the first of the credentials ends with which these people have voted. */
    private static @Nullable Instant firstEnd(ApprovalState.Closed closed, List<Principal> approvers) {
        return closed.votes().stream()
                .filter(vote -> approvers.contains(vote.voter()))
                .map(CountedVote::standingUntil)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private VerdictGranted granted(ApprovalState.Closed closed, List<String> approvers, @Nullable Instant standsUntil) {
        var held = closed.held();
        var verdict = new Verdict(
                held.approvalId(),
                held.sessionId(),
                held.statementId(),
                held.statementDigest(),
                held.requester().subject(),
                approvers,
                closed.closedAt(),
                held.expiresAt(),
                TermsDigest.of(held),
                standsUntil);
        return new VerdictGranted(held.approvalId(), held.sessionId(), signer.sign(verdict));
    }

    /** Subjects, which whoever counts them takes for people; where two issuers have the same one, with the issuer. */
    private static List<String> names(List<Principal> approvers) {
        var subjects = approvers.stream().map(Principal::subject).toList();
        return approvers.stream()
                .map(approver -> Collections.frequency(subjects, approver.subject()) == 1 ? approver.subject() : approver.subject() + " (" + approver.issuer() + ")")
                .toList();
    }
}
