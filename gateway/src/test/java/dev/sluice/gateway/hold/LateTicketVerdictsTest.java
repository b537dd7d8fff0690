// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent.TicketClaimed;
import dev.sluice.schemas.event.TicketEvent.TicketOpened;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.SigningKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What comes for a ticket and lets nothing go is told to somebody who records it. */
class LateTicketVerdictsTest extends OfficesOnOneLog {
    @Test
    void aReplayOfAUsedTicketsGrantIsToldToTheSessionThatUsedIt() throws Exception {
        StatementHeld first = opened();
        VerdictEvent grant = granted(KEY, first);
        decide(grant);
        assertThat(claimed(here, statement("b"))).isInstanceOf(TicketAnswer.Redeemed.class);

        decide(grant);
        assertThat(owner.heard).isEmpty();

        here.decide("replay", grant);
        here.decide("forged", granted(SigningKey.generate(), first));
        here.decide("refusal", refused(SigningKey.generate(), first, "no"));
        assertThat(owner.heard).satisfiesExactly(
                one -> assertThat(one).isEqualTo("replay for ticket-a-1: another one was used before"),
                two -> assertThat(two).startsWith("forged for ticket-a-1: "),
                three -> assertThat(three).startsWith("refusal for ticket-a-1: it is a refusal"));
        assertThat(here.unrecorded()).isZero();
    }

    @Test
    void aGrantForATicketThatWasClosedIsTold() throws Exception {
        StatementHeld first = opened();
        decide(refused(KEY, first, "rejected by pat"));
        assertThat(claimed(here, statement("b"))).isInstanceOf(TicketAnswer.Ended.class);
        here.decide("late", granted(KEY, first));
        assertThat(owner.heard).containsExactly("late for ticket-a-1: its ticket had ended before");
    }

    /** Both gateways see it; the one whose session used the ticket records it. */
    @Test
    void whereTheSessionHasEndedAndAtOtherGatewaysItIsCounted() throws Exception {
        VerdictEvent grant = granted(KEY, opened());
        decide(grant);
        claimed(here, statement("b"));
        owner.over = true;
        here.decide("replay", grant);
        there.decide("replay", grant);
        assertThat(owner.heard).isEmpty();
        assertThat(here.unrecorded()).isEqualTo(1);
        assertThat(there.unrecorded()).isEqualTo(1);
    }

    /** After a restart tickets and verdicts are read anew, in whichever order. */
    @Test
    void aVerdictThatIsReadAfterItsTicketsUseIsNoReplay() throws Exception {
        StatementHeld first = opened();
        decide(granted(KEY, first));
        claimed(here, statement("b"));
        try (TicketOffice restarted = office()) {
            log.forEach(event -> restarted.apply(event, now));
            restarted.decide("event", granted(KEY, first));
            restarted.decide("event", granted(KEY, first));
            assertThat(restarted.unrecorded()).isZero();
            restarted.decide("replay", granted(KEY, first));
            assertThat(restarted.unrecorded()).isEqualTo(1);
        }
    }

    /** Between the answer and the log's word for it. */
    @Test
    void whatComesWhileATicketIsBeingUsedIsToldToo() throws Exception {
        StatementHeld first = opened();
        decide(granted(KEY, first));
        var answers = present(here, statement("b"));
        written(2);
        here.decide("forged", granted(SigningKey.generate(), first));
        hear();
        assertThat(answer(answers)).isInstanceOfSatisfying(TicketAnswer.Redeemed.class, redeemed -> assertThat(redeemed.rejected()).isEmpty());
        assertThat(owner.heard).singleElement().asString().startsWith("forged for ticket-a-1: ");
    }

    @Test
    void aForgedVerdictBesideAGenuineRefusalIsTold() throws Exception {
        StatementHeld first = opened();
        here.decide("forged", granted(SigningKey.generate(), first));
        here.decide("genuine", refused(KEY, first, "rejected by pat"));
        assertThat(claimed(here, statement("b"))).isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> {
            assertThat(ended.reason()).isEqualTo("rejected by pat");
            assertThat(ended.rejected()).extracting(TicketAnswer.Rejected::eventId).containsExactly("forged");
        });
    }

    @Test
    void aForgedVerdictIsToldWhenTheTicketExpires() throws Exception {
        StatementHeld first = opened();
        here.decide("forged", granted(SigningKey.generate(), first));
        here.decide("unsigned", new VerdictEvent.VerdictExpired(first.approvalId(), first.sessionId()));
        now = NOW.plus(Duration.ofMinutes(6));
        here.decide("genuine", new VerdictEvent.VerdictExpired(first.approvalId(), first.sessionId(), Ending.expired(first).sign(KEY, NOW)));
        assertThat(claimed(here, statement("b"))).isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> {
            assertThat(ended.reason()).startsWith("nobody approved it");
            assertThat(ended.rejected()).extracting(TicketAnswer.Rejected::eventId).containsExactly("forged", "unsigned");
        });
    }

    @Test
    void aVoidGrantIsToldOnce() throws Exception {
        StatementHeld first = opened();
        here.decide("event", granted(KEY, first));
        here.decide("again", granted(KEY, first));
        assertThat(claimed(here, statement("b", "delete from t", "2", null))).isInstanceOfSatisfying(
                TicketAnswer.Ended.class, ended -> assertThat(ended.rejected()).singleElement().isEqualTo(
                        new TicketAnswer.Rejected("event", EndedApprovals.signed(granted(KEY, first)), "the policy has changed since it was asked for")));
    }

    /** Where two are genuine, which the service never gives, the statement does not run. */
    @Test
    void aGrantBesideAGenuineRefusalIsToldToo() throws Exception {
        StatementHeld first = opened();
        here.decide("grant", granted(KEY, first));
        here.decide("refusal", refused(KEY, first, "no"));
        assertThat(claimed(here, statement("b"))).isInstanceOfSatisfying(
                TicketAnswer.Ended.class, ended -> assertThat(ended.rejected()).extracting(TicketAnswer.Rejected::eventId).containsExactly("grant"));
    }

    /** Whoever can write to the topic sends the same refusal as often as he likes: another genuine verdict has its place all the same. */
    @Test
    void theSameVerdictTakesNoRoomAgain() {
        StatementHeld first = opened();
        var ticket = new Ticket((TicketOpened) log.getFirst());
        for (int i = 0; i < 100; i++) {
            ticket.take("copy " + i, granted(KEY, first), true);
        }
        ticket.take("other", refused(KEY, first, "no"), true);
        assertThat(ticket.verdicts().values()).containsExactly(granted(KEY, first), refused(KEY, first, "no"));
    }

    @Test
    void aClaimThatNobodyHereHasMadeTellsNobody() {
        StatementHeld first = opened();
        log.add(new TicketClaimed(TicketKey.of(first), first.approvalId(), "elsewhere", "elsewhere-1"));
        hear();
        decide(granted(KEY, first));
        assertThat(owner.heard).isEmpty();
        assertThat(here.unrecorded()).isZero();
    }
}
