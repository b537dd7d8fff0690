// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.config.GatewayConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything that docker-compose.yml and the Dockerfiles name has to be in the repository, or in each other. Needs no Docker. */
class ComposeTest {
    private static final Set<String> SERVICES = Set.of("gateway", "approval-service", "audit-service");
    private static final Pattern COPIED = Pattern.compile("^COPY (?:--chmod=\\d+ )?(deploy/\\S+) ", Pattern.MULTILINE);

    private static Path repository = Path.of("");
    private static JsonNode compose;
    private static String text = "";

    @BeforeAll
    static void read() throws IOException {
        ComposeFile file = ComposeFile.read();
        repository = file.repository();
        compose = file.content();
        text = file.text();
    }

    @Test
    void everyContainerHasAnImageWithAPinnedVersion() {
        services().forEach((name, service) -> {
            String image = service.path("image").asText();
            assertThat(image).as(name).matches("[a-z./-]+:[0-9][A-Za-z0-9._-]*\\.[A-Za-z0-9._-]+");
            JsonNode build = service.path("build");
            if (!build.isMissingNode()) {
                assertThat(build.path("context").asText()).isEqualTo(".");
                assertThat(repository.resolve(build.path("dockerfile").asText())).as(name).isRegularFile();
            }
        });
    }

    @Test
    void dockerfilesPinTheirBasesCopyWhatIsThereAndDoNotRunAsRoot() throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve("deploy/images"))) {
            for (Path dockerfile : files.filter(file -> file.endsWith("Dockerfile")).toList()) {
                String content = Files.readString(dockerfile);
                content.lines().filter(line -> line.startsWith("FROM ")).forEach(line -> assertThat(line).as(dockerfile.toString()).matches("FROM [a-z/-]+:[0-9]+\\.[0-9.]+\\S*( AS [a-z]+)?"));
                Matcher copied = COPIED.matcher(content);
                while (copied.find()) {
                    assertThat(repository.resolve(copied.group(1))).as(dockerfile.toString()).exists();
                }
                String service = String.valueOf(dockerfile.getParent().getFileName());
                if (SERVICES.contains(service)) {
                    assertThat(content).contains("USER 10001:10001").contains("HEALTHCHECK").contains("-pl " + service + " ").contains("/etc/sluice/" + service + ".yaml");
                    assertThat(repository.resolve(service).resolve("pom.xml")).isRegularFile();
                }
            }
        }
    }

    @Test
    void everyMountIsAFileOfTheRepositoryOrADeclaredVolume() {
        Set<String> declared = names(compose.path("volumes"));
        Set<String> used = new TreeSet<>();
        services().forEach((name, service) -> texts(service.path("volumes")).forEach(mount -> {
            String source = mount.split(":", -1)[0];
            if (source.startsWith("./")) {
                assertThat(repository.resolve(source)).as(name).isRegularFile();
            } else {
                used.add(source);
            }
        }));
        assertThat(used).isEqualTo(declared);
    }

    @Test
    void whateverWaitsWaitsForAContainerThatCanTellItIsReady() {
        services().forEach((name, service) -> service.path("depends_on").properties().forEach(dependency -> {
            JsonNode other = compose.path("services").path(dependency.getKey());
            assertThat(other.isObject()).as(name + " waits for " + dependency.getKey()).isTrue();
            switch (dependency.getValue().path("condition").asText()) {
                case "service_completed_successfully" -> assertThat(other.has("restart")).isFalse();
                case "service_healthy" -> assertThat(other.has("healthcheck") || SERVICES.contains(dependency.getKey())).as(dependency.getKey()).isTrue();
                default -> throw new AssertionError(name + " waits for " + dependency);
            }
        }));
    }

    @Test
    void noSecretIsInTheFileAndOnlyLoopbackIsOpened() {
        assertThat(text).doesNotContainPattern("(?i)password: ").doesNotContainPattern("(?i)secret: ");
        services().forEach((name, service) -> texts(service.path("ports")).forEach(port -> assertThat(port).as(name).startsWith("127.0.0.1:")));
        assertThat(text).doesNotContainPattern("(?<!\\$)\\$\\{");
    }

    @Test
    void theServicesReadTheirFilesWithTheirOwnReadersAndAgreeWithTheContainers() throws IOException {
        Path config = repository.resolve("deploy/images/config");
        GatewayConfig gateway = GatewayConfig.load(config.resolve("gateway.yaml"), Map.of());
        var approval = ServiceConfigs.approval(config.resolve("approval-service.yaml"));
        var audit = ServiceConfigs.audit(config.resolve("audit-service.yaml"));

        assertThat(published("gateway")).containsExactlyInAnyOrder(gateway.listen().port(), gateway.http().port());
        assertThat(published("approval-service")).containsExactly(approval.listen().port());
        assertThat(published("audit-service")).containsExactly(audit.listen().port());
        assertThat(healthPort("gateway")).isEqualTo(gateway.http().port());
        assertThat(healthPort("approval-service")).isEqualTo(approval.listen().port());
        assertThat(healthPort("audit-service")).isEqualTo(audit.listen().port());

        Set<String> containers = names(compose.path("services"));
        List<String> named = new ArrayList<>(gateway.kafka().bootstrapServers());
        named.add(approval.kafka().bootstrapServers());
        named.add(audit.kafka().bootstrapServers());
        named.add(gateway.targets().getFirst().host() + ":");
        named.add(audit.database().host() + ":");
        assertThat(named).allSatisfy(address -> assertThat(containers).contains(address.split(":", -1)[0]));
        URI issuer = gateway.identity().oidc().getFirst().issuer();
        assertThat(containers).contains(issuer.getHost());
        assertThat(approval.oidc().issuers().getFirst().issuer()).isEqualTo(issuer);
        assertThat(audit.oidc().issuers().getFirst().issuer()).isEqualTo(issuer);
        assertThat(issuer.toString()).startsWith(compose.path("services").path("oidc").path("environment").path("KC_HOSTNAME").asText() + "/realms/");
        assertThat(compose.path("services").path("audit-database").path("environment").path("POSTGRES_DB").asText()).isEqualTo(audit.database().database());
        assertThat(compose.path("services").path("audit-database").path("environment").path("POSTGRES_USER").asText()).isEqualTo(audit.database().user());
        assertThat(compose.path("services").path("shop-database").path("environment").path("POSTGRES_DB").asText())
                .isEqualTo(gateway.targets().getFirst().database());
    }

    @Test
    void kafkaListensWhereItsClientsItsHealthCheckAndItselfLookForIt() throws IOException {
        JsonNode kafka = compose.path("services").path("kafka");
        JsonNode environment = kafka.path("environment");
        Map<String, URI> listeners = listeners(environment.path("KAFKA_LISTENERS").asText());
        Map<String, URI> advertised = listeners(environment.path("KAFKA_ADVERTISED_LISTENERS").asText());
        String controller = environment.path("KAFKA_CONTROLLER_LISTENER_NAMES").asText();

        Set<String> forClients = new TreeSet<>(listeners.keySet());
        forClients.remove(controller);
        assertThat(advertised.keySet()).isEqualTo(forClients);
        advertised.forEach((name, address) -> assertThat(address.getPort()).as(name).isEqualTo(listenersPort(listeners, name)));
        Set<String> reachable = new TreeSet<>(advertised.values().stream().map(address -> address.getHost() + ":" + address.getPort()).toList());
        GatewayConfig gateway = GatewayConfig.load(repository.resolve("deploy/images/config/gateway.yaml"), Map.of());
        assertThat(reachable).containsAll(gateway.kafka().bootstrapServers());
        assertThat(reachable).contains(ServiceConfigs.approval(repository.resolve("deploy/images/config/approval-service.yaml")).kafka().bootstrapServers());
        assertThat(reachable).contains(ServiceConfigs.audit(repository.resolve("deploy/images/config/audit-service.yaml")).kafka().bootstrapServers());
        assertThat(advertised.values()).allSatisfy(address -> assertThat(address.getHost()).as("the container's name, by which the others know it").isEqualTo("kafka"));

        assertThat(environment.path("KAFKA_CONTROLLER_QUORUM_VOTERS").asText())
                .isEqualTo(environment.path("KAFKA_NODE_ID").asText() + "@kafka:" + listenersPort(listeners, controller));
        assertThat(List.of(environment.path("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP").asText().split(",", -1)))
                .containsExactlyInAnyOrderElementsOf(listeners.keySet().stream().map(name -> name + ":PLAINTEXT").toList());
        assertThat(texts(kafka.path("healthcheck").path("test"))).containsSequence("--bootstrap-server", "localhost:" + listenersPort(listeners, "PLAINTEXT"));
        assertThat(texts(kafka.path("volumes"))).containsExactly("kafka-data:" + environment.path("KAFKA_LOG_DIRS").asText());
    }

    @Test
    void everyFileThatAServiceReadsInItsContainerIsMountedOrMade() throws IOException {
        String made = Files.readString(repository.resolve("deploy/images/secrets/make-secrets"));
        for (String service : SERVICES) {
            List<String> mounts = texts(compose.path("services").path(service).path("volumes"));
            Matcher named = Pattern.compile("(/run/secrets/sluice/|/etc/sluice/)([a-z.-]+)")
                    .matcher(Files.readString(repository.resolve("deploy/images/config").resolve(service + ".yaml")));
            while (named.find()) {
                String file = named.group(2);
                if (named.group(1).startsWith("/etc")) {
                    assertThat(mounts).as(service).anySatisfy(mount -> assertThat(mount).contains(":" + named.group()));
                } else {
                    assertThat(mounts).as(service).anySatisfy(mount -> assertThat(mount).contains(":/run/secrets/sluice"));
                    String stem = file.replaceFirst("\\.(pem|key)$", "");
                    assertThat(made).as(service + " reads " + file).containsPattern("/" + Pattern.quote(file) + "|certificate " + Pattern.quote(stem) + " ");
                }
            }
        }
    }

    /** The value of {@code KAFKA_LISTENERS} and its like: by name; no host means every address. */
    private static Map<String, URI> listeners(String value) {
        Map<String, URI> listeners = new java.util.TreeMap<>();
        for (String listener : value.split(",", -1)) {
            String[] parts = listener.split("://", 2);
            listeners.put(parts[0], URI.create("tcp://" + (parts[1].startsWith(":") ? "every" : "") + parts[1]));
        }
        return listeners;
    }

    private static int listenersPort(Map<String, URI> listeners, String name) {
        return listeners.getOrDefault(name, URI.create("tcp://none:0")).getPort();
    }

    private static Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new java.util.TreeMap<>();
        compose.path("services").properties().forEach(service -> services.put(service.getKey(), service.getValue()));
        return services;
    }

    private static Set<String> names(JsonNode mapping) {
        Set<String> names = new HashSet<>();
        mapping.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<Integer> published(String service) {
        return texts(compose.path("services").path(service).path("ports")).stream().map(port -> Integer.parseInt(port.substring(port.lastIndexOf(':') + 1))).toList();
    }

    private static int healthPort(String service) throws IOException {
        Matcher port = Pattern.compile("\"/opt/sluice/bin/healthy\", \"(\\d+)\"").matcher(Files.readString(repository.resolve("deploy/images").resolve(service).resolve("Dockerfile")));
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1));
    }
}
