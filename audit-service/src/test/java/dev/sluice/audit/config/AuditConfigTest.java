// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.audit.config.AuditConfig.Database.Tls;
import dev.sluice.schemas.config.ConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AuditConfigTest {
    private static final String SMALLEST = """
            kafka: {bootstrapServers: 'k:9092'}
            database: {host: db, database: audit, user: audit}
            oidc: {issuers: [{issuer: 'https://id.test'}]}
            """;

    private static AuditConfig parse(String yaml) {
        return AuditConfig.READER.parse(yaml, Map.of());
    }

    @Test
    void defaults() {
        assertThat(parse(SMALLEST))
                .isEqualTo(new AuditConfig(
                        new AuditConfig.Listen("127.0.0.1", 8082),
                        new AuditConfig.Kafka("k:9092", "sluice-audit", 5_000, 1, 100_000L, Map.of()),
                        new AuditConfig.Database("db", 5432, "audit", "audit", null, Tls.DISABLE, null, "sluice_audit", 8),
                        new AuditConfig.Oidc(List.of(new AuditConfig.Issuer(URI.create("https://id.test"), "sluice", "groups", null, false))),
                        new AuditConfig.Access(Set.of("auditors"), Set.of("admins"), null),
                        new AuditConfig.Keys(null, null),
                        new AuditConfig.Retention("P7Y", Map.of()),
                        new AuditConfig.Signing(null),
                        new AuditConfig.Limits(50, 6_000)));
    }

    @Test
    void everyKey() {
        assertThat(parse("""
                        listen: {host: 0.0.0.0, port: 0}
                        kafka:
                          bootstrapServers: a:1,b:2
                          group: g
                          batchRecords: 5
                          replicationFactor: 3
                          readyLag: 9
                          properties: {security.protocol: SSL}
                        database:
                          host: db
                          port: 6000
                          database: d
                          user: u
                          passwordFile: /run/secrets/p
                          tls: verify-full
                          caFile: /etc/ca.pem
                          schema: audit
                          connections: 4
                        oidc:
                          issuers:
                            - {issuer: 'https://id.test', audience: a, groupsClaim: roles, jwksUri: 'https://id.test/keys', plainHttpAllowed: true}
                        access: {auditors: [x], admins: [y], targets: {x: [shop]}}
                        retention: {evidence: P10Y, targets: {shop: P90D}}
                        signing: {key: /var/lib/sluice/audit.jwk}
                        limits: {streams: 7, requestsPerMinute: 60}
                        keys: {gateway: /etc/gateway.jwks, approval: 'https://approval.test/jwks', audit: /etc/audit.jwks}
                        """))
                .isEqualTo(new AuditConfig(
                        new AuditConfig.Listen("0.0.0.0", 0),
                        new AuditConfig.Kafka("a:1,b:2", "g", 5, 3, 9L, Map.of("security.protocol", "SSL")),
                        new AuditConfig.Database(
                                "db", 6000, "d", "u", Path.of("/run/secrets/p"), Tls.VERIFY_FULL, Path.of("/etc/ca.pem"), "audit", 4),
                        new AuditConfig.Oidc(List.of(new AuditConfig.Issuer(
                                URI.create("https://id.test"), "a", "roles", URI.create("https://id.test/keys"), true))),
                        new AuditConfig.Access(Set.of("x"), Set.of("y"), Map.of("x", Set.of("shop"))),
                        new AuditConfig.Keys("/etc/gateway.jwks", "https://approval.test/jwks", "/etc/audit.jwks"),
                        new AuditConfig.Retention("P10Y", Map.of("shop", "P90D")),
                        new AuditConfig.Signing(Path.of("/var/lib/sluice/audit.jwk")),
                        new AuditConfig.Limits(7, 60)));
    }

    @Test
    void theEnvironmentOverridesTheFile() {
        AuditConfig config = AuditConfig.READER.parse(
                SMALLEST,
                Map.of(
                        "SLUICE_AUDIT_LISTEN_PORT", "9999",
                        "SLUICE_AUDIT_KAFKA_BOOTSTRAP_SERVERS", "other:9092",
                        "SLUICE_AUDIT_DATABASE_PASSWORD_FILE", "/run/secrets/p",
                        "SLUICE_AUDIT_ACCESS_AUDITORS", "[a, b]",
                        "SLUICE_AUDIT_OIDC_ISSUERS", "[{issuer: 'https://two.test'}]",
                        "PATH", "/bin"));

        assertThat(config.listen().port()).isEqualTo(9999);
        assertThat(config.kafka().bootstrapServers()).isEqualTo("other:9092");
        assertThat(config.database().passwordFile()).isEqualTo(Path.of("/run/secrets/p"));
        assertThat(config.access().auditors()).containsExactlyInAnyOrder("a", "b");
        assertThat(config.oidc().issuers().getFirst().issuer()).isEqualTo(URI.create("https://two.test"));
    }

    @Test
    void anUnknownKeyNamesItsPathAndWhatIsKnown() {
        assertThatThrownBy(() -> parse(SMALLEST + "listen: {prot: 1}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listen.prot: unknown key")
                .hasMessageContaining("host, port");
    }

    @Test
    void anUnknownVariableIsNamed() {
        assertThatThrownBy(() -> AuditConfig.READER.parse(SMALLEST, Map.of("SLUICE_AUDIT_LISTEN_PROT", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("SLUICE_AUDIT_LISTEN_PROT")
                .hasMessageContaining("SLUICE_AUDIT_LISTEN_PORT");
    }

    @Test
    void whatIsMissingOrImpossibleIsNamed() {
        assertThatThrownBy(() -> parse("kafka: {bootstrapServers: k}")).hasMessageContaining("database: missing");
        assertThatThrownBy(() -> parse(SMALLEST + "listen: {port: 70000}")).hasMessageContaining("listen.port: 70000");
        assertThatThrownBy(() -> parse(SMALLEST.replace("user: audit", "user: audit, tls: prefer"))).hasMessageContaining("database.tls: prefer");
        assertThatThrownBy(() -> parse(SMALLEST.replace("user: audit", "user: audit, schema: 'a; drop'"))).hasMessageContaining("database.schema");
        assertThatThrownBy(() -> parse(SMALLEST.replace("'k:9092'", "k, properties: {group.id: x}"))).hasMessageContaining("kafka.properties.group.id");
        assertThatThrownBy(() -> parse(SMALLEST + "retention: {evidence: 7 years}")).hasMessageContaining("retention.evidence: 7 years");
        assertThatThrownBy(() -> parse(SMALLEST + "retention: {targets: {shop: P0D}}")).hasMessageContaining("retention.targets.shop: P0D");
        assertThatThrownBy(() -> parse(SMALLEST + "listen: {port: abc}")).hasMessageContaining("listen.port");
        assertThatThrownBy(() -> parse("listen: [")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> parse("just text")).hasMessageContaining("mapping");
        assertThatThrownBy(() -> AuditConfig.READER.read(Path.of("/nowhere.yaml"), Map.of())).hasMessageContaining("/nowhere.yaml");
    }
}
