// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.config.WebhooksConfig;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.fixture.Eventually;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.approval.fixture.TestGateway;
import dev.sluice.approval.fixture.TestIssuer;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.testing.TestKafka;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a held statement to a receiver that checks signatures by itself, through its failures and a restart of the service. */
@Timeout(240)
final class WebhookIT {
    private static final byte[] SECRET = "a secret of thirty-two characters".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    /** What a receiver got, if the signature was right. */
    private record Delivery(String id, String path, String body) {}

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<String> forgeries = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    @Test
    void receiversHearOfEveryApprovalThroughFailuresAndRestarts() throws IOException {
        var vertx = Vertx.vertx();
        var receiver = receiver();
        try (var kafka = TestKafka.start(); var issuer = TestIssuer.start()) {
            TopicCreator.createMissing(KafkaSettings.of(kafka.bootstrapServers()), Topics.all(), 1, Duration.ofSeconds(30));
            try (var gateway = new TestGateway(KafkaSettings.of(kafka.bootstrapServers()))) {
                var config = config(kafka, issuer, receiver.getAddress().getPort());
                var service = ApprovalService.start(vertx, config).await();

                var first = hold();
                gateway.report(first);
                Eventually.get(() -> deliveries, got -> got.size() == 2);
                assertThat(deliveries).extracting(Delivery::path).containsExactlyInAnyOrder("/generic", "/slack");

                // The receiver fails, and the service ends before it is well again.
                status = 503;
                var second = hold();
                gateway.report(second);
                var admin = issuer.token("erin", "admins");
                var rest = new RestClient(service.port());
                Eventually.get(() -> rest.get("/v1/webhooks", admin).json().at("/webhooks/0/pending").asInt(), pending -> pending == 1);
                service.close().await();
                deliveries.clear();
                status = 200;
                var again = ApprovalService.start(vertx, config).await();
                Eventually.get(() -> deliveries, got -> got.stream().filter(one -> one.body().contains(second.approvalId())).count() >= 1);
                Eventually.get(() -> deliveries, got -> got.stream().anyMatch(one -> one.path().equals("/slack") && one.body().contains("console.example/" + second.approvalId())));
                assertThat(deliveries).as("what was delivered is not delivered again").noneMatch(one -> one.body().contains(first.approvalId()));

                // The receiver wants no more; somebody asks for the message after all.
                status = 410;
                var client = new RestClient(again.port());
                client.vote(second.approvalId(), issuer.token("bob", "dba"), "approve", second.statementDigest());
                var dead = Eventually.get(() -> client.get("/v1/webhooks/dead-letters", admin).json().path("deadLetters"), letters -> letters.size() == 2);
                status = 200;
                var id = dead.get(0).path("messageId").asText();
                assertThat(client.post("/v1/webhooks/dead-letters/" + id + "/redelivery", admin, "{}").status()).isEqualTo(202);
                Eventually.get(() -> deliveries, got -> got.stream().anyMatch(one -> one.id().equals(id)));
                Eventually.get(() -> client.get("/v1/webhooks/dead-letters", admin).json().path("deadLetters"), letters -> letters.size() == 1);

                // The third receiver's name leads to this machine, which it may not.
                assertThat(client.get("/v1/webhooks", admin).json().at("/webhooks/2/pending").asInt()).isPositive();
                assertThat(deliveries).extracting(Delivery::path).doesNotContain("/forbidden");
                assertThat(forgeries).isEmpty();
                again.close().await();
            }
        } finally {
            receiver.stop(0);
            vertx.close().await();
        }
    }

    private HttpServer receiver() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var id = exchange.getRequestHeaders().getFirst("webhook-id");
            var timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            var expected = "v1," + hmac(id + "." + timestamp + "." + body);
            boolean fresh = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) < 300;
            if (fresh && List.of(exchange.getRequestHeaders().getFirst("webhook-signature").split(" ")).contains(expected)) {
                if (status == 200) {
                    deliveries.add(new Delivery(id, exchange.getRequestURI().getPath(), body));
                }
            } else {
                forgeries.add(body);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String hmac(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static StatementHeld hold() {
        var id = UUID.randomUUID().toString();
        return Holds.hold().id(id).session("session-of-" + id).expires(Instant.ofEpochSecond(Instant.now().plusSeconds(600).getEpochSecond())).bound();
    }

    private ApprovalConfig config(TestKafka kafka, TestIssuer issuer, int port) throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "whsec_" + Base64.getEncoder().encodeToString(SECRET) + "\n");
        var slack = Files.writeString(folder.resolve("slack-url"), "http://localhost:" + port + "/slack");
        return new ApprovalConfig(
                "one",
                ApprovalConfig.Listen.of("127.0.0.1", 0),
                ApprovalConfig.Kafka.of(kafka.bootstrapServers()),
                new ApprovalConfig.Oidc(List.of(ApprovalConfig.Issuer.of(issuer.issuer()))),
                new ApprovalConfig.Signing(folder.resolve("signing.jwk"), true, null),
                null,
                null,
                new ApprovalConfig.Rates(60_000, 10_000, null),
                new WebhooksConfig(
                        "https://console.example/{id}",
                        null,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        null,
                        List.of(
                                new WebhooksConfig.Endpoint("generic", URI.create("http://localhost:" + port + "/generic"), null, null, secret, null, true),
                                new WebhooksConfig.Endpoint("slack", null, slack, Format.SLACK, secret, null, true),
                                new WebhooksConfig.Endpoint("forbidden", URI.create("https://localhost:" + port + "/forbidden"), null, null, secret, null, null))));
    }
}
