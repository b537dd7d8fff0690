// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayConfigTest {
    private static final String LEAST = """
            targets:
              - {name: shop, database: shop, user: app}
            """;
    private static final String FULL = """
            instance: gw-2
            state: /var/lib/sluice
            listen: {host: 0.0.0.0, port: 7000}
            http: {host: '::1', port: 7001}
            tls: {certificate: c.pem, key: k.pem, clientAuthority: ca.pem, required: false}
            limits:
              message: 128MiB
              authenticationMessage: 32KiB
              sql: 2MiB
              pending: 64KiB
              startup: 20s
              close: 4s
              sessions: 7
              unauthenticatedPerAddress: 3
            targets:
              - name: shop
                host: db.example
                port: 5433
                database: shopdb
                sslMode: verify-full
                rootCertificate: root.pem
                clientCertificate: client.pem
                clientKey: client.key
                credential: stored
                user: app
                passwordFile: pw
                connectTimeout: 3s
                holdMode: return
                holdInTransaction: return
              - {name: '*', credential: passthrough, catalogUser: reader, catalogPasswordFile: catalog-pw, allowUnknownVersion: true}
            identity:
              oidc:
                - issuer: https://id.example/realms/a
                  audience: sluice
                  jwksUrl: https://id.example/keys
                  subjectClaim: email
                  groupsClaim: roles
                  onBehalfOfClaim: act
                  algorithms: [ES256]
                  clockSkew: 5s
              agentTokens: agents.yaml
            kafka:
              bootstrapServers: [k1:9092, k2:9092]
              replicationFactor: 3
              recordingTimeout: 2s
              reads: overlap
              recordedText: 64KiB
              resultChunk: 32KiB
              resultCompression: zstd
              properties: {security.protocol: SSL}
            policy: policy.yaml
            hold: {concurrent: 9, heartbeat: 20s, mode: auto, patience: 30s, inTransaction: deny, transactionLimit: 10s, tickets: 7}
            impact: {enabled: true, limit: 3s, rows: 2}
            approvals: {jwksUrl: 'https://approvals.example/jwks'}
            signing: {key: signing.jwk}
            masking: {key: mask-key}
            watch: {every: 1m, gateways: [10.0.0.5]}
            drain: {deadline: 1m}
            """;

    @Test
    void everyKeyHasItsDefault() {
        GatewayConfig config = GatewayConfig.parse("least.yaml", LEAST);

        assertThat(config.instance()).isEqualTo("sluice-gateway");
        assertThat(config.state()).isEqualTo(Path.of("state"));
        assertThat(config.listen()).isEqualTo(new ListenConfig("127.0.0.1", 6432));
        assertThat(config.http()).isEqualTo(new HttpConfig("127.0.0.1", 8432));
        assertThat(config.tls()).isNull();
        assertThat(config.limits()).isEqualTo(new LimitsConfig(
                new DataSize(64 << 20), new DataSize(64 << 10), new DataSize(1 << 20), new DataSize(1 << 20),
                Duration.ofSeconds(30), Duration.ofSeconds(10), 1_000, 64));
        assertThat(config.targets()).containsExactly(new TargetConfig(
                "shop", "localhost", 5432, "shop", SslMode.PREFER, null, null, null, CredentialMode.STORED, "app", null, null,
                Duration.ofSeconds(10), null, null, null, null, false));
        assertThat(config.identity()).isEqualTo(new IdentityConfig(List.of(), null));
        assertThat(config.kafka()).isEqualTo(new KafkaConfig(List.of("localhost:9092"), 1, Duration.ofSeconds(4), KafkaConfig.Reads.WAIT, new DataSize(512 << 10), new DataSize(256 << 10),
                KafkaConfig.Compression.LZ4, Map.of()));
        assertThat(config.policy()).isNull();
        assertThat(config.hold()).isEqualTo(new HoldConfig(
                1_000, Duration.ofSeconds(15), HoldMode.WAIT, Duration.ofSeconds(45), TransactionHold.HOLD, Duration.ofMinutes(2), 10_000));
        assertThat(config.approvals()).isEqualTo(new ApprovalsConfig(null, null));
        assertThat(config.signing()).isEqualTo(new SigningConfig(null));
        assertThat(config.watch()).isEqualTo(new WatchConfig(Duration.ofSeconds(15), List.of()));
        assertThat(config.drain()).isEqualTo(new DrainConfig(Duration.ofSeconds(30)));
    }

    @Test
    void everyKeyIsMapped() {
        GatewayConfig config = GatewayConfig.parse("full.yaml", FULL);

        assertThat(config.instance()).isEqualTo("gw-2");
        assertThat(config.state()).isEqualTo(Path.of("/var/lib/sluice"));
        assertThat(config.listen()).isEqualTo(new ListenConfig("0.0.0.0", 7000));
        assertThat(config.http()).isEqualTo(new HttpConfig("::1", 7001));
        assertThat(config.tls()).isEqualTo(new TlsConfig(Path.of("c.pem"), Path.of("k.pem"), Path.of("ca.pem"), false));
        assertThat(config.limits()).isEqualTo(new LimitsConfig(
                new DataSize(128 << 20), new DataSize(32 << 10), new DataSize(2 << 20), new DataSize(64 << 10),
                Duration.ofSeconds(20), Duration.ofSeconds(4), 7, 3));
        assertThat(config.targets()).containsExactly(
                new TargetConfig(
                        "shop", "db.example", 5433, "shopdb", SslMode.VERIFY_FULL, Path.of("root.pem"), Path.of("client.pem"),
                        Path.of("client.key"), CredentialMode.STORED, "app", null, Path.of("pw"), Duration.ofSeconds(3), HoldMode.RETURN, TransactionHold.RETURN, null, null, false),
                new TargetConfig(
                        "*", "localhost", 5432, null, SslMode.PREFER, null, null, null, CredentialMode.PASSTHROUGH, null, null, null,
                        Duration.ofSeconds(10), null, null, "reader", Path.of("catalog-pw"), true));
        assertThat(config.identity()).isEqualTo(new IdentityConfig(
                List.of(new OidcConfig(
                        URI.create("https://id.example/realms/a"), "sluice", URI.create("https://id.example/keys"), "email", "roles", "act",
                        List.of("ES256"), Duration.ofSeconds(5))),
                Path.of("agents.yaml")));
        assertThat(config.kafka()).isEqualTo(new KafkaConfig(
                List.of("k1:9092", "k2:9092"), 3, Duration.ofSeconds(2), KafkaConfig.Reads.OVERLAP, new DataSize(64 << 10), new DataSize(32 << 10),
                KafkaConfig.Compression.ZSTD, Map.of("security.protocol", new Secret("SSL"))));
        assertThat(config.policy()).isEqualTo(Path.of("policy.yaml"));
        assertThat(config.hold()).isEqualTo(new HoldConfig(
                9, Duration.ofSeconds(20), HoldMode.AUTO, Duration.ofSeconds(30), TransactionHold.DENY, Duration.ofSeconds(10), 7));
        assertThat(config.impact()).isEqualTo(new ImpactConfig(true, Duration.ofSeconds(3), 2));
        assertThat(config.approvals()).isEqualTo(new ApprovalsConfig(URI.create("https://approvals.example/jwks"), null));
        assertThat(config.signing()).isEqualTo(new SigningConfig(Path.of("signing.jwk")));
        assertThat(config.watch()).isEqualTo(new WatchConfig(Duration.ofMinutes(1), List.of("10.0.0.5")));
        assertThat(config.drain()).isEqualTo(new DrainConfig(Duration.ofMinutes(1)));
    }

    /** Every key of every record stands in the file above, so that a new key cannot go untested. */
    @Test
    void theFullFileLeavesNoKeyOut() {
        List<String> missing = new ArrayList<>();
        collectKeys(GatewayConfig.class, missing);
        missing.removeIf(key -> FULL.contains(key + ":"));
        assertThat(missing).containsExactly("password", "publicKey");
    }

    private static void collectKeys(Class<?> type, List<String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(component.getName());
            Class<?> inner = component.getType() == List.class ? RecordReader.element(component, 0) : component.getType();
            if (RecordReader.isRecord(inner)) {
                collectKeys(inner, keys);
            }
        }
    }

    @Test
    void namesKeyValuePlaceAndWayOut() {
        assertThatThrownBy(() -> GatewayConfig.parse("gw.yaml", """
                listen:
                  prot: 6432
                limits: {sessions: none, startup: 30}
                targets:
                  - name: shop
                    database: shop
                    user: app
                    port: 70000
                tls:
                http: 7000
                """)).isInstanceOf(InvalidConfiguration.class).hasMessage(String.join(System.lineSeparator(),
                        "gw.yaml:2:3: listen.prot is no known key; did you mean 'port'?",
                        "gw.yaml:10:7: http must be a mapping of keys to values",
                        "gw.yaml:9:5: tls has no value; give one, or remove the key to get the default",
                        "gw.yaml:3:35: limits.startup is wrong: '30' is no duration; write for example 250ms, 30s, 10m, 1h30m or 2d",
                        "gw.yaml:3:20: limits.sessions must be a whole number, but is 'none'",
                        "gw.yaml:8:11: targets[0].port must be from 1 to 65535, but is 70000"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{name: a}                                              | database is missing: say which database 'a' stands for",
        "{name: a, database: b}                                 | user is missing",
        "{name: a, database: b, credential: passthrough, user: u} | credential is passthrough, so user",
        "{name: a, database: b, user: u, catalogUser: c}        | catalogUser is for passthrough",
        "{name: a, database: b, credential: passthrough, catalogPasswordFile: y} | catalogUser is missing",
        "{name: '*', database: b, user: u}                      | database must be absent for the target '*'",
        "{name: a/b, database: b, user: u}                      | name must not contain '/'",
        "{name: a, database: b, user: u, password: x, passwordFile: y} | password and passwordFile exclude each other",
        "{name: a, database: b, user: u, clientKey: y}          | clientCertificate is missing: clientCertificate and clientKey belong together",
        "{name: a, database: b, user: u, sslMode: verify}       | sslMode must not be 'verify'",
        "{database: b, user: u}                                 | name is missing",
        "{url: 'postgres://u:secret@h/b', host: c, name: a}     | targets[0].url and targets[0].host say the same thing",
        "{url: 'mysql://u:secret@h/b', name: a}                 | targets[0].url must begin with postgres:// or postgresql://",
        "{url: 'postgres://u:secret@h/b?sslmod=require', name: a} | has the parameter 'sslmod', which is not known; did you mean 'sslmode'?",
        "{url: 'postgres://u:sec ret@h/b', name: a}             | is no URI",
        "{url: 'postgres://u:secret@h1,h2/b', name: a}          | must name one host",
    })
    void refusesATargetThatCannotWork(String target, String problem) {
        assertThatThrownBy(() -> GatewayConfig.parse("gw.yaml", "targets: [" + target + "]"))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining(problem)
                .hasMessageStartingWith("gw.yaml:1:")
                .message().doesNotContain("secret").doesNotContain("sec ret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "identity: {oidc: [{issuer: 'http://id.example', audience: a}]}  | identity.oidc[0].issuer must be an https address",
        "identity: {oidc: [{issuer: 'https://id.example'}]}              | identity.oidc[0].audience is missing",
        "identity: {oidc: [{issuer: 'https://i.e', audience: a, algorithms: [HS256]}]} | algorithms has 'HS256', which is not accepted",
        "identity: {oidc: [{issuer: 'https://i.e', audience: a, algorithms: [none]}]}  | algorithms has 'none', which is not accepted",
        "kafka: {properties: {acks: '0'}}                                | kafka.properties must not have 'acks'",
        "kafka: {bootstrapServers: [k1]}                                 | kafka.bootstrapServers must be host:port each, but has 'k1'",
        "approvals: {jwksUrl: 'https://a.example', publicKey: b}         | approvals.jwksUrl and publicKey exclude each other",
        "limits: {sql: 2MiB, message: 1MiB}                              | limits.sql must not exceed message (1MiB), but is 2MiB",
        "limits: {message: 9 apples}                                     | limits.message is wrong: '9 apples' is no size",
        "hold: {heartbeat: 10ms}                                         | hold.heartbeat must be from 1s to 5m, but is 10ms",
        "targets: []                                                     | Duplicate",
    })
    void refusesValuesOutOfBounds(String line, String problem) {
        assertThatThrownBy(() -> GatewayConfig.parse("gw.yaml", LEAST + line + "\n"))
                .isInstanceOf(InvalidConfiguration.class).hasMessageContaining(problem).hasMessageStartingWith("gw.yaml:3:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a", "a: [", "a: &x 1\nb: *x", "a: 1\n---\nb: 2", "a: 1\na: 2", "text", "\"", "a: !!java.lang.String x: y", "\t"})
    void refusesWhatIsNoPlainMapping(String text) {
        assertThatThrownBy(() -> GatewayConfig.parse("gw.yaml", text)).isInstanceOf(InvalidConfiguration.class).hasMessageStartingWith("gw.yaml:");
    }

    @Test
    void refusesTwoTargetsOfOneName() {
        assertThatThrownBy(() -> GatewayConfig.parse("gw.yaml", LEAST + "  - {name: shop, database: b, user: c}"))
                .hasMessage("gw.yaml:2:3: targets has the name 'shop' twice");
    }

    @Test
    void findsTargetsByNameAndElseTheOneThatTakesAny() {
        GatewayConfig config = GatewayConfig.parse("full.yaml", FULL);
        assertThat(config.target("shop")).get().extracting(TargetConfig::host).isEqualTo("db.example");
        assertThat(config.target("other")).get().matches(TargetConfig::takesAnyName);
        assertThat(config.target("*")).get().matches(TargetConfig::takesAnyName);
        assertThat(GatewayConfig.parse("least.yaml", LEAST).target("other")).isEmpty();
    }

    @Test
    void secretsNeverPrint() {
        GatewayConfig config = GatewayConfig.parse("gw.yaml", """
                targets: [{name: a, url: 'postgres://u:hunter2@h/b'}]
                kafka: {properties: {sasl.jaas.config: hunter2}}
                """);
        assertThat(config.toString()).doesNotContain("hunter2").contains("***");
        assertThat(config.targets().getFirst().password()).isEqualTo(new Secret("hunter2"));
        assertThat(config.kafka().properties().get("sasl.jaas.config").reveal()).isEqualTo("hunter2");
    }

    @Test
    void environmentLiesOverTheFile() {
        GatewayConfig config = loadText(LEAST, Map.of(
                "SLUICE_INSTANCE", "gw-9",
                "SLUICE_LISTEN_PORT", "0",
                "SLUICE_LIMITS_AUTHENTICATION_MESSAGE", "2KiB",
                "SLUICE_TARGETS_0_PASSWORD", "hunter2",
                "SLUICE_TARGETS_1_NAME", "*",
                "SLUICE_TARGETS_1_URL", "postgres://h/?credential=passthrough",
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS", "k1:1, k2:2",
                "SLUICE_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL",
                "SLUICE_GATEWAY_SERVICE_PORT", "set by an orchestrator",
                "PATH", "/bin"));

        assertThat(config.instance()).isEqualTo("gw-9");
        assertThat(config.listen().port()).isZero();
        assertThat(config.limits().authenticationMessage()).isEqualTo(new DataSize(2048));
        assertThat(config.targets().getFirst().password()).isEqualTo(new Secret("hunter2"));
        assertThat(config.targets().get(1).takesAnyName()).isTrue();
        assertThat(config.kafka().bootstrapServers()).containsExactly("k1:1", "k2:2");
        assertThat(config.kafka().properties()).containsEntry("security.protocol", new Secret("SSL"));
    }

    @Test
    void aWrongVariableIsNamed() {
        assertThatThrownBy(() -> loadText(LEAST, Map.of("SLUICE_HTTP_PORT", "tcp://10.0.0.1:80")))
                .hasMessage("SLUICE_HTTP_PORT: http.port must be a whole number, but is 'tcp://10.0.0.1:80'");
        assertThatThrownBy(() -> loadText(LEAST, Map.of("SLUICE_TARGETS_7_NAME", "x")))
                .hasMessage("SLUICE_TARGETS_7_NAME: targets[7] cannot be set: the next entry of targets is 1");
    }

    @Test
    void everyKeyHasItsOwnVariable() {
        assertThat(Environment.variable("limits.unauthenticatedPerAddress")).isEqualTo("SLUICE_LIMITS_UNAUTHENTICATED_PER_ADDRESS");
        assertThat(Environment.variable("targets[0].sslMode")).isEqualTo("SLUICE_TARGETS_0_SSL_MODE");
        for (String path : ReferencePage.paths()) {
            String variable = Environment.variable(path.replace("[]", "[0]").replace(".<name>", ".X"));
            ConfigurationTree tree = new ConfigurationTree(YamlDocument.parse("empty", ""), Path.of(""));
            assertThat(Environment.apply(GatewayConfig.class, Map.of(variable, "1"), tree)).as(variable).isEmpty();
        }
    }

    @Test
    void theCommandLineLiesOverBoth(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("gw.yaml"), "tls: {certificate: c.pem, key: /etc/k.pem}\n");
        GatewayConfig config = GatewayConfig.load(file, Map.of("SLUICE_LISTEN_PORT", "1"), new CommandLineSettings(
                List.of("shop=postgres://app:p%40ss+word@[::1]:5433/shop%20db?sslmode=require&connect_timeout=3",
                        "*=postgres://127.0.0.1:5432/?credential=passthrough"),
                "policies/observe.yaml", "[::]:7000", ":0"));

        assertThat(config.listen()).isEqualTo(new ListenConfig("::", 7000));
        assertThat(config.http()).isEqualTo(new HttpConfig("127.0.0.1", 0));
        assertThat(config.policy()).isEqualTo(Path.of("policies/observe.yaml"));
        assertThat(config.tls()).isEqualTo(new TlsConfig(directory.resolve("c.pem"), Path.of("/etc/k.pem"), null, true));
        assertThat(config.targets()).containsExactly(
                new TargetConfig(
                        "shop", "::1", 5433, "shop db", SslMode.REQUIRE, null, null, null, CredentialMode.STORED, "app",
                        new Secret("p@ss+word"), null, Duration.ofSeconds(3), null, null, null, null, false),
                new TargetConfig(
                        "*", "127.0.0.1", 5432, null, SslMode.PREFER, null, null, null, CredentialMode.PASSTHROUGH, null, null, null,
                        Duration.ofSeconds(10), null, null, null, null, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "shop                             | --target: must be name=postgres://user@host:port/database",
        "shop=postgres://h/db             | --target shop: targets[0].user is missing",
        "shop=postgres://u@h:99999/db     | --target shop: targets[0].port must be from 1 to 65535, but is 99999",
        "shop=postgres://u@h/db?sslmode=x | --target shop: targets[0].sslMode must not be 'x'",
        "shop=jdbc:postgresql://h/db      | --target shop: targets[0].url must begin with postgres://",
    })
    void aWrongFlagIsNamed(String target, String problem) {
        assertThatThrownBy(() -> GatewayConfig.load(null, Map.of(), new CommandLineSettings(List.of(target), null, null, null)))
                .isInstanceOf(InvalidConfiguration.class).hasMessageStartingWith(problem);
    }

    @Test
    void refusesAnEndpointWithoutAPort() {
        assertThatThrownBy(() -> GatewayConfig.load(null, Map.of(), new CommandLineSettings(List.of(), null, "localhost", null)))
                .hasMessage("--listen: must be host:port, such as 127.0.0.1:6432 or [::1]:6432, but is 'localhost'");
    }

    @Test
    void saysThatAFileIsMissing() {
        assertThatThrownBy(() -> GatewayConfig.load(Path.of("no/such.yaml"), Map.of())).hasMessage("no/such.yaml: there is no such file");
    }

    private static GatewayConfig loadText(String text, Map<String, String> environment) {
        try {
            Path file = Files.createTempFile("gateway", ".yaml");
            file.toFile().deleteOnExit();
            Files.writeString(file, text);
            return GatewayConfig.load(file, environment);
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }
}
