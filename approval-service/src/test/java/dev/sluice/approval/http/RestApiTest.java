// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Eventually;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RestApiTest {
    private static final String DIGEST = "digest-of-a1";

    private final RestFixture rest = new RestFixture();
    private int readsMeanwhile;

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void aVoteThatHasLapsedIsShownAsSuchAndMayBeCastAgain() {
        rest.ask(rest.hold("a1").approvers(2, "dba", "owners"));
        var shortLived = rest.issuer.token("bob", rest.clock.instant().plusSeconds(60), claims -> claims.claim("groups", List.of("dba")));
        assertThat(rest.client.vote("a1", shortLived, "approve", "digest-of-a1").json().at("/needed/0/approved").asInt()).isEqualTo(1);

        rest.clock.advance(Duration.ofSeconds(120));
        var seen = rest.client.get("/v1/approvals/a1", rest.bob()).json();
        assertThat(seen.at("/needed/0/approved").asInt()).isZero();
        assertThat(seen.at("/votes/0/counts").asBoolean()).isFalse();
        assertThat(seen.at("/you/mayVote").asBoolean()).isTrue();

        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", "digest-of-a1").json().path("status").asText()).isEqualTo("open");
        assertThat(rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1").json().path("status").asText()).isEqualTo("granted");
    }

    @Test
    void whoIsSeenWithoutTheGroupLosesTheVote() {
        rest.ask(rest.hold("a1").approvers(2, "dba", "owners"));
        rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1");
        var admin = rest.issuer.token("erin", "admins");
        assertThat(rest.client.get("/v1/approvals/a1", admin).json().path("votes")).hasSize(1);

        rest.client.get("/v1/approvals", rest.issuer.token("bob", "staff"));

        Eventually.get(() -> rest.client.get("/v1/approvals/a1", admin).json().path("votes").size(), votes -> votes == 0);
        assertThat(rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", "digest-of-a1").json().path("status").asText()).isEqualTo("open");
    }

    @Test
    void showsTheWholeStatement() {
        var query = "DELETE FROM orders WHERE note = $1 -- \u202Etxet\u202C " + "x".repeat(20_000);
        rest.ask(rest.hold("a1").query(query, new Parameter(25, "text", "p\u0430ypal"), new Parameter(23, "binary", "AAAAKg=="), new Parameter(0, "text", null)));

        var answer = rest.client.get("/v1/approvals/a1", rest.bob());

        assertThat(answer.status()).isEqualTo(200);
        var statement = answer.json().path("statement");
        assertThat(statement.path("raw").asText()).isEqualTo(query);
        assertThat(statement.path("visible").path("text").asText()).contains("\\u{202E}txet\\u{202C} xxx").endsWith("x");
        assertThat(statement.path("visible").path("escapedCount").asInt()).isEqualTo(2);
        assertThat(statement.path("parameters").path(0).path("shown").asText()).isEqualTo("p\\u{430}ypal");
        assertThat(statement.path("parameters").path(1).path("type").asText()).isEqualTo("integer");
        assertThat(statement.path("parameters").path(1).path("shown").asText()).isEqualTo("42");
        assertThat(statement.path("parameters").path(2).has("shown")).isFalse();
        assertThat(answer.json().path("why").asText()).contains("bulk-write-needs-a-human", "deletes without a condition");
        assertThat(answer.json().path("requester").path("subject").asText()).isEqualTo("agent-7");
        assertThat(answer.json().path("requester").path("onBehalfOf").asText()).isEqualTo("alice");
        assertThat(answer.json().path("you").path("mayVote").asBoolean()).isTrue();
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void aVoteCountsAndTheQuorumGrants() {
        rest.ask(rest.hold("a1").approvers(2, "dba", "owners"));

        var first = rest.client.vote("a1", rest.bob(), "approve", DIGEST);
        var second = rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", DIGEST);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("status").asText()).isEqualTo("open");
        assertThat(first.json().path("approvals").asInt()).isEqualTo(1);
        assertThat(second.json().path("status").asText()).isEqualTo("granted");
        assertThat(second.json().path("outcome").path("explanation").asText()).isEqualTo("approved by bob, carol");
        assertThat(second.json().path("votes").path(0).path("voter").path("groups").path(0).asText()).isEqualTo("dba");
    }

    @Test
    void theSameVoteAgainIsAnsweredAsTheFirst() {
        rest.ask(rest.hold("a1"));

        rest.client.vote("a1", rest.bob(), "approve", DIGEST, "If-Match", "\"1\"");
        var again = rest.client.vote("a1", rest.bob(), "approve", DIGEST, "If-Match", "\"1\"");
        var other = rest.client.vote("a1", rest.bob(), "reject", DIGEST);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("status").asText()).isEqualTo("granted");
        assertThat(rest.log.events()).hasSize(2);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.problem()).isEqualTo("already-closed");
    }

    @Test
    void aVoteOnAnOldVersionIsRefusedWhenItSaysSo() {
        rest.ask(rest.hold("a1").approvers(2, "dba"));
        rest.client.vote("a1", rest.issuer.token("dora", "dba"), "approve", DIGEST);

        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST, "If-Match", "\"1\"").problem()).isEqualTo("changed-meanwhile");
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST, "If-Match", "\"9\", \"2\"").status()).isEqualTo(200);
    }

    @Test
    void theRequesterIsRefusedAndToldWhy() {
        rest.ask(rest.hold("a1").requester(Holds.personOf(rest.issuer.issuer().toString(), "erin", null, "dba")));
        var erin = rest.issuer.token("erin", "dba");

        var vote = rest.client.vote("a1", erin, "approve", DIGEST);

        assertThat(vote.status()).isEqualTo(403);
        assertThat(vote.problem()).isEqualTo("requester-cannot-vote");
        assertThat(vote.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(rest.client.get("/v1/approvals/a1", erin).json().path("you").path("mayVote").asBoolean()).isFalse();
    }

    @Test
    void theHumanBehindAnAgentIsRefused() {
        rest.ask(rest.hold("a1"));

        assertThat(rest.client.vote("a1", rest.issuer.token("alice", "dba"), "approve", DIGEST).problem()).isEqualTo("requester-cannot-vote");
    }

    @Test
    void anAdministratorSeesButDoesNotVote() {
        rest.ask(rest.hold("a1"));
        var admin = rest.issuer.token("root", "admins");

        assertThat(rest.client.get("/v1/approvals/a1", admin).status()).isEqualTo(200);
        assertThat(rest.client.vote("a1", admin, "approve", DIGEST).problem()).isEqualTo("not-an-approver");
    }

    @Test
    void aStrangerSeesNothingAtAll() {
        rest.ask(rest.hold("a1"));
        var stranger = rest.issuer.token("mallory", "staff");

        var seen = rest.client.get("/v1/approvals/a1", stranger);
        var invented = rest.client.get("/v1/approvals/a2", stranger);

        assertThat(seen.status()).isEqualTo(404);
        assertThat(seen.response().body().replace("a1", "?")).isEqualTo(invented.response().body().replace("a2", "?"));
        assertThat(rest.client.vote("a1", stranger, "reject", DIGEST).status()).isEqualTo(404);
        assertThat(rest.client.get("/v1/approvals", stranger).json().path("approvals")).isEmpty();
    }

    @Test
    void tokensThatProveNothingAreRefused() {
        rest.ask(rest.hold("a1"));
        var tokens = List.of(
                "",
                "nonsense",
                rest.issuer.forgedToken("bob", "dba"),
                rest.issuer.token("bob", rest.clock.instant().minusSeconds(3_600), claims -> claims.claim("groups", List.of("dba"))),
                rest.issuer.token("bob", rest.clock.instant().plusSeconds(600), claims -> claims.audience("another").claim("groups", List.of("dba"))),
                rest.issuer.token("bob", rest.clock.instant().plusSeconds(600), claims -> claims.issuer("http://127.0.0.1:1").claim("groups", List.of("dba"))));
        for (var token : tokens) {
            var answer = rest.client.get("/v1/approvals/a1", token);

            assertThat(answer.status()).as(token).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void aVoteNamesWhatWasRead() {
        rest.ask(rest.hold("a1"));

        assertThat(rest.client.vote("a1", rest.bob(), "approve", "digest-of-another").problem()).isEqualTo("shown-another-statement");
    }

    @Test
    void whatIsTooLargeIsShownWholeAndCannotBeApproved() {
        rest.ask(rest.hold("a1").query("x".repeat(1024 * 1024 + 1)));

        assertThat(rest.client.get("/v1/approvals/a1", rest.bob()).json().path("statement").path("raw").asText()).hasSize(1024 * 1024 + 1);
        assertThat(rest.client.vote("a1", rest.bob(), "approve", DIGEST).status()).isEqualTo(422);
        assertThat(rest.client.vote("a1", rest.bob(), "reject", DIGEST).json().path("status").asText()).isEqualTo("refused");
    }

    @Test
    void aClosedApprovalTakesNoVote() {
        rest.ask(rest.hold("a1"));
        rest.append(new ApprovalWithdrawn("a1", "the client has cancelled"), rest.clock.instant());

        var vote = rest.client.vote("a1", rest.bob(), "approve", DIGEST);

        assertThat(vote.status()).isEqualTo(409);
        assertThat(vote.json().path("detail").asText()).contains("withdrawn", "the client has cancelled");
    }

    @Test
    void afterItsTimeNothingCanBeApproved() {
        rest.ask(rest.hold("a1"));
        rest.clock.advance(Duration.ofMinutes(8));
        var bob = rest.issuer.token("bob", rest.clock.instant().plusSeconds(600), claims -> claims.claim("groups", List.of("dba")));
        assertThat(rest.client.get("/v1/approvals/a1", bob).json().path("you").path("mayVote").asBoolean()).isTrue();

        rest.clock.advance(Duration.ofMinutes(2));

        assertThat(rest.client.vote("a1", bob, "approve", DIGEST).problem()).isEqualTo("too-late");
        rest.append(new ApprovalExpired("a1"), rest.clock.instant());
        assertThat(rest.client.get("/v1/approvals/a1", bob).json().path("status").asText()).isEqualTo("expired");
    }

    @Test
    void aVoteThatTheLogDoesNotConfirmIsNotPromised() {
        rest.ask(rest.hold("a1"));
        rest.log.breakDown();

        var vote = rest.client.vote("a1", rest.bob(), "approve", DIGEST);

        assertThat(vote.status()).isEqualTo(503);
        assertThat(vote.header("Retry-After")).isNotEmpty();
    }

    @Test
    void othersAreServedWhileAVoteWaitsForTheLog() {
        rest.ask(rest.hold("a1"));
        rest.log.breakDown();
        var bob = rest.bob();

        var votes = IntStream.range(0, 5)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> rest.client.vote("a1", bob, "approve", DIGEST), Executors.newVirtualThreadPerTaskExecutor()))
                .toList();
        // Few enough that the limit on requests is not met.
        while (readsMeanwhile < 20 && votes.stream().noneMatch(CompletableFuture::isDone)) {
            assertThat(rest.client.get("/v1/approvals/a1", bob).status()).isEqualTo(200);
            readsMeanwhile++;
        }

        assertThat(readsMeanwhile).isGreaterThan(3);
        assertThat(votes).allSatisfy(vote -> assertThat(vote.join().status()).isEqualTo(503));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"vote\": \"perhaps\", \"shownDigest\": \"d\"}",
        "{\"vote\": \"approve\"}",
        "{\"vote\": \"approve\", \"shownDigest\": \"d\", \"voter\": \"somebody else\"}",
        "{\"vote\": \"approve\", \"shownDigest\": \"d\"} trailing",
        "[]", "null", "approve"
    })
    void aBodyThatIsNotAVoteIsRefused(String body) {
        rest.ask(rest.hold("a1"));

        var answer = rest.client.post("/v1/approvals/a1/votes", rest.bob(), body);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("bad-request");
    }

    @Test
    void bodiesOfOtherKindsOrTooLargeAreRefused() {
        rest.ask(rest.hold("a1"));
        var form = rest.client.request("/v1/approvals/a1/votes", rest.bob(), "Content-Type", "application/x-www-form-urlencoded");

        assertThat(rest.client.send(form.POST(BodyPublishers.ofString("vote=approve"))).status()).isEqualTo(415);
        assertThat(rest.client.post("/v1/approvals/a1/votes", rest.bob(), "x".repeat(70_000)).status()).isEqualTo(413);
    }

    @Test
    void aLinkNeverApproves() {
        rest.ask(rest.hold("a1"));

        assertThat(rest.client.get("/v1/approvals/a1/votes", rest.bob()).status()).isEqualTo(405);
        assertThat(rest.client.get("/v1/nothing", rest.bob()).problem()).isEqualTo("no-such-resource");
    }

    @Test
    void listsPageByPageWithoutGapsOrRepetitions() {
        for (int number = 0; number < 25; number++) {
            rest.ask(rest.hold("a" + number).target(number % 5 == 0 ? "hr" : "shop"));
        }
        rest.append(new ApprovalWithdrawn("a24", "gone"), rest.clock.instant());

        var seen = new ArrayList<String>();
        var cursor = "";
        do {
            var page = rest.client.get("/v1/approvals?status=open&target=shop&limit=7" + cursor, rest.bob()).json();
            page.path("approvals").forEach(line -> seen.add(line.path("id").asText()));
            cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());

        assertThat(seen).hasSize(19).doesNotHaveDuplicates().doesNotContain("a24", "a0", "a5").startsWith("a23", "a22").endsWith("a1");
        assertThat(rest.client.get("/v1/approvals?status=withdrawn,granted", rest.bob()).json().path("approvals")).hasSize(1);
        assertThat(rest.client.get("/v1/approvals?requester=agent-7&limit=200", rest.bob()).json().path("approvals")).hasSize(25);
        assertThat(rest.client.get("/v1/approvals?requester=nobody", rest.bob()).json().path("approvals")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=closed", "limit=0", "limit=201", "limit=x", "cursor=abc", "cursor=%21", "page=2"})
    void parametersThatMeanNothingAreRefused(String query) {
        assertThat(rest.client.get("/v1/approvals?" + query, rest.bob()).problem()).isEqualTo("bad-request");
    }

    @Test
    void theRequesterSeesTheirOwn() {
        var requester = Holds.personOf(rest.issuer.issuer().toString(), "erin", null);
        rest.ask(rest.hold("a1").requester(requester));
        rest.ask(rest.hold("a2"));
        rest.ask(rest.hold("a3").requester(new Principal("helper", rest.issuer.issuer().toString(), Principal.Method.OIDC, Set.of(), "erin")));

        var list = rest.client.get("/v1/approvals", rest.issuer.token("erin")).json();

        assertThat(list.path("approvals").findValuesAsText("id")).containsExactly("a3", "a1");
    }

    @Test
    void readinessNamesWhatIsInTheWay() {
        assertThat(rest.client.get("/health/live", "").status()).isEqualTo(200);
        assertThat(rest.client.get("/health/ready", "").json().path("status").asText()).isEqualTo("ready");

        rest.obstacles.add("Kafka is away");

        var answer = rest.client.get("/health/ready", "");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("obstacles").path(0).asText()).isEqualTo("Kafka is away");
    }

    /** Whatever restarts processes asks for it: an ended feed is read again by nobody else in this one. */
    @Test
    void aProcessThatNeedsToBeStartedAgainDoesNotLive() {
        rest.ended.add("ended by java.lang.StackOverflowError; start the process again");

        var answer = rest.client.get("/health/live", "");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("obstacles").path(0).asText()).startsWith("ended by");
    }

    @Test
    void publishesPublicKeysOnly() {
        var key = rest.client.get("/.well-known/jwks.json", "").json().path("keys").path(0);

        assertThat(key.path("crv").asText()).isEqualTo("Ed25519");
        assertThat(key.has("d")).isFalse();
    }
}
