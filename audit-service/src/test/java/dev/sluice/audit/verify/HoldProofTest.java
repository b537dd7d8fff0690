// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.HoldMode;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.signature.StatementDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An auditor takes the grants that the gateway should have taken, and no others. */
final class HoldProofTest {
    private static final PublicKeys KEYS = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());
    private static final String QUERY = "delete from orders";
    private static final List<GroupQuorum> BOTH = List.of(new GroupQuorum("dba", 1), new GroupQuorum("privacy", 1));

    private final Chain chain = new Chain("s1").opened();

    private StatementHeld held(@Nullable List<GroupQuorum> quorums, int quorum, @Nullable Long autoApproveBelow, @Nullable Long estimatedRows) {
        return chain.held(chain.decided(QUERY, Outcome.HOLD, List.of("write")), QUERY, quorums, quorum, autoApproveBelow, estimatedRows);
    }

    private Report released(StatementHeld held, String verdict, boolean demandApproval) {
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), verdict)).completed(held.statementId(), "DELETE 3", null, 3).closed();
        var verifier = new EvidenceVerifier(KEYS, null, demandApproval);
        chain.records().forEach(verifier::accept);
        return verifier.report();
    }

    private static List<Kind> kinds(Report report) {
        return report.allFindings().stream().map(Finding::kind).toList();
    }

    @Test
    void everyQuorumTakesItsOwnPeople() {
        StatementHeld held = held(BOTH, 2, null, null);

        assertThat(kinds(released(held, Chain.verdict(held, "ann", "bob"), true))).isEmpty();
    }

    /** Recorded by the gateway, and no fault of the session's. */
    @Test
    void aGrantThatSomebodySendsAgainAfterItsUseIsNoFinding() {
        StatementHeld held = held(null, 1, null, null);
        var again = new StatementEvent.GrantRejected(held.statementId(), held.approvalId(), "event", "0".repeat(64), "another one was used before");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), Chain.verdict(held, "ann"))).add(again);
        chain.completed(held.statementId(), "DELETE 3", null, 3).add(again).closed();
        var verifier = new EvidenceVerifier(KEYS, null, true);
        chain.records().forEach(verifier::accept);

        assertThat(kinds(verifier.report())).isEmpty();
    }

    private List<Kind> ended(StatementEvent... events) {
        List.of(events).forEach(chain::add);
        chain.closed();
        var verifier = new EvidenceVerifier(KEYS, null, true);
        chain.records().forEach(verifier::accept);
        return kinds(verifier.report());
    }

    private static StatementEvent rejected(String statementId, String approvalId) {
        return new StatementEvent.GrantRejected(statementId, approvalId, "event", "0".repeat(64), "its statement waited for it no longer");
    }

    @Test
    void aGrantForAHoldThatHasEndedIsNoFindingWhateverCameBetween() {
        StatementHeld refused = held(null, 1, null, null);
        chain.add(new StatementEvent.StatementRefused(refused.statementId(), refused.approvalId(), "42501", "no"));
        StatementHeld withdrawn = held(null, 1, null, null);
        chain.add(new StatementEvent.StatementWithdrawn(withdrawn.statementId(), withdrawn.approvalId(), "cancelled by the client"));
        StatementHeld open = held(null, 1, null, null);

        assertThat(ended(
                rejected(refused.statementId(), refused.approvalId()),
                rejected(withdrawn.statementId(), withdrawn.approvalId()),
                rejected(refused.statementId(), refused.approvalId()),
                new StatementEvent.StatementWithdrawn(open.statementId(), open.approvalId(), "the client closed the connection"))).isEmpty();
    }

    @Test
    void aRejectedGrantForAStatementThatWasNeverHeldIsNamed() {
        String allowed = chain.decided(QUERY, Outcome.ALLOW, List.of("read"));

        assertThat(ended(rejected(allowed, "approval-" + allowed), rejected(allowed, "ticket-1"), rejected("unheard", "approval-unheard")))
                .containsExactly(Kind.END_WITHOUT_HOLD, Kind.END_WITHOUT_HOLD, Kind.END_WITHOUT_HOLD);
    }

    @Test
    void aRejectedGrantUnderAnotherStatementsApprovalIsNamed() {
        StatementHeld first = held(null, 1, null, null);
        chain.add(new StatementReleased(first.statementId(), first.approvalId(), Chain.verdict(first, "ann"))).completed(first.statementId(), "DELETE 3", null, 3);
        String allowed = chain.decided(QUERY, Outcome.ALLOW, List.of("read"));
        StatementHeld second = held(null, 1, null, null);
        chain.add(new StatementEvent.StatementWithdrawn(second.statementId(), second.approvalId(), "cancelled by the client"));

        assertThat(ended(rejected(allowed, first.approvalId()), rejected("unheard", first.approvalId()), rejected(second.statementId(), first.approvalId())))
                .containsExactly(Kind.END_WITHOUT_HOLD, Kind.END_WITHOUT_HOLD, Kind.END_WITHOUT_HOLD);
    }

    @Test
    void aVerdictForATicketThatWasUsedIsNoFinding() {
        StatementHeld ticket = Chain.ticket(new Chain("s0").held("s0-1", QUERY, null, 1, null, null), "ticket-1", "s0");
        String used = chain.decided(QUERY, Outcome.HOLD, List.of("write"));
        chain.add(new StatementReleased(used, "ticket-1", Chain.verdict(ticket, "ann"), ticket)).completed(used, "DELETE 3", null, 3);
        String told = chain.decided(QUERY, Outcome.DENY, List.of("write"));

        assertThat(ended(rejected(used, "ticket-1"), rejected(told, "ticket-2"))).isEmpty();
    }

    @Test
    void onePersonForTwoQuorumsIsNamed() {
        StatementHeld held = held(BOTH, 1, null, null);

        assertThat(released(held, Chain.verdict(held, "ann"), false).allFindings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.BAD_GRANT);
            assertThat(finding.message()).contains("fewer approvers");
        });
    }

    @Test
    void theSamePersonTwiceIsNamed() {
        StatementHeld held = held(null, 2, null, null);

        assertThat(kinds(released(held, Chain.verdict(held, "ann", "ann"), false))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void anEstimateBelowTheLimitNeedsNobodyUnlessSomebodyIsDemanded() {
        StatementHeld held = held(null, 1, 100L, 3L);
        Report report = released(held, Chain.verdict(held), false);

        assertThat(kinds(report)).isEmpty();
        assertThat(report.sessions().getFirst().unapproved()).isEqualTo(1);
    }

    @Test
    void whatNobodyWasAskedAboutIsNamedWhereThatIsDemanded() {
        StatementHeld held = held(null, 1, 100L, 3L);

        assertThat(kinds(released(held, Chain.verdict(held), true))).containsExactly(Kind.DESTRUCTIVE_UNAPPROVED);
    }

    @Test
    void anEstimateAtTheLimitNeedsSomebody() {
        StatementHeld held = held(null, 1, 100L, 100L);

        assertThat(kinds(released(held, Chain.verdict(held), false))).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void aGrantOnWeakerTermsIsNamed() {
        StatementHeld weaker = new Chain("s1").held("s1-s1", QUERY, null, 1, null, null);
        StatementHeld held = held(BOTH, 2, null, null);

        assertThat(released(held, Chain.verdict(held, weaker, "ann", "bob"), false).allFindings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("other terms"));
    }

    @Test
    void aTextThatIsNotTheOneWhoseDigestWasApprovedIsNamed() {
        StatementHeld held = held(null, 1, null, null);
        var shown = new StatementHeld(
                held.statementId(), "ticket-1", "s0", "", held.query(), List.of(new Parameter(23, "text", "7")), held.facts(), held.rule(), held.reason(),
                held.approverGroups(), held.quorum(), held.expiresAt(), held.requester(), held.target(), held.database(), held.application(), held.clientAddress(),
                false, null, null, null, "app", "public", HoldMode.RETURN, null, null, null, null);
        StatementHeld genuine = shown.under(StatementDigest.bound(shown));
        StatementHeld forged = shown.under(StatementDigest.of("SELECT 1", List.of(), "app", "shop", "public"));

        assertThat(kinds(comesAgain(genuine))).isEmpty();
        assertThat(comesAgain(forged).allFindings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.BAD_GRANT);
            assertThat(finding.message()).contains("not that of the text that approvers were shown");
        });
    }

    private static Report comesAgain(StatementHeld ticket) {
        var session = new Chain("s1").opened();
        String statementId = session.decided(QUERY, Outcome.HOLD, List.of("write"));
        session.add(new StatementReleased(statementId, "ticket-1", Chain.verdict(ticket, "ann"), ticket)).completed(statementId, "DELETE 3", null, 3);
        session.closed();
        var verifier = new EvidenceVerifier(KEYS, null, true);
        session.records().forEach(verifier::accept);
        return verifier.report();
    }

    /** One destructive statement that was allowed, and the end that is on record of it; none for null. */
    private Report allowed(@Nullable List<String> tags, @Nullable String sqlState, @Nullable List<Detection> detections) {
        String id = chain.decided(QUERY, Outcome.ALLOW, List.of("write"));
        if (tags != null) {
            chain.add(new StatementCompleted(id, tags, sqlState, 0, 42, "ab".repeat(32), 1_234, "I", null, null, null, null, detections));
            chain.closed();
        }
        var verifier = new EvidenceVerifier(KEYS, null, true);
        chain.records().forEach(verifier::accept);
        return verifier.report();
    }

    @Test
    void aStatementWhoseAnswerWasDeniedHasRunForAllThat() {
        Report report = allowed(List.of(), "42501", List.of(new Detection("iban", "note", 1, Detection.Action.DENY)));

        assertThat(kinds(report)).containsExactly(Kind.DESTRUCTIVE_UNAPPROVED);
        assertThat(report.sessions().getFirst().unapproved()).isEqualTo(1);
    }

    @Test
    void whatCommittedBeforeItsTextFailedHasRun() {
        assertThat(kinds(allowed(List.of("DELETE 3", "COMMIT"), "22012", null))).containsExactly(Kind.DESTRUCTIVE_UNAPPROVED);
    }

    @Test
    void whatFailedAsAWholeHasNotRun() {
        Report report = allowed(List.of("DELETE 3"), "22012", List.of(new Detection("iban", "note", 1, Detection.Action.MASK)));

        assertThat(kinds(report)).isEmpty();
        assertThat(report.sessions().getFirst().destructive()).isZero();
    }

    @Test
    void aStatementOfWhichNobodyKnowsTheEndIsNamed() {
        Report report = allowed(null, null, null);

        assertThat(kinds(report)).containsExactly(Kind.END_UNKNOWN);
        assertThat(report.sessions().getFirst().unapproved()).isEqualTo(1);
    }

    @Test
    void aStatementWhoseConnectionEndedBeforeItsAnswerIsNamed() {
        assertThat(kinds(allowed(List.of(), "08006", null))).containsExactly(Kind.END_UNKNOWN);
    }

    @Test
    void aDeniedOrHeldStatementThatRanIsNamedThoughItsAnswerWasDenied() {
        for (Outcome outcome : List.of(Outcome.DENY, Outcome.HOLD)) {
            var session = new Chain("s1").opened();
            String id = session.decided("select 1", outcome, List.of("read"));
            session.add(new StatementCompleted(
                    id, List.of(), "42501", 0, 42, "ab".repeat(32), 1_234, "I", null, null, null, null, List.of(new Detection("iban", "note", 1, Detection.Action.DENY))));
            var verifier = new EvidenceVerifier(KEYS, null, true);
            session.closed().records().forEach(verifier::accept);
            assertThat(kinds(verifier.report())).containsExactly(outcome == Outcome.DENY ? Kind.RAN_THOUGH_DENIED : Kind.RAN_WITHOUT_GRANT);
        }
    }

    private EvidenceVerifier redeemed(int times, String query) {
        StatementHeld ticket = Chain.ticket(new Chain("s0").held("s0-1", QUERY, null, 1, null, null), "ticket-1", "s0");
        for (int i = 0; i < times; i++) {
            String statementId = chain.decided(query, Outcome.HOLD, List.of("write"));
            chain.add(new StatementReleased(statementId, "ticket-1", Chain.verdict(ticket, "ann"), ticket)).completed(statementId, "DELETE 3", null, 3);
        }
        chain.closed();
        var verifier = new EvidenceVerifier(KEYS, null, true);
        chain.records().forEach(verifier::accept);
        return verifier;
    }

    @Test
    void aStatementThatWasHeldElsewhereMayComeAgain() {
        assertThat(kinds(redeemed(1, QUERY).report())).isEmpty();
    }

    @Test
    void anApprovalThatHasLetTwoStatementsRunIsNamed() {
        assertThat(kinds(redeemed(2, QUERY).report())).containsExactly(Kind.GRANT_USED_AGAIN);
    }

    @Test
    void aGrantForAnotherTextIsNamed() {
        assertThat(kinds(redeemed(1, "delete from customers").report())).containsExactly(Kind.BAD_GRANT);
    }

    @Test
    void aHoldWhoseClientComesAgainNeedsNoEndInItsSession() {
        StatementHeld held = Chain.ticket(chain.held(chain.decided(QUERY, Outcome.HOLD, List.of("write")), QUERY, null, 1, null, null), "ticket-1", "s0");
        var other = new Chain("s1").opened();
        String statementId = other.decided(QUERY, Outcome.HOLD, List.of("write"));
        assertThat(statementId).isEqualTo(held.statementId());
        other.add(held).closed();
        var verifier = new EvidenceVerifier(KEYS, null, false);
        other.records().forEach(verifier::accept);
        assertThat(kinds(verifier.report())).isEmpty();
    }
}
