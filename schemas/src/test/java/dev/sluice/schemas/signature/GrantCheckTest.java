// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrantCheckTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final StatementHeld HELD = held("approval", "digest", 1, null, null, true);

    @Test
    void aGrantOnTheSameTermsIsGood() {
        assertThat(GrantCheck.objection(verdict(HELD, "bob"), HELD)).isEmpty();
    }

    @Test
    void aGrantOnOtherTermsIsNot() {
        var weaker = new Verdict("approval", "session", "statement", "digest", "agent", List.of("bob"), NOW, NOW, TermsDigest.of(held("approval", "digest", 1, 100L, null, true)));
        assertThat(GrantCheck.objection(weaker, HELD)).contains("other terms");
        assertThat(GrantCheck.objection(verdict(held("another", "digest", 1, null, null, true), "bob"), HELD)).contains("another approval");
        assertThat(GrantCheck.objection(verdict(held("approval", "other", 1, null, null, true), "bob"), HELD)).contains("other text");
    }

    @Test
    void everyTermCounts() {
        var quorums = List.of(new GroupQuorum("dba", 1));
        assertThat(List.of(
                        TermsDigest.of(HELD),
                        TermsDigest.of(held("approval", "digest", 2, null, null, true)),
                        TermsDigest.of(held("approval", "digest", 1, 5L, null, true)),
                        TermsDigest.of(held("approval", "digest", 1, 5L, 4L, true)),
                        TermsDigest.of(new StatementHeld(
                                "statement", "approval", "session", "digest", "q", List.of(), HELD.facts(), "rule", null, List.of("dba"), 1, NOW,
                                new Principal(HELD.requester().subject(), HELD.requester().issuer(), Principal.Method.DATABASE, Set.of(), HELD.requester().onBehalfOf()),
                                "shop", "shop", null, "here", false)),
                        TermsDigest.of(new StatementHeld(
                                "statement", "approval", "session", "digest", "q", List.of(), HELD.facts(), "rule", null, List.of("dba"), 1, NOW, HELD.requester(),
                                "shop", "shop", null, "here", false, quorums, null, null, null, null))))
                .doesNotHaveDuplicates();
    }

    @Test
    void theRequesterAndTooFewNeverCount() {
        var two = held("approval", "digest", 2, null, null, true);
        assertThat(GrantCheck.objection(verdict(HELD, "agent"), HELD)).contains("requester");
        assertThat(GrantCheck.objection(verdict(HELD, "alice"), HELD)).contains("requester");
        assertThat(GrantCheck.objection(verdict(two, "bob", "bob"), two)).contains("fewer approvers");
        assertThat(GrantCheck.objection(verdict(HELD), HELD)).contains("fewer approvers");
    }

    @Test
    void quorumsThatMustAllBeMetTakeAsManyPeopleTogether() {
        var both = new StatementHeld(
                "statement", "approval", "session", "digest", "q", List.of(), HELD.facts(), "rule", null, List.of("dba", "privacy"), 1, NOW, HELD.requester(),
                "shop", "shop", null, "here", false, List.of(new GroupQuorum("dba", 2), new GroupQuorum("privacy", 1)), null, null, null, null);

        assertThat(GrantCheck.objection(verdict(both, "bob", "carol"), both)).contains("fewer approvers");
        assertThat(GrantCheck.objection(verdict(both, "bob", "carol", "dora"), both)).isEmpty();
    }

    @Test
    void onlyAnEstimateBelowTheRulesLimitNeedsNoHuman() {
        var small = held("approval", "digest", 1, 100L, 99L, true);
        assertThat(GrantCheck.objection(verdict(small), small)).isEmpty();
        for (var other : List.of(
                held("approval", "digest", 1, 100L, 100L, true),
                held("approval", "digest", 1, 100L, null, true),
                held("approval", "digest", 1, null, 5L, true),
                held("approval", "digest", 1, 100L, -1L, true),
                held("approval", "digest", 1, 100L, 5L, false))) {
            assertThat(GrantCheck.objection(verdict(other), other)).contains("fewer approvers");
        }
    }

    @Test
    void theTermsSurviveTheSignature() {
        var key = SigningKey.generate();
        var verdict = verdict(HELD, "bob");
        assertThat(new VerdictVerifier(key.publicKeys()).verify(new VerdictSigner(key).sign(verdict), NOW.minusSeconds(1))).isEqualTo(new VerdictResult.Valid(verdict));
    }

    @Test
    void theEndOfItsApproversCredentialsSurvivesTheSignatureInWholeSeconds() {
        var key = SigningKey.generate();
        var verdict = new Verdict("approval", "session", "statement", "digest", "agent", List.of("bob"), NOW, NOW.plusSeconds(60), null, NOW.plusMillis(30_900));
        var read = new VerdictVerifier(key.publicKeys()).verify(new VerdictSigner(key).sign(verdict), NOW);
        assertThat(read).isInstanceOfSatisfying(VerdictResult.Valid.class, valid -> assertThat(valid.verdict().standsUntil()).isEqualTo(NOW.plusSeconds(30)));
        assertThat(GrantCheck.lapse(NOW.plusSeconds(30), NOW.plusMillis(29_999))).isEmpty();
        assertThat(GrantCheck.lapse(NOW.plusSeconds(30), NOW.plusSeconds(30))).contains("its approver's credential at 2026-11-23T12:00:30Z");
        assertThat(GrantCheck.lapse(null, Instant.MAX)).isEmpty();
    }

    private static Verdict verdict(StatementHeld held, String... approvers) {
        return new Verdict(held.approvalId(), "session", "statement", held.statementDigest(), "agent", List.of(approvers), NOW, NOW, TermsDigest.of(held));
    }

    private static StatementHeld held(String approvalId, String digest, int quorum, @Nullable Long below, @Nullable Long estimate, boolean understood) {
        return new StatementHeld(
                "statement",
                approvalId,
                "session",
                digest,
                "q",
                List.of(),
                new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), true, understood),
                "rule",
                null,
                List.of("dba"),
                quorum,
                NOW,
                new Principal("agent", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of(), "alice"),
                "shop",
                "shop",
                null,
                "here",
                false,
                null,
                below,
                estimate,
                null,
                null);
    }
}
