// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issuers call a person by a number in {@code sub}, and by a name in other claims. */
final class RequestersSideTest {
    private static final String NUMBER = "7b0f6d5e-1f4c-4c8f-9a55-0d8a2a3c1e11";
    private static final String DIGEST = "digest-of-a1";

    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    @ParameterizedTest
    @CsvSource({"preferred_username, alice", "preferred_username, Alice", "upn, alice", "email, alice"})
    void whomAnAgentActsForIsKnownByEveryNameOfItsToken(String claim, String name) {
        rest.ask(rest.hold("a1"));

        var vote = rest.client.vote("a1", token(claim, name), "approve", DIGEST);

        assertThat(vote.problem()).isEqualTo("requester-cannot-vote");
        assertThat(rest.log.events()).hasSize(1);
    }

    @Test
    void seesThatItMayNotVoteAndNoImpact() {
        rest.ask(rest.hold("a1"));

        var seen = rest.client.get("/v1/approvals/a1", token("preferred_username", "alice")).json();

        assertThat(seen.path("you").path("mayVote").asBoolean()).isFalse();
        assertThat(seen.path("impactNote").asText()).isEqualTo("What it would do is shown to its approvers only.");
    }

    @Test
    void theGatewayMayNameItsCallersByAnotherClaim() {
        rest.ask(rest.hold("a1").requester(Holds.personOf(rest.issuer.issuer().toString(), "erin@example.com", null, "dba")));

        assertThat(rest.client.vote("a1", token("email", "erin@example.com"), "approve", DIGEST).problem()).isEqualTo("requester-cannot-vote");
    }

    @Test
    void aDatabaseUserIsKnownByEveryNameToo() {
        rest.ask(rest.hold("a1").requester(new Principal("erin", "postgresql:shop", Principal.Method.DATABASE, Set.of(), null)));

        assertThat(rest.client.vote("a1", token("preferred_username", "erin"), "approve", DIGEST).problem()).isEqualTo("requester-cannot-vote");
    }

    @Test
    void aNamesakeWhomAnotherIssuerVouchesForIsAnotherPerson() {
        rest.ask(rest.hold("a1").requester(Holds.personOf("https://other.example", "erin", null, "dba")));

        assertThat(rest.client.vote("a1", token("preferred_username", "erin"), "approve", DIGEST).status()).isEqualTo(200);
    }

    private String token(String claim, String name) {
        return rest.issuer.token(NUMBER, Instant.now().plusSeconds(600), claims -> claims.claim("groups", List.of("dba")).claim(claim, name));
    }
}
