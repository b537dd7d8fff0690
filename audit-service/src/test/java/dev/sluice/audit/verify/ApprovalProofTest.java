// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people voted and wrote is as good as the chain of the session that waited for them. */
final class ApprovalProofTest {
    private static final String APPROVAL = "approval-of-s1-s1";

    private final Chain chain = new Chain("s1").opened().released("delete from orders", "ann").closed();
    private final List<byte[]> votes = new ArrayList<>(List.of(vote("ann", "looked at it"), vote("bob", "fine")));

    private byte[] vote(String voter, String comment) {
        var principal = new Principal(voter, "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        return chain.beside(new ApprovalVoted(APPROVAL, principal, Vote.APPROVE, comment, "d"), APPROVAL, Chain.START.plusSeconds(3));
    }

    private byte[] seal() {
        ApprovalChain sealed = ApprovalChain.START;
        for (byte[] vote : votes) {
            sealed = sealed.with(vote);
        }
        return chain.beside(new ApprovalSealed(APPROVAL, sealed.records(), sealed.hash(), null), APPROVAL, Chain.START.plusSeconds(4));
    }

    private Report verify(@Nullable String onlySession, List<byte[]> approval) {
        var keys = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());
        var verifier = onlySession == null ? new EvidenceVerifier(keys) : new EvidenceVerifier(keys, onlySession);
        chain.records().forEach(verifier::accept);
        approval.forEach(verifier::accept);
        return verifier.report();
    }

    private static byte[] edited(byte[] record, String from, String to) {
        return new String(record, StandardCharsets.UTF_8).replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aSealedApprovalHasNothingAmissNorHasAnOpenOne() {
        assertThat(verify(null, votes).ok()).isTrue();
        votes.add(seal());
        assertThat(verify(null, votes).ok()).isTrue();
        assertThat(verify("s1", votes).ok()).isTrue();
    }

    @Test
    void anAlteredCommentIsNamedWithItsPlace() {
        byte[] seal = seal();
        List<byte[]> altered = List.of(edited(votes.getFirst(), "looked at it", "did not look"), votes.getLast(), seal);
        long line = chain.records().size() + 1L;

        for (Report report : List.of(verify(null, altered), verify("s1", altered))) {
            assertThat(report.allFindings()).anySatisfy(finding -> {
                assertThat(finding.kind()).isEqualTo(Kind.APPROVAL_CHANGED);
                assertThat(finding.sessionId()).isEqualTo("s1");
                assertThat(finding.line()).isEqualTo(line);
                assertThat(finding.message()).contains(APPROVAL).contains("changed after it was signed").doesNotContain("did not look");
            });
        }
    }

    @Test
    void aRemovedVoteIsNamedByTheSeal() {
        byte[] seal = seal();

        assertThat(verify(null, List.of(votes.getFirst(), seal)).allFindings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.APPROVAL_CHANGED);
            assertThat(finding.message()).contains("removed, added or moved");
        });
    }

    @Test
    void withoutAKeyNoVoteIsSaidToBeGenuine() {
        var verifier = new EvidenceVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), null));
        votes.forEach(verifier::accept);

        assertThat(verifier.report().allFindings()).singleElement().satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.UNCHECKED_SIGNATURE));
    }
}
