// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two gateways on one log: whatever the order in which they hear of it, one statement has one ticket and one grant lets one statement run. */
class TicketOfficeTest extends OfficesOnOneLog {
    @Test
    void whatNobodyHasAskedForIsUnknown() throws Exception {
        assertThat(answer(present(here, statement("a")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void theSameStatementPendsEverywhereUnderOneTicket() throws Exception {
        opened();
        assertThat(answer(present(there, statement("b")))).isEqualTo(new TicketAnswer.Pending("ticket-a-1", NOW.plus(Duration.ofMinutes(5)), null));
        assertThat(answer(present(there, statement("c", "delete from u", "1", null)))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void ofTwoOpeningsTheFirstInTheLogCounts() throws Exception {
        var answers = new LinkedBlockingQueue<TicketAnswer>();
        here.open(statement("a"), answers::add);
        there.open(statement("b"), answers::add);
        hear();
        assertThat(answers).extracting(answer -> ((TicketAnswer.Pending) answer).approvalId()).containsExactly("ticket-a-1", "ticket-a-1");
        assertThat(here.size()).isEqualTo(1);
        assertThat(there.size()).isEqualTo(1);
    }

    @Test
    void aGrantLetsItRunOnceOnAnyGateway() throws Exception {
        grant(KEY, opened());
        assertThat(claimed(there, statement("b"))).isInstanceOf(TicketAnswer.Redeemed.class);
        assertThat(answer(present(here, statement("c")))).isInstanceOf(TicketAnswer.Unknown.class);
        assertThat(answer(present(there, statement("d")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void ofTwoClaimsAtOnceTheFirstInTheLogRuns() throws Exception {
        grant(KEY, opened());
        var first = present(here, statement("b"));
        written(2);
        var second = present(there, statement("c"));
        written(3);
        hear();
        assertThat(List.of(answer(first), answer(second))).satisfiesExactly(
                won -> assertThat(won).isInstanceOf(TicketAnswer.Redeemed.class), lost -> assertThat(lost).isInstanceOf(TicketAnswer.Ended.class));
    }

    @Test
    void aTicketOutlivesItsGateways() throws Exception {
        StatementHeld first = opened();
        try (TicketOffice restarted = office()) {
            restarted.decide("event", granted(KEY, first));
            log.forEach(event -> restarted.apply(event, now));
            var answers = present(restarted, statement("b"));
            written(2);
            restarted.apply(log.getLast(), now);
            assertThat(answer(answers)).isInstanceOf(TicketAnswer.Redeemed.class);
        }
    }

    @Test
    void aUsedTicketIsNotOpenedAgain() throws Exception {
        grant(KEY, opened());
        claimed(here, statement("b"));
        log.add(log.getFirst());
        hear();
        assertThat(answer(present(here, statement("c")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void aTicketThatEndsLongAfterEveryRuleIsNone() throws Exception {
        StatementHeld first = statement("a");
        for (String forged : List.of("x", "y")) {
            there.apply(opening(TicketKey.of(first), "ticket-" + forged, Instant.MAX), now);
        }
        assertThat(there.size()).isZero();
        there.apply(opening(TicketKey.of(first), "ticket-z", now.plus(Duration.ofDays(7))), now);
        assertThat(there.size()).isEqualTo(1);
    }

    @Test
    void timesAtTheEndOfTimeStopNobody() throws Exception {
        String key = TicketKey.of(statement("a"));
        there.apply(opening(key, "ticket-x", Instant.MAX), Instant.MAX);
        there.apply(opening(key, "ticket-y", Instant.MIN), Instant.MIN);
        there.apply(opening(key, "ticket-z", Instant.MIN), Instant.MAX);
        assertThat(answer(present(there, statement("c", "delete from u", "1", null)))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void aTicketThatWasUsedIsNotOpenedAgainByAGatewayThatDidNotKnowIt() throws Exception {
        StatementHeld first = statement("a");
        // As a gateway reads it that starts: a forged record of another partition comes first, and keeps the true one out.
        there.apply(opening("another key", "ticket-a-1", now), now);
        opened();
        grant(KEY, first);
        assertThat(claimed(here, statement("b"))).isInstanceOf(TicketAnswer.Redeemed.class);

        there.apply(new TicketEvent.TicketClaimed("another key", "ticket-a-1", "s", "forged"), now);
        now = now.plus(Duration.ofHours(2));
        present(there, statement("c"));
        TicketEvent opening = log.getFirst();
        there.apply(opening, now);
        there.decide("event", granted(KEY, first));

        assertThat(answer(present(there, statement("d")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    private static TicketEvent opening(String key, String approvalId, Instant expiresAt) {
        return new TicketEvent.TicketOpened(
                key, approvalId, "s", "s-1", expiresAt, null, false, null, null, new Principal("agent", "x", Principal.Method.OIDC, Set.of(), null), "shop", "shop", "");
    }

    @Test
    void aForgedGrantEndsNothing() throws Exception {
        StatementHeld first = opened();
        grant(SigningKey.generate(), first);
        assertThat(answer(present(here, statement("b")))).isInstanceOfSatisfying(TicketAnswer.Pending.class, pending -> assertThat(pending.rejected()).isNotNull());
        grant(KEY, first);
        assertThat(claimed(here, statement("c"))).isInstanceOf(TicketAnswer.Redeemed.class);
    }

    @Test
    void aRejectionIsToldOnceAndThenItMayBeAskedForAgain() throws Exception {
        StatementHeld first = opened();
        decide(refused(KEY, first, "rejected by pat"));
        assertThat(claimed(there, statement("b"))).isEqualTo(new TicketAnswer.Ended("ticket-a-1", "rejected by pat", List.of()));
        assertThat(answer(present(here, statement("c")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void anExpiryIsToldOnceAndThenItMayBeAskedForAgain() throws Exception {
        grant(KEY, opened());
        now = NOW.plus(Duration.ofMinutes(6));
        assertThat(claimed(here, statement("b"))).isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> assertThat(ended.reason()).startsWith("it was not sent again"));
        assertThat(answer(present(here, statement("c")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    @Test
    void aGrantIsVoidWhenThePolicyHasChanged() throws Exception {
        grant(KEY, opened());
        assertThat(claimed(here, statement("b", "delete from t", "2", null)))
                .isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> assertThat(ended.reason()).contains("the policy has changed"));
    }

    @Test
    void aGrantIsVoidWhenWhatItNamesHasChanged() throws Exception {
        grant(KEY, opened());
        assertThat(claimed(here, statement("b", "delete from t", "1", "other")))
                .isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> assertThat(ended.reason()).contains("objects that it names have changed"));
    }

    @Test
    void aGrantForAClientThatWaitsOpensNoTicket() throws Exception {
        StatementHeld waiting = statement("a");
        log.add(new TicketEvent.TicketOpened(TicketKey.of(waiting), "approval-a-1", "a", "a-1", waiting.expiresAt(), null, false, "1", null, waiting.requester(), "shop", "shop", waiting.query()));
        hear();
        assertThat(answer(present(here, statement("b")))).isInstanceOf(TicketAnswer.Unknown.class);
    }

    /** Two texts that look alike once their secrets are taken out. */
    @Test
    void anApprovalOfOneTextIsNoneOfAnotherThatIsShownAlike() throws Exception {
        StatementHeld first = hiding("a", "1");
        here.open(first, answer -> {});
        hear();
        grant(KEY, first);
        assertThat(answer(present(here, hiding("b", "2")))).isInstanceOf(TicketAnswer.Unknown.class);
        assertThat(claimed(here, hiding("c", "1"))).isInstanceOf(TicketAnswer.Redeemed.class);
    }

    private StatementHeld hiding(String session, String digit) {
        StatementHeld plain = statement(session, "update t set a = '***'", "1", null);
        var held = new StatementHeld(plain.statementId(), plain.approvalId(), plain.sessionId(), "", plain.query(), plain.parameters(), plain.facts(), plain.rule(),
                plain.reason(), plain.approverGroups(), plain.quorum(), plain.expiresAt(), plain.requester(), plain.target(), plain.database(), plain.application(),
                plain.clientAddress(), plain.inTransaction(), plain.quorums(), null, null, plain.role(), plain.searchPath(), plain.mode(), plain.policyVersion(),
                plain.catalogVersion(), new StatementEvent.Hidden(1, digit.repeat(64)), null);
        return held.under(StatementDigest.bound(held));
    }

    @Test
    void whatHasToComeBeforeATicketsUseComesFirst() throws Exception {
        grant(KEY, opened());
        var heard = new ArrayList<String>();
        here.beforeUse(() -> heard.add("looked with " + log.size() + " records"));
        assertThat(claimed(here, statement("b"))).isInstanceOf(TicketAnswer.Redeemed.class);
        assertThat(heard).containsExactly("looked with 1 records");
    }

    @Test
    void aWatcherHearsOfTheVerdict() {
        StatementHeld first = opened();
        var heard = new ArrayList<String>();
        here.watch(first.approvalId(), () -> heard.add("told"));
        assertThat(heard).isEmpty();
        grant(KEY, first);
        assertThat(heard).containsExactly("told");
    }

    @Test
    void manyForgedGrantsDoNotKeepTheTrueOneOut() throws Exception {
        StatementHeld first = opened();
        for (int i = 0; i < 100; i++) {
            grant(SigningKey.generate(), first);
        }
        grant(KEY, first);
        assertThat(claimed(here, statement("b"))).isInstanceOfSatisfying(
                TicketAnswer.Redeemed.class, redeemed -> assertThat(redeemed.rejected()).hasSize(16));
    }

    @Test
    void manyForgedGrantsThatComeBeforeTheirTicketDoNotKeepTheTrueOneOut() throws Exception {
        StatementHeld first = statement("a");
        for (int i = 0; i < 100; i++) {
            grant(SigningKey.generate(), first);
        }
        grant(KEY, first);
        opened();
        assertThat(claimed(here, statement("b"))).isInstanceOf(TicketAnswer.Redeemed.class);
    }

    @Test
    void aForgedVerdictWakesNobody() {
        StatementHeld first = opened();
        var heard = new ArrayList<String>();
        here.watch(first.approvalId(), () -> heard.add("told"));
        grant(SigningKey.generate(), first);
        decide(new VerdictEvent.VerdictRefused(first.approvalId(), "a", "no"));
        assertThat(heard).isEmpty();
    }

    /** Whoever can write to the topic must not be able to refuse in the approvers' name. */
    @Test
    void aRefusalThatNobodyHasSignedEndsNothing() throws Exception {
        StatementHeld first = opened();
        decide(new VerdictEvent.VerdictRefused(first.approvalId(), "a", "no"));
        decide(refused(SigningKey.generate(), first, "no"));
        decide(new VerdictEvent.VerdictRefused(first.approvalId(), "a", "other words", Ending.refused(first, "no").sign(KEY, NOW)));
        decide(refused(KEY, statement("a", "delete from another", "1", null), "no"));
        assertThat(answer(present(here, statement("b")))).isInstanceOfSatisfying(TicketAnswer.Pending.class, pending -> assertThat(pending.rejected()).isNotNull());
        grant(KEY, first);
        assertThat(claimed(here, statement("c"))).isInstanceOf(TicketAnswer.Redeemed.class);
    }

    @Test
    void aVerdictCountsAsSoonAsTheKeyIsKnownThatProvesIt() {
        var keys = new AtomicReference<>(new VerdictVerifier(SigningKey.generate().publicKeys()));
        HoldRegistry.Verifier rotating = new HoldRegistry.Verifier() {
            @Override
            public VerdictResult verify(String verdict, Instant at) {
                return keys.get().verify(verdict, at);
            }

            @Override
            public String objection(Ending ending, @Nullable String signature, Instant at) {
                return keys.get().objection(ending, signature);
            }
        };
        StatementHeld first = opened();
        var heard = new ArrayList<String>();
        try (var office = new TicketOffice(10, rotating, () -> now, event -> true)) {
            log.forEach(event -> office.apply(event, now));
            office.watch(first.approvalId(), () -> heard.add("told"));
            office.decide("e", granted(KEY, first));
            assertThat(heard).isEmpty();
            assertThat(office.hasUnproven()).isTrue();

            keys.set(new VerdictVerifier(KEY.publicKeys()));
            office.again();

            assertThat(heard).containsExactly("told");
            assertThat(office.hasUnproven()).isFalse();
        }
    }
}
