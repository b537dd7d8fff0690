// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says, above file and environment.
 *
 * @param targets values of {@code --target}: {@code name=postgres://…}; a name that the file has already is refused
 * @param policy value of {@code --policy}: a file
 * @param listen value of {@code --listen}: {@code host:port}
 * @param http value of {@code --http}: {@code host:port}
 */
public record CommandLineSettings(List<String> targets, @Nullable String policy, @Nullable String listen, @Nullable String http) {
    /** A command line without settings. */
    public static final CommandLineSettings NONE = new CommandLineSettings(List.of(), null, null, null);

    private static final Pattern ENDPOINT = Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]*)):(\\d{1,5})");

    public CommandLineSettings {
        targets = List.copyOf(targets);
    }

    void apply(ConfigurationTree tree) {
        for (String target : targets) {
            target(target, tree);
        }
        if (policy != null) {
            tree.override(JsonPointer.compile("/policy"), policy, "--policy");
        }
        if (listen != null) {
            endpoint(listen, "listen", tree);
        }
        if (http != null) {
            endpoint(http, "http", tree);
        }
    }

    private static void target(String value, ConfigurationTree tree) {
        String source = "--target";
        String[] pair = value.split("=", 2);
        if (pair.length < 2 || pair[0].isBlank()) {
            throw new InvalidConfiguration(SourcePosition.named(source), "must be name=postgres://user@host:port/database, with * as the name that takes all");
        }
        refuseTwice(pair[0], tree);
        JsonPointer entry = tree.append("targets", source + " " + pair[0]);
        tree.override(entry.appendProperty("name"), pair[0], source + " " + pair[0]);
        tree.override(entry.appendProperty(PostgresUrl.KEY), pair[1], source + " " + pair[0]);
    }

    private static void refuseTwice(String name, ConfigurationTree tree) {
        JsonNode targets = tree.root().path("targets");
        for (JsonNode target : targets) {
            if (target.path("name").asText().equals(name)) {
                throw new InvalidConfiguration(
                        SourcePosition.named("--target " + name), "the target '" + name + "' is there already; remove it there or give this one another name");
            }
        }
    }

    private static void endpoint(String value, String section, ConfigurationTree tree) {
        Matcher matcher = ENDPOINT.matcher(value);
        if (!matcher.matches()) {
            throw new InvalidConfiguration(SourcePosition.named("--" + section), "must be host:port, such as 127.0.0.1:6432 or [::1]:6432, but is '" + value + "'");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (!host.isEmpty()) {
            tree.override(JsonPointer.compile("/" + section + "/host"), host, "--" + section);
        }
        tree.override(JsonPointer.compile("/" + section + "/port"), matcher.group(3), "--" + section);
    }
}
