// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictSigner;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A hold is released by its own true grant and by nothing else. */
class HoldRegistryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final SigningKey KEY = SigningKey.generate();
    private static final StatementHeld HELD = new StatementHeld(
            "s-1", "approval-s-1", "s", "d".repeat(64), "delete from t", List.of(), new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), false, true),
            "rule", null, List.of("dba"), 1, NOW.plus(Duration.ofMinutes(5)), new Principal("agent", "https://issuer.test", Principal.Method.OIDC, Set.of(), "alice"),
            "shop", "shop", null, "127.0.0.1:1", false);

    private final List<String> heard = new ArrayList<>();
    private boolean recording = true;
    private final HoldRegistry registry = new HoldRegistry(1, HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys())));

    private final HoldOwner owner = new HoldOwner() {
        @Override
        public void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) {
            heard.add("granted");
        }

        @Override
        public boolean rejected(String approvalId, String verdictEventId, String verdict, String reason) {
            heard.add(verdictEventId + " rejected: " + reason);
            return recording;
        }

        @Override
        public void refused(String approvalId, SqlState sqlState, String reason) {
            heard.add("refused");
        }
    };

    HoldRegistryTest() {
        registry.open(HELD, owner);
    }

    private void grant(SigningKey key, UnaryOperator<Verdict> changed) {
        var verdict = new Verdict("approval-s-1", "s", "s-1", "d".repeat(64), "agent", List.of("bob"), NOW, NOW.plusSeconds(60));
        registry.decide("e", new VerdictGranted("approval-s-1", "s", new VerdictSigner(key).sign(changed.apply(verdict))), NOW);
    }

    @Test
    void itsTrueGrantReleasesItOnce() {
        grant(KEY, verdict -> verdict);
        grant(KEY, verdict -> verdict);
        assertThat(heard).containsExactly("granted");
        assertThat(registry.hasRoom()).isTrue();
    }

    @Test
    void aForgedGrantIsRejected() {
        grant(SigningKey.generate(), verdict -> verdict);
        assertThat(heard).singleElement().asString().startsWith("e rejected: ");
        assertStillOpen();
    }

    @Test
    void anExpiredGrantIsRejected() {
        grant(KEY, verdict -> new Verdict(verdict.approvalId(), verdict.sessionId(), verdict.statementId(), verdict.statementDigest(), verdict.requester(),
                verdict.approvers(), NOW.minusSeconds(120), NOW.minusSeconds(60)));
        assertThat(heard).singleElement().asString().startsWith("e rejected: ");
        assertStillOpen();
    }

    @Test
    void aGrantForAnotherSessionStatementTextOrApprovalIsRejected() {
        grant(KEY, verdict -> new Verdict("another", "s", "s-1", verdict.statementDigest(), "agent", List.of("bob"), NOW, verdict.expiresAt()));
        grant(KEY, verdict -> new Verdict("approval-s-1", "another", "s-1", verdict.statementDigest(), "agent", List.of("bob"), NOW, verdict.expiresAt()));
        grant(KEY, verdict -> new Verdict("approval-s-1", "s", "another", verdict.statementDigest(), "agent", List.of("bob"), NOW, verdict.expiresAt()));
        grant(KEY, verdict -> new Verdict("approval-s-1", "s", "s-1", "0".repeat(64), "agent", List.of("bob"), NOW, verdict.expiresAt()));
        assertThat(heard).containsExactly(
                "e rejected: it is for another approval",
                "e rejected: it is for another session",
                "e rejected: it is for another statement",
                "e rejected: it is for other text, parameters or circumstances");
        assertStillOpen();
    }

    @Test
    void aGrantByTheRequesterOrByTooFewIsRejected() {
        grant(KEY, verdict -> new Verdict("approval-s-1", "s", "s-1", verdict.statementDigest(), "agent", List.of("alice"), NOW, verdict.expiresAt()));
        grant(KEY, verdict -> new Verdict("approval-s-1", "s", "s-1", verdict.statementDigest(), "agent", List.of(), NOW, verdict.expiresAt()));
        assertThat(heard).containsExactly("e rejected: the requester is among its approvers", "e rejected: it has fewer approvers than the rule demands");
        assertStillOpen();
    }

    @Test
    void whatWaitsIsBoundedByItsBytesToo() {
        var many = new HoldRegistry(1_000, HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys())));
        HoldOwner nobody = new HoldOwner() {
            @Override
            public void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) {}

            @Override
            public boolean rejected(String approvalId, String verdictEventId, String verdict, String reason) {
                return true;
            }

            @Override
            public void refused(String approvalId, SqlState sqlState, String reason) {}
        };
        String large = "x".repeat((int) DisplayLimit.BYTES);
        int opened = 0;
        while (many.hasRoom() && opened < 1_000) {
            many.open(withText("approval-" + opened++, large), nobody);
        }
        assertThat(opened * DisplayLimit.BYTES).isEqualTo(HoldRegistry.MOST_BYTES);
        many.close("approval-0");
        many.close("approval-0");
        assertThat(many.hasRoom()).isTrue();
        many.open(withText("approval-0", large), nobody);
        assertThat(many.hasRoom()).isFalse();
        many.decide("e", refusal(KEY, withText("approval-0", large), "no"), NOW);
        assertThat(many.hasRoom()).isTrue();
    }

    private static VerdictEvent refusal(SigningKey key, StatementHeld held, String reason) {
        return new VerdictEvent.VerdictRefused(held.approvalId(), held.sessionId(), reason, Ending.refused(held, reason).sign(key, NOW));
    }

    @Test
    void aSignedRefusalEndsIt() {
        registry.decide("e", refusal(KEY, HELD, "no"), NOW);
        assertThat(heard).containsExactly("refused");
    }

    @Test
    void aSignedExpiryEndsIt() {
        registry.decide("e", new VerdictEvent.VerdictExpired("approval-s-1", "s", Ending.expired(HELD).sign(KEY, NOW)), NOW);
        assertThat(heard).containsExactly("refused");
    }

    /** Whoever can write to the topic must not be able to refuse in the approvers' name. */
    @Test
    void aRefusalThatTheServiceHasNotSignedEndsNothing() {
        registry.decide("e1", new VerdictEvent.VerdictRefused("approval-s-1", "s", "no"), NOW);
        registry.decide("e2", new VerdictEvent.VerdictExpired("approval-s-1", "s"), NOW);
        registry.decide("e3", refusal(SigningKey.generate(), HELD, "no"), NOW);
        registry.decide("e4", new VerdictEvent.VerdictRefused("approval-s-1", "s", "other words", Ending.refused(HELD, "no").sign(KEY, NOW)), NOW);
        registry.decide("e5", new VerdictEvent.VerdictExpired("approval-s-1", "s", Ending.refused(HELD, "no").sign(KEY, NOW)), NOW);
        assertThat(heard).hasSize(5).allSatisfy(one -> assertThat(one).contains("rejected: it is a refusal"));
        assertStillOpen();
    }

    @Test
    void aGrantThatComesAgainAfterItsUseIsTold() {
        String jws = new VerdictSigner(KEY).sign(new Verdict("approval-s-1", "s", "s-1", "d".repeat(64), "agent", List.of("bob"), NOW, NOW.plusSeconds(60)));
        registry.decide("e", new VerdictGranted("approval-s-1", "s", jws), NOW);
        registry.decide("e", new VerdictGranted("approval-s-1", "s", jws), NOW);
        registry.decide("replay", new VerdictGranted("approval-s-1", "s", jws), NOW);
        assertThat(heard).containsExactly("granted", "replay rejected: another one was used before");
    }

    private VerdictGranted granted(SigningKey key, String approvalId) {
        var verdict = new Verdict(approvalId, "s", "s-1", "d".repeat(64), "agent", List.of("bob"), NOW, NOW.plusSeconds(60));
        return new VerdictGranted("approval-s-1", "s", new VerdictSigner(key).sign(verdict));
    }

    @Test
    void aGrantForAHoldThatHasEndedIsTold() {
        registry.close("approval-s-1");
        registry.decide("e1", granted(KEY, "approval-s-1"), NOW);
        registry.decide("e2", granted(SigningKey.generate(), "approval-s-1"), NOW);
        registry.decide("e3", granted(KEY, "another"), NOW);
        assertThat(heard).satisfiesExactly(
                one -> assertThat(one).isEqualTo("e1 rejected: its statement waited for it no longer"),
                two -> assertThat(two).startsWith("e2 rejected: "),
                three -> assertThat(three).isEqualTo("e3 rejected: it is for another approval"));
        assertThat(registry.unrecorded()).isZero();
    }

    @Test
    void whatHasToComeBeforeAGrantComesBeforeTheTrueOneAlone() {
        registry.beforeGrants(() -> heard.add("looked"));
        registry.decide("e1", granted(SigningKey.generate(), "approval-s-1"), NOW);
        registry.decide("e2", granted(KEY, "approval-s-1"), NOW);
        assertThat(heard.subList(1, 3)).containsExactly("looked", "granted");
    }

    @Test
    void aGrantAfterARefusalIsTold() {
        registry.decide("e", refusal(KEY, HELD, "no"), NOW);
        registry.decide("late", granted(KEY, "approval-s-1"), NOW);
        assertThat(heard).containsExactly("refused", "late rejected: it had been refused before");
    }

    /** A hold's own time is over at its gateway before the service says so. */
    @Test
    void whatTheServiceSaysOfAHoldThatHasEndedIsNoNews() {
        registry.close("approval-s-1");
        registry.decide("e1", new VerdictEvent.VerdictExpired("approval-s-1", "s", Ending.expired(HELD).sign(KEY, NOW)), NOW);
        registry.decide("e2", refusal(KEY, HELD, "no"), NOW);
        assertThat(heard).isEmpty();
        registry.decide("e3", new VerdictEvent.VerdictExpired("approval-s-1", "s"), NOW);
        registry.decide("e4", refusal(SigningKey.generate(), HELD, "no"), NOW);
        assertThat(heard).hasSize(2).allSatisfy(one -> assertThat(one).contains("rejected: it is a refusal"));
        assertThat(registry.unrecorded()).isZero();
    }

    @Test
    void anEventWhoseGrantIsReplacedIsTold() {
        registry.decide("e", granted(KEY, "approval-s-1"), NOW);
        registry.decide("e", granted(SigningKey.generate(), "approval-s-1"), NOW);
        assertThat(heard).satisfiesExactly(one -> assertThat(one).isEqualTo("granted"), two -> assertThat(two).startsWith("e rejected: "));
    }

    /** The session has ended: what cannot be recorded in it is counted. */
    @Test
    void aGrantThatCannotBeRecordedIsCounted() {
        registry.decide("e", granted(KEY, "approval-s-1"), NOW);
        recording = false;
        registry.decide("replay", granted(KEY, "approval-s-1"), NOW);
        assertThat(registry.unrecorded()).isEqualTo(1);
    }

    /** After a restart, or where another gateway has the hold: the first verdict is its own, and comes in any order. */
    @Test
    void aSecondVerdictForWhatNobodyHereWaitsForIsCounted() {
        var restarted = new HoldRegistry(1, HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys())));
        restarted.decide("e", granted(KEY, "approval-s-1"), NOW);
        restarted.decide("e", granted(KEY, "approval-s-1"), NOW);
        assertThat(restarted.unrecorded()).isZero();
        restarted.decide("replay", granted(KEY, "approval-s-1"), NOW);
        assertThat(restarted.unrecorded()).isEqualTo(1);
    }

    @Test
    void aForgedGrantIsNotToldAgainWithOtherKeysOnceItsHoldHasEnded() {
        var grants = new UnprovenGrants(registry);
        grants.decide("forged", granted(SigningKey.generate(), "approval-s-1"), NOW);
        registry.close("approval-s-1");
        grants.again(NOW);
        assertThat(heard).singleElement().asString().startsWith("forged rejected: ");
    }

    private static StatementHeld withText(String approvalId, String query) {
        return new StatementHeld(
                "s-1", approvalId, "s", "d".repeat(64), query, List.of(), HELD.facts(), "rule", null, List.of("dba"), 1, HELD.expiresAt(), HELD.requester(),
                "shop", "shop", null, "127.0.0.1:1", false);
    }

    private void assertStillOpen() {
        assertThat(registry.hasRoom()).isFalse();
        heard.clear();
        grant(KEY, verdict -> verdict);
        assertThat(heard).containsExactly("granted");
    }
}
