// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.fixture.Eventually;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.LogReader;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.approval.fixture.TestGateway;
import dev.sluice.approval.fixture.TestIssuer;
import dev.sluice.schemas.chain.ApprovalChainReport;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.testing.FreePort;
import dev.sluice.schemas.testing.TestKafka;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one Kafka, one of them a process of its own that is killed between the two votes of a quorum. */
@Timeout(240)
final class KilledReplicaIT {
    private static final int APPROVALS = 8;

    @TempDir
    private Path folder;

    @Test
    void oneVerdictPerApprovalAndAHistoryThatVerifies() throws IOException, InterruptedException {
        try (var kafka = TestKafka.start(); var issuer = TestIssuer.start()) {
            TopicCreator.createMissing(KafkaSettings.of(kafka.bootstrapServers()), Topics.all(), 1, Duration.ofSeconds(30));
            var vertx = Vertx.vertx();
            try (var gateway = new TestGateway(KafkaSettings.of(kafka.bootstrapServers()));
                    var log = new LogReader(KafkaSettings.of(kafka.bootstrapServers()))) {
                var survivor = ApprovalService.start(vertx, config(kafka, issuer)).await();
                var rest = new RestClient(survivor.port());
                var doomedPort = FreePort.take();
                var doomed = start(kafka, issuer, doomedPort);
                var other = new RestClient(doomedPort);
                Eventually.get(() -> other.tryGet("/health/ready"), status -> status == 200);

                var holds = holds();
                holds.forEach(gateway::report);
                for (var held : holds) {
                    Eventually.get(() -> other.get("/v1/approvals/" + held.approvalId(), issuer.token("bob", "dba")).status(), status -> status == 200);
                    assertThat(other.vote(held.approvalId(), issuer.token("bob", "dba"), "approve", held.statementDigest()).status()).isEqualTo(200);
                }
                doomed.destroyForcibly();
                assertThat(doomed.waitFor(20, TimeUnit.SECONDS)).isTrue();
                for (var held : holds) {
                    Eventually.get(
                            () -> rest.vote(held.approvalId(), issuer.token("carol", "owners"), "approve", held.statementDigest()).json().path("status").asText(),
                            status -> status.equals("granted"));
                }

                var keys = TrustedKeys.parse(rest.get("/.well-known/jwks.json", "").response().body());
                for (var held : holds) {
                    assertThat(gateway.awaitVerdictOn(held.approvalId())).isInstanceOf(VerdictGranted.class);
                    Eventually.get(() -> log.verify(held.approvalId(), keys), ApprovalChainReport::intact);
                    assertThat(gateway.verdictsOn(held.approvalId())).as("exactly one verdict").hasSize(1);
                    assertThat(log.verify(held.approvalId(), keys).sealedRecords()).as("request and two votes").isEqualTo(3);
                }
                survivor.close().await();
            } finally {
                vertx.close().await();
            }
        }
    }

    private List<StatementHeld> holds() {
        var expiry = Instant.ofEpochSecond(Instant.now().plusSeconds(600).getEpochSecond());
        return IntStream.range(0, APPROVALS)
                .mapToObj(_ -> UUID.randomUUID().toString())
                .map(id -> Holds.hold()
                        .id(id)
                        .session("session-of-" + id)
                        .expires(expiry)
                        .all(new GroupQuorum("dba", 1), new GroupQuorum("owners", 1))
                        .bound())
                .toList();
    }

    private ApprovalConfig config(TestKafka kafka, TestIssuer issuer) {
        return new ApprovalConfig(
                "survivor",
                ApprovalConfig.Listen.of("127.0.0.1", 0),
                ApprovalConfig.Kafka.of(kafka.bootstrapServers()),
                new ApprovalConfig.Oidc(List.of(ApprovalConfig.Issuer.of(issuer.issuer()))),
                new ApprovalConfig.Signing(folder.resolve("signing.jwk"), true, null),
                null,
                null);
    }

    private Process start(TestKafka kafka, TestIssuer issuer, int port) throws IOException {
        var config = Files.writeString(folder.resolve("doomed.yaml"), """
                instance: doomed
                listen: {port: %d}
                kafka: {bootstrapServers: "%s"}
                oidc: {issuers: [{issuer: "%s"}]}
                signing: {keyFile: "%s"}
                """.formatted(port, kafka.bootstrapServers(), issuer.issuer(), folder.resolve("signing.jwk")));
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
                .redirectOutput(folder.resolve("doomed.log").toFile())
                .start();
    }
}
