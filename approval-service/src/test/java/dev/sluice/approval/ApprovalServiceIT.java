// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.fixture.Eventually;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.fixture.TestGateway;
import dev.sluice.approval.fixture.TestIssuer;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictVerifier;
import dev.sluice.schemas.testing.TestKafka;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service on a real Kafka: from a held statement to a verdict that verifies. */
@Timeout(180)
final class ApprovalServiceIT {
    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static TestIssuer issuer;

    private final Vertx vertx = Vertx.vertx();
    private final SettableClock clock = new SettableClock();
    private final List<ApprovalService> services = new ArrayList<>();
    private final String id = UUID.randomUUID().toString();
    private TestGateway gateway;

    @BeforeAll
    static void startKafka() throws IOException {
        kafka = TestKafka.start();
        TopicCreator.createMissing(KafkaSettings.of(kafka.bootstrapServers()), Topics.all(), 1, Duration.ofSeconds(30));
        issuer = TestIssuer.start();
    }

    @AfterAll
    static void stopKafka() throws IOException {
        kafka.close();
        issuer.close();
    }

    @BeforeEach
    void startGateway() {
        gateway = new TestGateway(KafkaSettings.of(kafka.bootstrapServers()));
    }

    @AfterEach
    void close() {
        services.forEach(service -> service.close().await());
        gateway.close();
        vertx.close().await();
    }

    @Test
    void aHeldStatementIsApprovedAndItsVerdictVerifies() {
        var rest = client(start("one"));
        var held = hold().bound();

        gateway.report(held);
        awaitStatus(rest, "open");
        assertThat(rest.vote(id, bob(), "approve", held.statementDigest()).json().path("status").asText()).isEqualTo("granted");

        var granted = (VerdictGranted) gateway.awaitVerdictOn(id);
        assertThat(new VerdictVerifier(keys(rest)).verify(granted.verdict(), Instant.now())).isInstanceOfSatisfying(VerdictResult.Valid.class, valid -> {
            assertThat(valid.verdict().issuedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
            assertThat(valid.verdict().standsUntil()).isAfter(Instant.now());
            assertThat(valid.verdict()).usingRecursiveComparison().ignoringFields("issuedAt", "standsUntil").isEqualTo(new Verdict(
                    id, held.sessionId(), held.statementId(), held.statementDigest(), "agent-7", List.of("bob"), Instant.EPOCH, held.expiresAt(), TermsDigest.of(held)));
        });
        assertThat(gateway.verdictsOn(id)).hasSize(1);
    }

    private static TrustedKeys keys(RestClient rest) {
        return TrustedKeys.parse(rest.get("/.well-known/jwks.json", "").response().body());
    }

    @Test
    void nobodyReleasesWhatTheyAskedFor() {
        var rest = client(start("one"));
        var held = hold().bound();

        gateway.report(held);
        awaitStatus(rest, "open");
        var own = rest.vote(id, issuer.token("alice", "dba"), "approve", held.statementDigest());
        // Whoever can write to Kafka can put a vote there, in anybody's name. It counts for nothing.
        gateway.publish(Topics.APPROVALS, id, held.sessionId(), new ApprovalVoted(
                id, Holds.personOf(issuer.issuer().toString(), "carol", null, "owners"), Vote.APPROVE, null, held.statementDigest()));
        var bobs = rest.vote(id, bob(), "reject", held.statementDigest());

        assertThat(own.problem()).isEqualTo("requester-cannot-vote");
        assertThat(bobs.json().path("votes")).hasSize(1);
        assertThat(gateway.awaitVerdictOn(id)).isInstanceOfSatisfying(VerdictRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo("rejected by bob: as agreed");
            assertThat(Ending.refused(held, refused.reason()).objection(keys(rest), refused.ending())).isEmpty();
        });
    }

    @Test
    void whatNobodyAnswersExpires() {
        var rest = client(start("one"));
        var held = hold().bound();

        gateway.report(held);
        awaitStatus(rest, "open");
        clock.advance(Duration.ofMinutes(11));

        assertThat(gateway.awaitVerdictOn(id)).isInstanceOfSatisfying(
                VerdictExpired.class, expired -> assertThat(Ending.expired(held).objection(keys(rest), expired.ending())).isEmpty());
        var later = issuer.token("bob", clock.instant().plusSeconds(600), claims -> claims.claim("groups", List.of("dba")));
        assertThat(rest.vote(id, later, "approve", held.statementDigest()).status()).isEqualTo(409);
    }

    @Test
    void whatIsWithdrawnCanNoLongerBeApproved() {
        var rest = client(start("one"));
        var held = hold().bound();

        gateway.report(held);
        gateway.withdraw(held, "cancelled by the client");

        var closed = awaitStatus(rest, "withdrawn");
        assertThat(closed.json().path("outcome").path("explanation").asText()).isEqualTo("withdrawn: cancelled by the client");
        assertThat(rest.vote(id, bob(), "approve", held.statementDigest()).problem()).isEqualTo("already-closed");
        assertThat(gateway.verdictsOn(id)).isEmpty();
    }

    @Test
    void theEndOfASessionWithdrawsItsHolds() {
        var rest = client(start("one"));
        var held = hold().bound();

        gateway.report(held);
        gateway.closeSession(held.sessionId(), "the client has disconnected");

        assertThat(awaitStatus(rest, "withdrawn").json().path("outcome").path("explanation").asText()).contains("the client has disconnected");
    }

    @Test
    void aRestartRebuildsWhatWas() {
        var held = hold().approvers(2, "dba", "owners").bound();
        gateway.report(held);
        var first = start("one");
        awaitStatus(client(first), "open");
        var before = client(first).vote(id, bob(), "approve", held.statementDigest()).json();
        first.close().await();

        var again = client(start("one"));

        assertThat(again.get("/v1/approvals/" + id, bob()).json()).isEqualTo(before);
        again.vote(id, carol(), "approve", held.statementDigest());
        assertThat(gateway.awaitVerdictOn(id)).isInstanceOf(VerdictGranted.class);
    }

    @Test
    void aNewKeyTakesOverFromTheOldOne() throws IOException {
        var held = hold().approvers(2, "dba", "owners").bound();
        gateway.report(held);
        var before = start("one");
        awaitStatus(client(before), "open");
        assertThat(client(before).vote(id, bob(), "approve", held.statementDigest()).status()).isEqualTo(200);
        var oldKeys = client(before).get("/.well-known/jwks.json", "").response().body();
        before.close().await();

        var retired = Files.writeString(folder.resolve("retired-" + id + ".json"), oldKeys);
        var after = client(start("one", new ApprovalConfig.Signing(folder.resolve("next-" + id + ".jwk"), true, retired)));

        assertThat(after.get("/v1/approvals/" + id, bob()).json().path("votes")).as("what the old key signed still counts").hasSize(1);
        assertThat(after.vote(id, carol(), "approve", held.statementDigest()).status()).isEqualTo(200);
        var keys = after.get("/.well-known/jwks.json", "");
        assertThat(keys.json().path("keys")).hasSize(2);
        var granted = (VerdictGranted) gateway.awaitVerdictOn(id);
        assertThat(new VerdictVerifier(TrustedKeys.parse(keys.response().body())).verify(granted.verdict(), Instant.now())).isInstanceOf(VerdictResult.Valid.class);
        assertThat(new VerdictVerifier(TrustedKeys.parse(oldKeys)).verify(granted.verdict(), Instant.now())).isInstanceOf(VerdictResult.Invalid.class);
    }

    @Test
    void whatNobodyNeedsToSeeIsGrantedByItsEstimate() {
        start("one");
        var held = hold().automatic(100L, 7L).bound();

        gateway.report(held);

        var granted = (VerdictGranted) gateway.awaitVerdictOn(id);
        var keys = TrustedKeys.parse(client(services.getFirst()).get("/.well-known/jwks.json", "").response().body());
        assertThat(new VerdictVerifier(keys).verify(granted.verdict(), Instant.now())).isInstanceOfSatisfying(VerdictResult.Valid.class, valid -> {
            assertThat(valid.verdict().approvers()).isEmpty();
            assertThat(GrantCheck.objection(valid.verdict(), held)).isEmpty();
        });
    }

    @Test
    void replicasReachTheSameStateAndOneVerdict() {
        var held = hold().approvers(2, "dba", "owners").bound();
        var one = client(start("one"));
        var two = client(start("two"));
        gateway.report(held);
        awaitStatus(one, "open");
        awaitStatus(two, "open");

        // Five people at once, over both: whoever comes second in the log completes the quorum.
        var votes = IntStream.range(0, 5)
                .mapToObj(number -> CompletableFuture.supplyAsync(() ->
                        (number % 2 == 0 ? one : two).vote(id, issuer.token("approver-" + number, "dba"), "approve", held.statementDigest()).status()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        var token = bob();
        var granted = Eventually.get(() -> one.get("/v1/approvals/" + id, token), answer -> status(answer).equals("granted"));
        var other = Eventually.get(() -> two.get("/v1/approvals/" + id, token), answer -> status(answer).equals("granted"));
        assertThat(granted.json()).isEqualTo(other.json());
        assertThat(granted.json().path("votes")).hasSize(2);
        assertThat(votes).containsOnly(200, 409).filteredOn(status -> status == 200).hasSize(2);
        assertThat(gateway.awaitVerdictOn(id)).isInstanceOf(VerdictGranted.class);
        assertThat(gateway.verdictsOn(id).stream().map(envelope -> envelope.id()).distinct()).hasSize(1);
    }

    @Test
    void anotherReplicaTakesOver() {
        var one = start("one");
        var two = client(start("two"));
        var held = hold().bound();
        gateway.report(held);
        awaitStatus(two, "open");

        one.close().await();
        two.vote(id, bob(), "approve", held.statementDigest());

        assertThat(gateway.awaitVerdictOn(id)).isInstanceOf(VerdictGranted.class);
    }

    @Test
    void withoutKafkaNothingIsPromisedAndNothingIsLost() throws IOException {
        var rest = client(start("one"));
        var held = hold().bound();
        gateway.report(held);
        awaitStatus(rest, "open");

        kafka.stop();
        try {
            assertThat(rest.vote(id, bob(), "approve", held.statementDigest()).status()).isEqualTo(503);
            assertThat(rest.get("/v1/approvals/" + id, bob()).status()).isEqualTo(200);
            Eventually.get(() -> rest.get("/health/ready", "").status(), status -> status == 503);
        } finally {
            kafka.restart();
        }

        assertThat(gateway.awaitVerdictOn(id)).isInstanceOf(VerdictGranted.class);
        assertThat(rest.vote(id, bob(), "approve", held.statementDigest()).status()).isEqualTo(200);
        Eventually.get(() -> rest.get("/health/ready", "").status(), status -> status == 200);
    }

    private static org.assertj.core.data.TemporalUnitOffset within(Duration duration) {
        return new org.assertj.core.data.TemporalUnitWithinOffset(duration.toSeconds(), java.time.temporal.ChronoUnit.SECONDS);
    }

    private Holds hold() {
        var expiry = Instant.ofEpochSecond(clock.instant().plusSeconds(600).getEpochSecond());
        return Holds.hold().id(id).session("session-of-" + id).expires(expiry);
    }

    private ApprovalService start(String instance) {
        return start(instance, new ApprovalConfig.Signing(folder.resolve("signing.jwk"), true, null));
    }

    private ApprovalService start(String instance, ApprovalConfig.Signing signing) {
        var config = new ApprovalConfig(
                instance,
                ApprovalConfig.Listen.of("127.0.0.1", 0),
                ApprovalConfig.Kafka.of(kafka.bootstrapServers()),
                new ApprovalConfig.Oidc(List.of(ApprovalConfig.Issuer.of(issuer.issuer()))),
                signing,
                null,
                new ApprovalConfig.Limits(Duration.ofSeconds(5), null, null));
        var service = ApprovalService.start(vertx, config, clock).await();
        services.add(service);
        return service;
    }

    private static RestClient client(ApprovalService service) {
        return new RestClient(service.port());
    }

    private RestClient.Answer awaitStatus(RestClient rest, String status) {
        var token = bob();
        return Eventually.get(() -> rest.get("/v1/approvals/" + id, token), answer -> status(answer).equals(status));
    }

    private static String status(RestClient.Answer answer) {
        return answer.json().path("status").asText();
    }

    private static String bob() {
        return issuer.token("bob", "dba");
    }

    private static String carol() {
        return issuer.token("carol", "owners");
    }
}
