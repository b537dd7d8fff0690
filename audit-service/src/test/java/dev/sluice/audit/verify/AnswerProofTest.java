// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.SigningKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who forges a refusal in the approvers' name, or puts another statement before them, is found. */
final class AnswerProofTest {
    private static final PublicKeys KEYS = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());
    private static final String QUERY = "delete from orders";
    private static final String REASON = "rejected by ann: use a WHERE clause";

    private final Chain chain = new Chain("s1").opened();
    private final StatementHeld held = chain.held(chain.decided(QUERY, Outcome.HOLD, List.of("write")), QUERY);

    private byte[] beside(DomainEvent event) {
        return chain.beside(event, held.approvalId(), Chain.START.plusSeconds(3));
    }

    private static String signed(SigningKey key, StatementHeld hold, @Nullable String reason) {
        var ending = reason == null ? Ending.expired(hold) : Ending.refused(hold, reason);
        return ending.sign(key, Chain.START);
    }

    private byte[] refused(String reason, @Nullable String ending) {
        return beside(new VerdictRefused(held.approvalId(), held.sessionId(), reason, ending));
    }

    /** What people were asked about where it is this hold. */
    private byte[] requested(StatementHeld asked) {
        return beside(new ApprovalRequested(asked.approvalId(), asked));
    }

    private StatementHeld heldElsewhere(String query, int quorum) {
        var other = new Chain("s1").opened();
        return other.held(other.decided(query, Outcome.HOLD, List.of("write")), query, null, quorum, null, null);
    }

    private List<Kind> kinds(PublicKeys keys, byte[]... beside) {
        chain.add(new StatementRefused(held.statementId(), held.approvalId(), "42501", REASON)).closed();
        var records = new ArrayList<>(chain.records());
        Collections.addAll(records, beside);
        var inOrder = new EvidenceVerifier(keys);
        records.forEach(inOrder::accept);
        var answersFirst = new EvidenceVerifier(keys);
        Collections.rotate(records, beside.length);
        records.forEach(answersFirst::accept);
        var found = inOrder.report().allFindings().stream().map(Finding::kind).toList();
        assertThat(answersFirst.report().allFindings()).extracting(Finding::kind).as("in whichever order").containsExactlyInAnyOrderElementsOf(found);
        return found;
    }

    @Test
    void whatTheServiceHasSignedIsGenuine() {
        assertThat(kinds(KEYS, requested(held), refused(REASON, signed(Chain.APPROVAL, held, REASON)))).isEmpty();
    }

    @Test
    void soIsAnExpiry() {
        assertThat(kinds(KEYS, requested(held), beside(new VerdictExpired(held.approvalId(), held.sessionId(), signed(Chain.APPROVAL, held, null))))).isEmpty();
    }

    @Test
    void aRefusalThatNobodyOrSomebodyElseHasSignedIsFound() {
        assertThat(kinds(KEYS, refused(REASON, null), refused(REASON, signed(SigningKey.generate(), held, REASON)))).containsExactly(Kind.BAD_REFUSAL, Kind.BAD_REFUSAL);
    }

    @Test
    void anAlteredReasonIsFound() {
        assertThat(kinds(KEYS, refused("rejected by bob", signed(Chain.APPROVAL, held, REASON)))).containsExactly(Kind.BAD_REFUSAL);
    }

    @Test
    void anExpiryMadeOfARefusalIsFound() {
        assertThat(kinds(KEYS, beside(new VerdictExpired(held.approvalId(), held.sessionId(), signed(Chain.APPROVAL, held, REASON))))).containsExactly(Kind.BAD_REFUSAL);
    }

    @Test
    void theRefusalOfAnotherStatementOrSessionIsFound() {
        var another = heldElsewhere("delete from lines", 1);
        assertThat(kinds(KEYS, refused(REASON, signed(Chain.APPROVAL, another, REASON)), beside(new VerdictRefused(held.approvalId(), "s2", REASON, signed(Chain.APPROVAL, Chain.ticket(held, held.approvalId(), "s2"), REASON)))))
                .containsExactly(Kind.BAD_REFUSAL, Kind.BAD_REFUSAL);
    }

    @Test
    void withoutAKeyNoRefusalIsSaidToBeGenuine() {
        assertThat(kinds(PublicKeys.of(Chain.GATEWAY.publicKeys(), null), refused(REASON, signed(Chain.APPROVAL, held, REASON)))).containsExactly(Kind.UNCHECKED_SIGNATURE);
    }

    @Test
    void whoeverWasAskedAboutAnotherStatementIsFound() {
        assertThat(kinds(KEYS, requested(heldElsewhere("delete from lines", 1)))).containsExactly(Kind.ASKED_ANOTHER);
    }

    @Test
    void soIsWhoeverWasAskedOnWeakerTerms() {
        assertThat(kinds(KEYS, requested(heldElsewhere(QUERY, 2)))).containsExactly(Kind.ASKED_ANOTHER);
    }

    @Test
    void theFirstRequestCountsAsItDoesForTheService() {
        assertThat(kinds(KEYS, requested(held), requested(heldElsewhere("delete from lines", 1)))).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotCompared() {
        var verifier = new EvidenceVerifier(KEYS);
        verifier.accept(requested(heldElsewhere("delete from lines", 1)));
        verifier.accept(refused(REASON, signed(Chain.APPROVAL, held, REASON)));

        assertThat(verifier.report().allFindings()).isEmpty();
    }
}
