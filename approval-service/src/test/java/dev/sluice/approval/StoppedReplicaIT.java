// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.fixture.Eventually;
import dev.sluice.approval.fixture.HeldSending;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.LogReader;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.approval.fixture.TestGateway;
import dev.sluice.approval.fixture.TestIssuer;
import dev.sluice.schemas.chain.ApprovalChainReport;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.kafka.EventFeed;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.testing.FreePort;
import dev.sluice.schemas.testing.TestKafka;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The owner of every partition is stopped (SIGSTOP) when a verdict is about to go out, for longer than the group waits for it; another replica takes over. When
 * it goes on it does not know that, and sends too.
 */
@Timeout(90)
final class StoppedReplicaIT {
    /** The least that a broker allows by default. */
    private static final String SESSION_TIMEOUT_MILLIS = "6000";

    private static final String REFUSED_COMMIT = "the group has changed, its records will come again";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    private final List<byte[]> verdicts = new ArrayList<>();

    @Test
    void whoWakesUpAsOwnerNoMoreSaysTheSameAndMovesNothing() throws IOException, InterruptedException {
        try (var kafka = TestKafka.start(); var issuer = TestIssuer.start()) {
            var settings = KafkaSettings.of(kafka.bootstrapServers());
            TopicCreator.createMissing(settings, Topics.all(), 1, Duration.ofSeconds(30));
            var port = FreePort.take();
            var owner = start(kafka, issuer, port);
            var vertx = Vertx.vertx();
            try (var gateway = new TestGateway(settings);
                    var log = new LogReader(settings);
                    var feed = EventFeed.fromBeginning(settings, "verdicts", List.of(Topics.VERDICTS), this::take)) {
                feed.ready().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
                var rest = new RestClient(port);
                Eventually.get(() -> rest.tryGet("/health/ready"), status -> status == 200);
                var before = granted(gateway, rest, issuer);
                Eventually.get(() -> Files.exists(folder.resolve(HeldSending.SENDING)), there -> there);

                signal(owner, "STOP");
                var other = ApprovalService.start(vertx, config(kafka, issuer)).await();
                var first = Eventually.get(() -> verdictsOn(before), seen -> !seen.isEmpty());
                assertThat(first).extracting(verdict -> verdict.path("source").asText()).containsExactly("/sluice/approval-service/other");
                Files.createFile(folder.resolve(HeldSending.GO_ON));
                signal(owner, "CONT");

                var both = Eventually.get(() -> verdictsOn(before), seen -> seen.size() > 1);
                assertThat(both).extracting(verdict -> verdict.path("source").asText()).contains("/sluice/approval-service/other", "/sluice/approval-service/stopped");
                assertThat(both).extracting(verdict -> verdict.path("id").asText()).as("known by its id").containsOnly(both.getFirst().path("id").asText());
                assertThat(both).extracting(verdict -> verdict.path("data").toString()).as("the same grant, byte for byte").containsOnly(both.getFirst().path("data").toString());
                Eventually.get(this::logOfOwner, text -> text.contains(REFUSED_COMMIT));

                Eventually.get(() -> rest.tryGet("/health/ready"), status -> status == 200);
                var after = granted(gateway, rest, issuer);
                gateway.awaitVerdictOn(after.approvalId());
                var keys = TrustedKeys.parse(rest.get("/.well-known/jwks.json", "").response().body());
                for (var held : List.of(before, after)) {
                    Eventually.get(() -> log.verify(held.approvalId(), keys), ApprovalChainReport::intact);
                    assertThat(verdictsOn(held)).extracting(verdict -> verdict.path("id").asText()).as("one verdict").containsOnly(verdictsOn(held).getFirst().path("id").asText());
                }
                other.close().await();
            } finally {
                owner.destroyForcibly();
                vertx.close().await();
            }
        }
    }

    /** A hold that one vote, taken by this replica, has granted. */
    private static StatementHeld granted(TestGateway gateway, RestClient rest, TestIssuer issuer) {
        var id = UUID.randomUUID().toString();
        var held = Holds.hold().id(id).session("session-of-" + id).expires(Instant.ofEpochSecond(Instant.now().plusSeconds(600).getEpochSecond())).bound();
        gateway.report(held);
        Eventually.get(() -> rest.get("/v1/approvals/" + id, issuer.token("bob", "dba")).status(), status -> status == 200);
        assertThat(rest.vote(id, issuer.token("bob", "dba"), "approve", held.statementDigest()).json().path("status").asText()).isEqualTo("granted");
        return held;
    }

    private void take(List<ReceivedRecord> records) {
        synchronized (verdicts) {
            records.forEach(record -> verdicts.add(record.value()));
        }
    }

    private List<JsonNode> verdictsOn(StatementHeld held) {
        synchronized (verdicts) {
            return verdicts.stream().map(StoppedReplicaIT::json).filter(verdict -> verdict.path("subject").asText().equals(held.approvalId())).toList();
        }
    }

    private static JsonNode json(byte[] record) {
        try {
            return MAPPER.readTree(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String logOfOwner() {
        try {
            return Files.readString(folder.resolve("stopped.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    private ApprovalConfig config(TestKafka kafka, TestIssuer issuer) {
        return new ApprovalConfig(
                "other",
                ApprovalConfig.Listen.of("127.0.0.1", 0),
                new ApprovalConfig.Kafka(kafka.bootstrapServers(), null, null, Map.of("session.timeout.ms", SESSION_TIMEOUT_MILLIS), null),
                new ApprovalConfig.Oidc(List.of(ApprovalConfig.Issuer.of(issuer.issuer()))),
                new ApprovalConfig.Signing(folder.resolve("signing.jwk"), true, null),
                null,
                null);
    }

    private Process start(TestKafka kafka, TestIssuer issuer, int port) throws IOException {
        var config = Files.writeString(folder.resolve("stopped.yaml"), """
                instance: stopped
                listen: {port: %d}
                kafka:
                  bootstrapServers: "%s"
                  properties: {session.timeout.ms: "%s", interceptor.classes: "%s", %s: "%s"}
                oidc: {issuers: [{issuer: "%s"}]}
                signing: {keyFile: "%s", createIfMissing: true}
                """.formatted(
                        port,
                        kafka.bootstrapServers(),
                        SESSION_TIMEOUT_MILLIS,
                        HeldSending.class.getName(),
                        HeldSending.FOLDER,
                        folder,
                        issuer.issuer(),
                        folder.resolve("signing.jwk")));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("stopped.log").toFile())
                .start();
    }
}
