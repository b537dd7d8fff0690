// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A statement that was released when its approvers' credentials had ended. */
final class GrantLapseProofTest {
    private static final String QUERY = "delete from orders";
    private static final PublicKeys KEYS = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());

    private static List<Finding> findings(Instant standsUntil) {
        var chain = new Chain("s1").opened();
        StatementHeld held = chain.held(chain.decided(QUERY, Outcome.HOLD, List.of("write")), QUERY, null, 1, null, null);
        var verdict = new Verdict(
                held.approvalId(), held.sessionId(), held.statementId(), held.statementDigest(), held.requester().subject(), List.of("ann"), Chain.START,
                Chain.START.plus(Duration.ofHours(1)), TermsDigest.of(held), standsUntil);
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), new VerdictSigner(Chain.APPROVAL).sign(verdict)));
        chain.completed(held.statementId(), "DELETE 3", null, 3).closed();
        var verifier = new EvidenceVerifier(KEYS, null, true);
        chain.records().forEach(verifier::accept);
        return verifier.report().allFindings();
    }

    @Test
    void beforeTheirEndItIsNoFinding() {
        assertThat(findings(Chain.START.plus(Duration.ofMinutes(30)))).isEmpty();
    }

    @Test
    void afterTheirEndItIsNamed() {
        assertThat(findings(Chain.START.minus(Duration.ofMinutes(1)))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.BAD_GRANT);
            assertThat(finding.message()).contains("released too late").contains("its approver's credential at 2026-11-23T07:59:00Z");
        });
    }
}
