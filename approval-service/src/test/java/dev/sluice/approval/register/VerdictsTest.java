// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictSigner;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What grants say of those who gave them. */
final class VerdictsTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final Instant FIRST = Holds.START.plusSeconds(300);
    private static final Instant SECOND = Holds.START.plusSeconds(200);

    private final ApprovalDecider decider = new ApprovalDecider();
    private ApprovalState state = decider.initial();
    private String last = "";

    private void happen(ApprovalEvent event) {
        last = "event-" + event.hashCode();
        state = decider.evolve(state, new RecordedEvent(last, Holds.START.plusSeconds(10), event));
    }

    private void votes(String who, @Nullable Instant until) {
        var held = ((ApprovalState.Asked) state).held();
        happen(new ApprovalVoted(held.approvalId(), Holds.person(who, "dba"), Vote.APPROVE, null, held.statementDigest(), until, null));
    }

    private Verdict verdict(boolean outliveCredentials) {
        var verdict = new Verdicts(new VerdictSigner(KEY), outliveCredentials).answerTo(last, state);
        assertThat(verdict).isInstanceOf(VerdictGranted.class);
        var result = new VerdictVerifier(KEY.publicKeys()).verify(((VerdictGranted) verdict).verdict(), Holds.START);
        assertThat(result).isInstanceOf(VerdictResult.Valid.class);
        return ((VerdictResult.Valid) result).verdict();
    }

    private void ask(Holds hold) {
        var held = hold.held();
        happen(new ApprovalRequested(held.approvalId(), held));
    }

    @Test
    void aGrantStandsUntilTheFirstCredentialOfItsApproversEnds() {
        ask(Holds.hold().approvers(3, "dba"));
        votes("bob", FIRST);
        votes("carol", SECOND);
        votes("dan", null);
        assertThat(verdict(false).standsUntil()).isEqualTo(SECOND);
    }

    @Test
    void aVoteThatDoesNotCountEndsNothing() {
        ask(Holds.hold().approvers(2, "dba"));
        votes("bob", Holds.START.plusSeconds(5));
        votes("carol", SECOND);
        votes("bob", FIRST);
        assertThat(verdict(false).approvers()).containsExactly("carol", "bob");
        assertThat(verdict(false).standsUntil()).isEqualTo(SECOND);
    }

    @Test
    void whereGrantsOutliveCredentialsNoneSaysSo() {
        ask(Holds.hold());
        votes("bob", FIRST);
        assertThat(verdict(true).standsUntil()).isNull();
    }

    @Test
    void whatNeedsNobodyEndsWithNobody() {
        ask(Holds.hold().automatic(100L, 3L));
        assertThat(verdict(false).approvers()).isEmpty();
        assertThat(verdict(false).standsUntil()).isNull();
    }
}
