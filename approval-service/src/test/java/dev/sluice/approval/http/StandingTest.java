// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalLapsed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People whose tokens are good still, and of whom their issuer knows more. */
final class StandingTest {
    private static final String DIGEST = "digest-of-a1";

    private final RestFixture rest = new RestFixture(true, null);

    @BeforeEach
    void ask() {
        rest.ask(rest.hold("a1").approvers(2, "dba", "owners"));
        rest.issuer.knows("bob", "dba", "staff");
        rest.issuer.knows("carol", "owners");
        rest.issuer.knows("dan", "owners", "dba");
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private String status() {
        return rest.client.get("/v1/approvals/a1", rest.issuer.token("erin", "admins")).json().path("status").asText();
    }

    private int votes() {
        return rest.client.get("/v1/approvals/a1", rest.issuer.token("erin", "admins")).json().path("votes").size();
    }

    @Test
    void whoIsStillKnownVotes() {
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).status()).isEqualTo(200);
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST).json().path("status").asText()).isEqualTo("granted");
    }

    @Test
    void whoHasLeftCannotVoteWithATokenThatIsGood() {
        rest.issuer.forgets("bob");
        var answer = rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().path("detail").asText()).contains("its issuer does not accept it any more");
        assertThat(votes()).isZero();
    }

    @Test
    void whoHasLeftTheGroupCannotVoteWithATokenThatNamesIt() {
        rest.issuer.knows("bob", "staff");
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).status()).isEqualTo(403);
        assertThat(votes()).isZero();
    }

    @Test
    void noGroupIsWonThatTheTokenDoesNotName() {
        rest.issuer.knows("bob", "staff", "dba");
        assertThat(rest.client.vote("a1", rest.issuer.token("bob", "staff"), "approve", DIGEST).status()).isIn(403, 404);
    }

    @Test
    void whoLeavesBetweenTheirVoteAndTheGrantDoesNotCountInIt() {
        rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        rest.issuer.forgets("bob");
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST).json().path("status").asText()).isEqualTo("open");
        assertThat(votes()).isEqualTo(1);
        assertThat(rest.client.vote("a1", rest.issuer.token("dan", "dba"), "approve", DIGEST).json().path("status").asText()).isEqualTo("granted");
    }

    @Test
    void whoLeavesTheGroupBetweenTheirVoteAndTheGrantDoesNotCountInIt() {
        rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        rest.issuer.knows("bob", "staff");
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST).json().path("status").asText()).isEqualTo("open");
    }

    @Test
    void whereNobodyCanBeAskedNobodyVotes() {
        rest.issuer.userinfoAnswers(500);
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).status()).isEqualTo(503);
        rest.issuer.userinfoAnswers(200);
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).status()).isEqualTo(200);
        rest.issuer.userinfoAnswers(500);
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST).status()).isEqualTo(503);
        assertThat(status()).isEqualTo("open");
    }

    @Test
    void aRejectionNeedsNobodyElsesStanding() {
        rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        rest.issuer.forgets("bob");
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "reject", DIGEST).json().path("status").asText()).isEqualTo("refused");
        assertThat(votes()).isEqualTo(2);
    }

    /** The record of a vote that this replica has not taken: another one has, or it was restarted since. */
    private static void votedElsewhere(RestFixture here) {
        var bob = new Principal("bob", here.issuer.issuer().toString(), Principal.Method.OIDC, Set.of("dba"), null);
        here.append(new ApprovalVoted("a1", bob, Vote.APPROVE, null, DIGEST, here.clock.instant().plusSeconds(300), null), here.clock.instant());
    }

    @Test
    void whereStandingIsLenientAVoteThatNobodyCanBeAskedAboutCountsByItsToken() {
        try (var lenient = new RestFixture(true, ApprovalConfig.Issuer.Standing.LENIENT)) {
            lenient.ask(lenient.hold("a1").approvers(2, "dba", "owners"));
            lenient.issuer.knows("carol", "owners");
            votedElsewhere(lenient);
            assertThat(lenient.client.vote("a1", lenient.issuer.token("carol", "owners"), "approve", DIGEST).json().path("status").asText()).isEqualTo("granted");
        }
    }

    @Test
    void usuallyAVoteThatNobodyCanBeAskedAboutHasToBeCastAgain() {
        votedElsewhere(rest);

        var after = rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST);

        assertThat(after.json().path("status").asText()).isEqualTo("open");
        assertThat(rest.log.events()).anySatisfy(recorded -> assertThat(recorded.event())
                .isInstanceOfSatisfying(ApprovalLapsed.class, lapsed -> {
                    assertThat(lapsed.voter().subject()).isEqualTo("bob");
                    assertThat(lapsed.reason()).contains("cannot be asked");
                }));
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).json().path("status").asText()).isEqualTo("granted");
    }

    @Test
    void usuallyGroupsThatAreNotNamedAreNone() {
        rest.issuer.knowsWithoutGroups("bob");
        var answer = rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().path("detail").asText()).contains("there is no groups in its answer");
        assertThat(votes()).isZero();
    }

    @Test
    void whereStandingIsLenientAndAnIssuerNeverNamesGroupsThoseOfTheTokenCount() {
        try (var lenient = new RestFixture(true, ApprovalConfig.Issuer.Standing.LENIENT)) {
            lenient.ask(lenient.hold("a1").approvers(2, "dba", "owners"));
            lenient.issuer.knowsWithoutGroups("bob");
            assertThat(lenient.client.vote("a1", lenient.bob(), "approve", DIGEST).status()).isEqualTo(200);
        }
    }

    @Test
    void whereStandingIsLenientAndAnIssuerNamesGroupsOfOthersWhoHasNoneLeftCannotVote() {
        try (var lenient = new RestFixture(true, ApprovalConfig.Issuer.Standing.LENIENT)) {
            lenient.ask(lenient.hold("a1").approvers(2, "dba", "owners"));
            lenient.issuer.knows("carol", "owners");
            assertThat(lenient.client.vote("a1", lenient.issuer.token("carol", "owners"), "approve", DIGEST).status()).isEqualTo(200);
            lenient.issuer.knowsWithoutGroups("bob");
            assertThat(lenient.client.vote("a1", lenient.bob(), "approve", DIGEST).status()).isEqualTo(403);
        }
    }
}
