// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.HoldMode;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent.TicketOpened;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tickets that are used when the credentials of those who approved them may have ended. */
final class TicketLapseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final SigningKey KEY = SigningKey.generate();
    private static final HoldRegistry.Verifier VERIFIER = HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys()));
    private static final StatementHeld HELD = held();

    private static StatementHeld held() {
        var held = new StatementHeld(
                "a-1", "ticket-a-1", "a", "", "delete from t", List.of(), new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), false, true), "rule", null,
                List.of("dba"), 1, NOW.plus(Duration.ofDays(7)), new Principal("agent", "https://issuer.test", Principal.Method.OIDC, Set.of(), "alice"), "shop", "shop", null,
                "127.0.0.1:1", false, null, null, null, "app", "public", HoldMode.RETURN, "1", null, null, null);
        return held.under(StatementDigest.bound(held));
    }

    private static Ticket granted(@Nullable Instant standsUntil) {
        var ticket = new Ticket(new TicketOpened(
                TicketKey.of(HELD), HELD.approvalId(), HELD.sessionId(), HELD.statementId(), HELD.expiresAt(), null, false, "1", null, HELD.requester(), "shop", "shop", HELD.query()));
        var verdict = new Verdict(
                HELD.approvalId(), HELD.sessionId(), HELD.statementId(), HELD.statementDigest(), "agent", List.of("bob"), NOW, HELD.expiresAt(), TermsDigest.of(HELD), standsUntil);
        ticket.take("event", new VerdictGranted(HELD.approvalId(), HELD.sessionId(), new VerdictSigner(KEY).sign(verdict)), true);
        return ticket;
    }

    private static TicketAnswer used(@Nullable Instant standsUntil, Duration later) {
        assertThat(granted(standsUntil).use(HELD, VERIFIER, NOW.plus(later))).isInstanceOf(Ticket.Use.Claim.class);
        return ((Ticket.Use.Claim) granted(standsUntil).use(HELD, VERIFIER, NOW.plus(later))).answer();
    }

    @Test
    void aGrantRunsWhileTheCredentialsOfItsApproversAreGood() {
        Instant end = NOW.plus(Duration.ofHours(1));
        assertThat(used(end, Duration.ofMinutes(59))).isInstanceOfSatisfying(TicketAnswer.Redeemed.class, redeemed -> assertThat(redeemed.standsUntil()).isEqualTo(end));
    }

    @Test
    void aGrantEndsWithTheFirstOfThem() {
        assertThat(used(NOW.plus(Duration.ofHours(1)), Duration.ofHours(1))).isInstanceOfSatisfying(TicketAnswer.Ended.class, ended -> {
            assertThat(ended.reason()).isEqualTo("its approval is void: the grant ended with its approver's credential at 2026-01-01T13:00:00Z, ask again for a new one");
            assertThat(ended.rejected()).isNotNull();
            assertThat(ended.rejected().getFirst().reason()).isEqualTo("the grant ended with its approver's credential at 2026-01-01T13:00:00Z, ask again for a new one");
            assertThat(ended.rejected().getFirst().eventId()).isEqualTo("event");
        });
    }

    @Test
    void aGrantThatDoesNotSayWhenTheyEndOutlivesThem() {
        assertThat(used(null, Duration.ofDays(6))).isInstanceOf(TicketAnswer.Redeemed.class);
    }
}
