// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.schemas.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApprovalConfigTest {
    private static final String SMALLEST = """
            kafka: {bootstrapServers: "kafka:9092"}
            oidc: {issuers: [{issuer: "https://id.example"}]}
            signing: {keyFile: /run/secrets/signing.jwk}
            """;

    @TempDir
    private static Path folder;

    @Test
    void defaults() {
        var config = ApprovalConfig.READER.parse(SMALLEST, Map.of());

        assertThat(config.instance()).isNotBlank();
        assertThat(config.listen()).isEqualTo(ApprovalConfig.Listen.of("127.0.0.1", 8081));
        assertThat(config.kafka()).isEqualTo(new ApprovalConfig.Kafka("kafka:9092", "sluice-approval", 1, Map.of(), null));
        assertThat(config.oidc().issuers()).containsExactly(new ApprovalConfig.Issuer(
                URI.create("https://id.example"), "sluice", "groups", "sub", "on_behalf_of", Duration.ofSeconds(30), null, false, null, ApprovalConfig.Issuer.Standing.LENIENT));
        assertThat(config.signing()).isEqualTo(new ApprovalConfig.Signing(Path.of("/run/secrets/signing.jwk"), false, null));
        assertThat(config.access().admins()).containsExactly("admins");
        assertThat(config.limits()).isEqualTo(new ApprovalConfig.Limits(Duration.ofSeconds(10), 200, 10_000));
        assertThat(config.rates()).isEqualTo(new ApprovalConfig.Rates(6_000, 2_000, 60));
        assertThat(config.webhooks()).isEqualTo(new WebhooksConfig(
                null, Duration.ofHours(24), Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(10), null, List.of()));
    }

    @Test
    void everyKey() {
        var config = ApprovalConfig.READER.parse(
                """
                instance: approvals-1
                listen: {host: 0.0.0.0, port: 9443, certificateFile: /tls/cert.pem, keyFile: /tls/key.pem}
                kafka: {bootstrapServers: "a:1,b:2", group: sluice, replicationFactor: 3, properties: {security.protocol: SSL}, propertiesFile: /run/kafka.properties}
                oidc:
                  issuers:
                    - {issuer: "https://id.example", audience: approvals, groupsClaim: roles, subjectClaim: email, onBehalfOfClaim: owner, clockSkew: 1m,
                       jwksUri: "https://id.example/keys", plainHttpAllowed: true, userinfoUri: "https://id.example/me", standing: strict}
                signing: {keyFile: k.jwk, createIfMissing: true, retiredFile: old.json}
                access: {admins: [security]}
                limits: {voteWait: 3s, streams: 5, closedApprovals: 1007}
                rates: {requestsPerMinute: 8, burst: 9, failuresPerMinute: 10}
                webhooks:
                  approvalUrl: "https://console.example/approvals/{id}"
                  giveUpAfter: 2h
                  firstRetry: 1s
                  longestRetry: 5m
                  timeout: 3s
                  caFile: ca.pem
                  endpoints:
                    - {name: bus, url: "https://bus.example/hook", secretFile: bus.secret, formerSecretFile: bus.old, privateAddressesAllowed: true}
                    - {name: chat, urlFile: chat.url, format: slack, secretFile: chat.secret}
                """,
                Map.of());

        assertThat(config).isEqualTo(new ApprovalConfig(
                "approvals-1",
                new ApprovalConfig.Listen("0.0.0.0", 9443, Path.of("/tls/cert.pem"), Path.of("/tls/key.pem")),
                new ApprovalConfig.Kafka("a:1,b:2", "sluice", 3, Map.of("security.protocol", "SSL"), Path.of("/run/kafka.properties")),
                new ApprovalConfig.Oidc(List.of(new ApprovalConfig.Issuer(
                        URI.create("https://id.example"), "approvals", "roles", "email", "owner", Duration.ofMinutes(1), URI.create("https://id.example/keys"), true, URI.create("https://id.example/me"), ApprovalConfig.Issuer.Standing.STRICT))),
                new ApprovalConfig.Signing(Path.of("k.jwk"), true, Path.of("old.json")),
                new ApprovalConfig.Access(Set.of("security")),
                new ApprovalConfig.Limits(Duration.ofSeconds(3), 5, 1_007),
                new ApprovalConfig.Rates(8, 9, 10),
                new WebhooksConfig(
                        "https://console.example/approvals/{id}",
                        Duration.ofHours(2),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(3),
                        Path.of("ca.pem"),
                        List.of(
                                new WebhooksConfig.Endpoint(
                                        "bus",
                                        URI.create("https://bus.example/hook"),
                                        null,
                                        WebhooksConfig.Format.GENERIC,
                                        Path.of("bus.secret"),
                                        Path.of("bus.old"),
                                        true),
                                new WebhooksConfig.Endpoint(
                                        "chat", null, Path.of("chat.url"), WebhooksConfig.Format.SLACK, Path.of("chat.secret"), null, false)))));
    }

    @Test
    void theEnvironmentOverrides() {
        var config = ApprovalConfig.READER.parse(SMALLEST, Map.of(
                "SLUICE_APPROVAL_KAFKA_BOOTSTRAP_SERVERS", "other:9092",
                "SLUICE_APPROVAL_LISTEN_PORT", "7",
                "SLUICE_APPROVAL_ACCESS_ADMINS", "[security, owners]",
                "SLUICE_APPROVAL_OIDC_ISSUERS", "[{issuer: 'https://other.example'}]",
                "UNRELATED", "x"));

        assertThat(config.kafka().bootstrapServers()).isEqualTo("other:9092");
        assertThat(config.listen().port()).isEqualTo(7);
        assertThat(config.access().admins()).containsExactlyInAnyOrder("security", "owners");
        assertThat(config.oidc().issuers()).containsExactly(ApprovalConfig.Issuer.of(URI.create("https://other.example")));
    }

    @Test
    void whoHasTheIssuerAskedHasItAskedAboutEveryVote() {
        var config = ApprovalConfig.READER.parse(SMALLEST, Map.of(
                "SLUICE_APPROVAL_OIDC_ISSUERS", "[{issuer: 'https://other.example', userinfoUri: 'https://other.example/userinfo'}]"));
        assertThat(config.oidc().issuers().getFirst().standing()).isEqualTo(ApprovalConfig.Issuer.Standing.STRICT);
        var lenient = ApprovalConfig.READER.parse(SMALLEST, Map.of(
                "SLUICE_APPROVAL_OIDC_ISSUERS", "[{issuer: 'https://other.example', standing: lenient, userinfoUri: 'https://other.example/userinfo'}]"));
        assertThat(lenient.oidc().issuers().getFirst().standing()).isEqualTo(ApprovalConfig.Issuer.Standing.LENIENT);
    }

    @Test
    void strictStandingNeedsSomebodyToAsk() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ApprovalConfig.READER.parse(SMALLEST, Map.of("SLUICE_APPROVAL_OIDC_ISSUERS", "[{issuer: 'https://other.example', standing: strict}]")))
                .withMessageContaining("oidc.issuers.standing");
        var config = ApprovalConfig.READER.parse(SMALLEST, Map.of(
                "SLUICE_APPROVAL_OIDC_ISSUERS", "[{issuer: 'https://other.example', standing: strict, userinfoUri: 'https://other.example/userinfo'}]"));
        assertThat(config.oidc().issuers().getFirst().standing()).isEqualTo(ApprovalConfig.Issuer.Standing.STRICT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limit: {}|limit: unknown key",
        "access: {admin: [x]}|access.admin: unknown key",
        "listen: {port: 70000}|listen.port: 70000",
        "listen: {keyFile: k.pem}|listen.certificateFile",
        "limits: {voteWait: 10}|limits.voteWait",
        "limits: {voteWait: 1h}|limits.voteWait",
        "limits: {closedApprovals: 999}|limits.closedApprovals",
        "limits: {streams: many}|limits.streams",
        "instance: a b|instance: a b",
        "rates: {burst: 0}|rates.burst: 0",
        "webhooks: {approvalUrl: 'https://x.example'}|webhooks.approvalUrl",
        "webhooks: {approvalUrl: 'javascript:{id}'}|webhooks.approvalUrl",
        "webhooks: {timeout: 2m}|webhooks.timeout",
        "webhooks: {endpoints: [{name: a, url: 'http://a.example', secretFile: s}]}|webhooks.endpoints.url",
        "webhooks: {endpoints: [{name: a, url: 'https://u:p@a.example', secretFile: s}]}|webhooks.endpoints.url",
        "webhooks: {endpoints: [{name: a, secretFile: s}]}|webhooks.endpoints.url",
        "webhooks: {endpoints: [{name: a, url: 'https://a.example'}]}|webhooks.endpoints.secretFile",
        "webhooks: {endpoints: [{name: a, url: 'https://a.example', secretFile: s}, {name: a, url: 'https://b.example', secretFile: s}]}|another endpoint",
        "- a list|the configuration must be a mapping",
    })
    void whatIsWrongIsNamed(String line, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ApprovalConfig.READER.parse(line.startsWith("-") ? line : SMALLEST + line, Map.of()))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"kafka", "oidc", "signing"})
    void whatHasNoDefaultMustBeThere(String key) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ApprovalConfig.READER.parse(SMALLEST.replaceAll("(?m)^" + key + ":.*$", ""), Map.of()))
                .withMessage(key + ": missing, and it has no default");
    }

    @Test
    void anUnknownVariableIsAnError() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ApprovalConfig.READER.parse(SMALLEST, Map.of("SLUICE_APPROVAL_LISTEN_PROT", "1")))
                .withMessageContaining("SLUICE_APPROVAL_LISTEN_PROT")
                .withMessageContaining("SLUICE_APPROVAL_LISTEN_PORT");
    }

    @Test
    void kafkasSecretsComeFromAFileAndNeverPrint() throws IOException {
        var file = Files.writeString(folder.resolve("kafka.properties"), "sasl.jaas.config = password='hunter2'\n");
        var kafka = new ApprovalConfig.Kafka("k:1", null, null, Map.of("sasl.mechanism", "SCRAM-SHA-512"), file);

        assertThat(ClientSettings.of(kafka)).containsEntry("sasl.jaas.config", "password='hunter2'").containsEntry("sasl.mechanism", "SCRAM-SHA-512");
        assertThat(new ApprovalConfig.Kafka("k:1", null, null, Map.of("ssl.key.password", "hunter2"), null).toString()).doesNotContain("hunter2");
    }

    @Test
    void whatThePromisesRestOnCannotBeSet() throws IOException {
        var file = Files.writeString(folder.resolve("acks.properties"), "acks = 0\n");

        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new ApprovalConfig.Kafka("k:1", null, null, Map.of("acks", "0"), null));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ClientSettings.of(new ApprovalConfig.Kafka("k:1", null, null, null, file)))
                .withMessageContaining("acks");
    }

    @Test
    void tokensAreNotSentInPlainText() {
        var text = SMALLEST.replace("\"https://id.example\"", "\"https://id.example\", userinfoUri: \"http://id.example/me\"");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ApprovalConfig.READER.parse(text, Map.of()))
                .withMessageContaining("oidc.issuers.userinfoUri: http://id.example/me is not possible");
        assertThat(ApprovalConfig.READER.parse(text.replace("http://id.example/me", "http://127.0.0.1:9/me"), Map.of()).oidc().issuers()).hasSize(1);
    }
}
