// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What callers are told that they wait for: all of their own, and nobody else's. */
class WaitingStatementsTest extends OfficesOnOneLog {
    private static final Principal AGENT = agent("agent", "https://issuer.test", "alice", Set.of());

    private static Principal agent(String subject, String issuer, @Nullable String onBehalfOf, Set<String> groups) {
        return new Principal(subject, issuer, Principal.Method.OIDC, groups, onBehalfOf);
    }

    @Test
    void aTicketIsListedEverywhereUntilItIsUsed() throws Exception {
        StatementHeld first = opened();
        var waiting = new WaitingStatement("ticket-a-1", "delete from t", first.expiresAt(), "waiting");
        assertThat(here.of(AGENT, "shop")).containsExactly(waiting);
        assertThat(there.of(AGENT, "shop")).containsExactly(waiting);

        grant(SigningKey.generate(), first);
        assertThat(here.of(AGENT, "shop")).as("after a forged verdict").containsExactly(waiting);

        grant(KEY, first);
        var answered = new WaitingStatement("ticket-a-1", "delete from t", first.expiresAt(), "answered");
        assertThat(here.of(AGENT, "shop")).containsExactly(answered);
        assertThat(there.of(AGENT, "shop")).containsExactly(answered);

        claimed(here, statement("b"));
        assertThat(here.of(AGENT, "shop")).isEmpty();
        assertThat(there.of(AGENT, "shop")).isEmpty();
    }

    @Test
    void theFirstToEndComesFirstAndWhatHasEndedNotAtAll() {
        now = NOW.plus(Duration.ofMinutes(1));
        here.open(statement("late", "delete from u", "1", null), answer -> {});
        now = NOW;
        here.open(statement("early"), answer -> {});
        hear();
        assertThat(here.of(AGENT, "shop")).extracting(WaitingStatement::ticket).containsExactly("ticket-early-1", "ticket-late-1");
        now = NOW.plus(Duration.ofMinutes(5));
        assertThat(here.of(AGENT, "shop")).extracting(WaitingStatement::ticket).containsExactly("ticket-late-1");
    }

    @Test
    void aLongTextIsListedByItsBeginning() {
        here.open(statement("a", "delete from t where a = '" + "x".repeat(1_000) + "'", "1", null), answer -> {});
        hear();
        assertThat(here.of(AGENT, "shop")).singleElement().satisfies(one -> assertThat(one.statement()).hasSize(500).startsWith("delete from t where a = 'xxx"));
    }

    @Test
    void otherCallersAndOtherTargetsAreNotShown() {
        opened();
        assertThat(here.of(AGENT, "warehouse")).isEmpty();
        assertThat(here.of(agent("another", "https://issuer.test", "alice", Set.of()), "shop")).isEmpty();
        assertThat(here.of(agent("agent", "https://other.test", "alice", Set.of()), "shop")).isEmpty();
        assertThat(here.of(agent("agent", "https://issuer.test", "bob", Set.of()), "shop")).isEmpty();
        assertThat(here.of(agent("agent", "https://issuer.test", null, Set.of()), "shop")).isEmpty();
        assertThat(here.of(agent("agent", "https://issuer.test", "alice", Set.of("new")), "shop")).as("whose groups have changed").hasSize(1);
    }

    @Test
    void aHoldIsListedAsLongAsItIsOpen() {
        var holds = new HoldRegistry(10, HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys())));
        StatementHeld held = statement("a");
        holds.open(held, owner);
        holds.open(statement("b"), owner);
        assertThat(holds.of(AGENT, "shop")).extracting(WaitingStatement::ticket).containsExactlyInAnyOrder("ticket-a-1", "ticket-b-1");
        assertThat(holds.of(AGENT, "shop")).contains(new WaitingStatement("ticket-a-1", "delete from t", held.expiresAt(), "waiting"));
        assertThat(holds.of(AGENT, "warehouse")).isEmpty();
        assertThat(holds.of(agent("agent", "https://issuer.test", "bob", Set.of()), "shop")).isEmpty();
        assertThat(holds.of(agent("another", "https://issuer.test", "alice", Set.of()), "shop")).isEmpty();
        holds.close("ticket-a-1");
        assertThat(holds.of(AGENT, "shop")).extracting(WaitingStatement::ticket).containsExactly("ticket-b-1");
    }
}
