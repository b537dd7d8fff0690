// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the operator of a gateway decides. */
public record GatewayConfig(
        @Setting(
                        value = "Name of this gateway in events and metrics. Each gateway of a cluster needs its own.",
                        defaultValue = "sluice-gateway")
                String instance,
        @Setting(
                        value = "Directory for what the gateway must keep between starts, such as a signing key that it made itself.",
                        defaultValue = "state")
                Path state,
        @Setting("Where PostgreSQL clients connect.") ListenConfig listen,
        @Setting("Where health, metrics and version are served.") HttpConfig http,
        @Setting("TLS towards clients. Absent: none, and passwords are asked for only on loopback.") @Nullable TlsConfig tls,
        @Setting("How much one client may ask of the gateway.") LimitsConfig limits,
        @Setting("The PostgreSQL servers behind the gateway. At least one.") List<TargetConfig> targets,
        @Setting("Who vouches for clients of targets with stored credentials.") IdentityConfig identity,
        @Setting("Where every statement is recorded before it runs.") KafkaConfig kafka,
        @Setting(
                        "File with the policy, see policy.md; reloaded when it changes. Absent: a built-in one that allows reading, holds writing and schema"
                                + " changes, and denies the rest.")
                @Nullable Path policy,
        @Setting("Statements that wait for people.") HoldConfig hold,
        @Setting("What approvers are told of a held statement's effects.") ImpactConfig impact,
        @Setting("How the verdicts of the approval-service are verified.") ApprovalsConfig approvals,
        @Setting("The key that vouches for the record.") SigningConfig signing,
        @Setting("What masked values are replaced with.") MaskingConfig masking,
        @Setting("Sessions that use the gateway's own logins and did not come through it.") WatchConfig watch,
        @Setting("How the gateway ends.") DrainConfig drain) {
    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayConfig.class);

    public GatewayConfig {
        targets = List.copyOf(targets);
        Check.filled("instance", instance);
        Check.filled("targets", targets);
        Map<String, Integer> names = new HashMap<>();
        for (TargetConfig target : targets) {
            if (names.merge(target.name(), 1, Integer::sum) > 1) {
                throw new InvalidSetting("targets", "has the name '" + target.name() + "' twice");
            }
        }
    }

    /** The target of that name, or the one that takes any name. */
    public Optional<TargetConfig> target(String name) {
        return targets.stream()
                .filter(target -> target.name().equals(name) && !target.takesAnyName())
                .findFirst()
                .or(() -> targets.stream().filter(TargetConfig::takesAnyName).findFirst());
    }

    /**
     * Reads a file and lays the environment over it.
     *
     * @param environment variables by name, usually {@link System#getenv()}
     * @throws InvalidConfiguration with every problem, each with its place
     */
    public static GatewayConfig load(Path file, Map<String, String> environment) {
        return load(file, environment, CommandLineSettings.NONE);
    }

    /**
     * Reads a file, if one is given, and lays the environment and the command line over it.
     *
     * @throws InvalidConfiguration with every problem, each with its place
     */
    public static GatewayConfig load(@Nullable Path file, Map<String, String> environment, CommandLineSettings commandLine) {
        if (file == null) {
            return parse("no file", "", Path.of(""), environment, commandLine);
        }
        try {
            Path parent = file.getParent();
            return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8), parent == null ? Path.of("") : parent, environment, commandLine);
        } catch (NoSuchFileException missing) {
            throw unreadable(file, "there is no such file", missing);
        } catch (IOException unreadable) {
            throw unreadable(file, "the file cannot be read as UTF-8 text: " + unreadable.getMessage(), unreadable);
        }
    }

    /** Reads a text, as a whole configuration. Relative paths in it count from the working directory. */
    public static GatewayConfig parse(String source, String text) {
        return parse(source, text, Path.of(""), Map.of(), CommandLineSettings.NONE);
    }

    private static GatewayConfig parse(String source, String text, Path base, Map<String, String> environment, CommandLineSettings commandLine) {
        ConfigurationTree tree = new ConfigurationTree(YamlDocument.parse(source, text), base);
        List<String> unknown = Environment.apply(GatewayConfig.class, environment, tree);
        commandLine.apply(tree);
        expandUrls(tree);
        GatewayConfig config = new RecordReader(tree).read(GatewayConfig.class);
        unknown.forEach(name -> LOGGER.atWarn().addKeyValue("variable", name).log("environment variable names no setting and is ignored"));
        return config;
    }

    private static InvalidConfiguration unreadable(Path file, String problem, IOException cause) {
        InvalidConfiguration refusal = new InvalidConfiguration(SourcePosition.named(file.toString()), problem);
        refusal.initCause(cause);
        return refusal;
    }

    private static void expandUrls(ConfigurationTree tree) {
        List<String> problems = new ArrayList<>();
        JsonNode targets = tree.root().path("targets");
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i) instanceof ObjectNode target && target.path(PostgresUrl.KEY).isTextual()) {
                expandUrl(target, JsonPointer.compile("/targets/" + i), tree, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(problems);
        }
    }

    private static void expandUrl(ObjectNode target, JsonPointer at, ConfigurationTree tree, List<String> problems) {
        JsonPointer key = at.appendProperty(PostgresUrl.KEY);
        String place = tree.positionOf(key) + ": " + RecordReader.path(key) + " ";
        try {
            Map<String, String> settings = PostgresUrl.expand(target.path(PostgresUrl.KEY).asText());
            target.remove(PostgresUrl.KEY);
            settings.forEach((name, value) -> {
                if (target.has(name)) {
                    problems.add(place + "and " + RecordReader.path(at.appendProperty(name)) + " say the same thing; keep one of them");
                } else {
                    target.put(name, value);
                }
            });
        } catch (IllegalArgumentException refused) {
            problems.add(place + refused.getMessage());
        }
    }
}
