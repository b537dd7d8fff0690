// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sluice.gateway.policy.PolicyReader;
import dev.sluice.schemas.signature.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration files of the three services, written into the state folder and read by the services' own readers: what somebody
 * sees there is what production would be given.
 */
final class ServiceFiles {
    static final String AUDIENCE = "sluice";
    static final String AUDIT_DATABASE = "sluice_audit";
    static final String AUDIT_ROLE = "sluice_audit";

    static final String GATEWAY = "gateway";
    static final String APPROVAL = "approval-service";

    private static final String OWN_POLICY = "policies/quickstart.yaml";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES, YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private final StateFolder state;
    private final StackOptions options;
    private final String bootstrapServers;
    private final URI issuer;

    ServiceFiles(StateFolder state, StackOptions options, String bootstrapServers, URI issuer) {
        this.state = state;
        this.options = options;
        this.bootstrapServers = bootstrapServers;
        this.issuer = issuer;
        publicKeys(GATEWAY);
        publicKeys(APPROVAL);
    }

    /** Fails with one sentence when somebody's own policy cannot be read or is wrong; without one there is nothing to check. */
    static void requireValid(@Nullable Path policy) {
        if (policy == null) {
            return;
        }
        try {
            List<String> problems = PolicyReader.check(policy.toString(), Files.readString(policy));
            if (!problems.isEmpty()) {
                throw new StartFailure("the policy is wrong: " + String.join("; ", problems));
            }
        } catch (IOException unreadable) {
            throw new StartFailure("the policy file " + policy + " cannot be read: is the path right?", unreadable);
        }
    }

    /** Writes the approval-service's file. */
    Path approval() {
        return write(
                "approval-service.yaml",
                Map.of(
                        "listen", listen(options.http()),
                        "kafka", Map.of("bootstrapServers", bootstrapServers),
                        "oidc", Map.of("issuers", List.of(Map.of("issuer", issuer.toString(), "audience", AUDIENCE))),
                        "signing", Map.of("keyFile", privateKey(APPROVAL).toString())));
    }

    /** Writes the audit-service's file; its database is on the embedded server. */
    Path audit(int databasePort) {
        return write(
                "audit-service.yaml",
                Map.of(
                        "listen", listen(options.http().plus(1)),
                        "kafka", Map.of("bootstrapServers", bootstrapServers),
                        "database",
                                Map.of(
                                        "host", "127.0.0.1",
                                        "port", databasePort,
                                        "database", AUDIT_DATABASE,
                                        "user", AUDIT_ROLE,
                                        "passwordFile", state.secretFile(AUDIT_ROLE).toString()),
                        "oidc", Map.of("issuers", List.of(Map.of("issuer", issuer.toString(), "audience", AUDIENCE))),
                        "keys", Map.of("gateway", publicKey(state, GATEWAY).toString(), "approval", publicKey(state, APPROVAL).toString())));
    }

    /** Writes the gateway's file. */
    Path gateway(List<Map<String, Object>> targets) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("instance", "quickstart");
        settings.put("state", state.resolve("gateway").toString());
        settings.put("listen", listen(options.listen()));
        settings.put("http", listen(options.http().plus(3)));
        settings.put("kafka", Map.of("bootstrapServers", List.of(bootstrapServers)));
        settings.put("identity", Map.of("oidc", List.of(Map.of("issuer", issuer.toString(), "audience", AUDIENCE))));
        settings.put("targets", targets);
        settings.put("policy", policy().toString());
        settings.put("approvals", Map.of("publicKey", publicKey(state, APPROVAL).toString()));
        settings.put("signing", Map.of("key", privateKey(GATEWAY).toString()));
        settings.putAll(options.gatewaySettings());
        return write("gateway.yaml", settings);
    }

    /** The sample shop as the gateway's configuration names it. */
    Map<String, Object> sampleTarget(int port) {
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("name", SampleDatabase.NAME);
        target.put("url", "postgres://" + SampleDatabase.GATEWAY_ROLE + "@127.0.0.1:" + port + "/" + SampleDatabase.NAME + "?sslmode=disable");
        target.put("passwordFile", state.secretFile(SampleDatabase.GATEWAY_ROLE).toString());
        return target;
    }

    /** Somebody's own servers as the gateway's configuration names them. */
    static List<Map<String, Object>> targets(List<Target> targets) {
        List<Map<String, Object>> named = new ArrayList<>();
        for (Target target : targets) {
            named.add(Map.of("name", target.name(), "url", target.url().toString()));
        }
        return named;
    }

    /** The policy in force: the caller's own, or the one that the quick start brings. */
    Path policy() {
        Path own = options.policy();
        if (own != null) {
            return own.toAbsolutePath();
        }
        try (InputStream policy = ServiceFiles.class.getResourceAsStream("/" + OWN_POLICY)) {
            if (policy == null) {
                throw new IllegalStateException(OWN_POLICY + " is not on the class path");
            }
            Path file = state.resolve("config").resolve("policy.yaml");
            PrivateFile.write(file, new String(policy.readAllBytes(), StandardCharsets.UTF_8));
            return file;
        } catch (IOException failed) {
            throw new StartFailure("the quick start's own policy cannot be read: " + failed.getMessage(), failed);
        }
    }

    private static Map<String, Object> listen(HostPort address) {
        return Map.of("host", address.host(), "port", address.port());
    }

    private Path privateKey(String service) {
        return state.resolve("keys").resolve(service + ".jwk");
    }

    /** Where a service's public key set is. */
    static Path publicKey(StateFolder state, String service) {
        return state.resolve("keys").resolve(service + ".public.jwks");
    }

    private void publicKeys(String service) {
        try {
            PrivateFile.write(publicKey(state, service), SigningKey.loadOrCreate(privateKey(service)).publicKeys().toJson());
        } catch (IOException failed) {
            throw new StartFailure("the signing key of the " + service + " cannot be used: " + failed.getMessage(), failed);
        }
    }

    private Path write(String name, Map<String, Object> settings) {
        Path file = state.resolve("config").resolve(name);
        try {
            PrivateFile.write(file, "# Written by the quick start at every start: to change something, copy it.\n" + YAML.writeValueAsString(settings));
        } catch (JacksonException impossible) {
            throw new IllegalStateException(impossible);
        }
        return file;
    }
}
