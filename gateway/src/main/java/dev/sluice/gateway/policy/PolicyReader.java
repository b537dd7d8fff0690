// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.InvalidConfiguration;
import dev.sluice.gateway.config.YamlDocument;
import dev.sluice.gateway.statement.Effect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads policies. A text is either a policy as a whole, or it is refused with every problem, each with line and column. */
public final class PolicyReader {
    static final List<String> TOP_KEYS = List.of("version", "mode", "hold", "defaults", "rules", "masks", "vouch", "results", "detectors");
    static final List<String> RULE_KEYS = List.of("name", "when", "then");

    private static final int MAX_RULES = 500;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Set<Effect> ALLOWED_BY_DEFAULT = Set.of(Effect.READ, Effect.SESSION);
    private static final Set<Effect> HELD_BY_DEFAULT = Set.of(Effect.WRITE, Effect.SCHEMA);

    private final PolicySource source;
    private final OutcomeReader outcomes;
    private final Conditions conditions = new Conditions();

    private PolicyReader(PolicySource source) {
        this.source = source;
        this.outcomes = new OutcomeReader(source);
    }

    /**
     * Reads a policy.
     *
     * @param name how to name the text in messages, such as the file's path
     * @throws InvalidConfiguration with every problem
     */
    public static Policy read(String name, String text) {
        PolicySource source = new PolicySource(YamlDocument.parse(name, text));
        Policy policy = new PolicyReader(source).policy(versionOf(text));
        source.refuseIfWrong();
        return policy;
    }

    /**
     * What is wrong with a policy, one line per problem with its place; empty if nothing is.
     *
     * @param name how to name the text in messages, such as the file's path
     */
    public static List<String> check(String name, String text) {
        try {
            read(name, text);
            return List.of();
        } catch (InvalidConfiguration invalid) {
            return invalid.problems();
        }
    }

    /**
     * What is odd about a policy that can be read, one line each with its place: words that a field never has, conditions that a statement without
     * schema gets around, a mode that binds nobody.
     *
     * @throws InvalidConfiguration with every problem, if it cannot be read
     */
    public static List<String> warnings(String name, String text) {
        PolicySource source = new PolicySource(YamlDocument.parse(name, text));
        Policy policy = new PolicyReader(source).policy(versionOf(text));
        source.refuseIfWrong();
        JsonPointer top = JsonPointer.empty();
        if (policy.mode() == Mode.OBSERVE) {
            source.warn(top.appendProperty("mode"), "in this mode nothing is denied, held or masked, only recorded");
        }
        if (source.root().path("defaults").path("unknown").asText().equals("allow") && policy.mode() == Mode.ENFORCE) {
            source.warn(
                    top.appendProperty("defaults").appendProperty("unknown"), "what a statement does not show in its text passes: DO, CALL, functions that are not PostgreSQL's own");
        }
        return source.warnings();
    }

    /** What applies where the operator names no policy: reading passes, writing and schema changes wait for {@code approvers}, the rest is denied. */
    public static Policy failSafe() {
        return read("built-in policy", "version: 1\n");
    }

    private Policy policy(String version) {
        ObjectNode root = source.root();
        JsonPointer top = JsonPointer.empty();
        source.refuseUnknown(root, top, TOP_KEYS);
        JsonNode format = root.path("version");
        if (!format.isIntegralNumber() || format.asLong() != 1) {
            source.problem(top.appendProperty("version"), "version must be 1, the only version of the format that there is");
        }
        Mode mode = source.choice(root.get("mode"), top.appendProperty("mode"), "mode", Mode.class, Mode.ENFORCE);
        outcomes.readStandardHold(root.get("hold"), top.appendProperty("hold"));
        Map<Effect, Rule.Outcome> defaults = defaults(root.get("defaults"), top.appendProperty("defaults"));
        List<Rule> rules = rules(root.get("rules"), top.appendProperty("rules"));
        Masks masks = new MaskReader(source).read(root, top);
        Results results = new ResultsReader(source, conditions).read(root.get("results"), top.appendProperty("results"));
        Detections detections = new DetectorReader(source).read(root.get("detectors"), top.appendProperty("detectors"));
        return new RulePolicy(version, mode, defaults, rules, masks, results, detections);
    }

    private Map<Effect, Rule.Outcome> defaults(@Nullable JsonNode node, JsonPointer at) {
        Map<Effect, Rule.Outcome> defaults = new EnumMap<>(Effect.class);
        List<String> words = Arrays.stream(Effect.values()).map(Variables::word).toList();
        if (node != null && source.isMapping(node, at, "defaults")) {
            source.refuseUnknown((ObjectNode) node, at, words);
        }
        for (Effect effect : Effect.values()) {
            JsonNode given = node == null ? null : node.get(Variables.word(effect));
            defaults.put(effect, given == null ? standard(effect) : outcomes.read(given, at.appendProperty(Variables.word(effect))));
        }
        return defaults;
    }

    private Rule.Outcome standard(Effect effect) {
        if (ALLOWED_BY_DEFAULT.contains(effect)) {
            return new Rule.Outcome.Allow();
        }
        return HELD_BY_DEFAULT.contains(effect) ? outcomes.standardHold() : new Rule.Outcome.Deny(null, null);
    }

    private List<Rule> rules(@Nullable JsonNode node, JsonPointer at) {
        List<Rule> rules = new ArrayList<>();
        if (!source.isList(node, at, "rules", MAX_RULES)) {
            return rules;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < node.size(); i++) {
            JsonPointer entry = at.appendIndex(i);
            if (source.isMapping(node.get(i), entry, "a rule")) {
                rule((ObjectNode) node.get(i), entry, names, rules);
            }
        }
        return rules;
    }

    private void rule(ObjectNode node, JsonPointer at, Set<String> names, List<Rule> rules) {
        source.refuseUnknown(node, at, RULE_KEYS);
        String name = node.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            source.problem(at.appendProperty("name"), "a rule needs a name of letters, digits, '.', '_' and '-', at most 100, but has '" + name + "'");
        } else if (!names.add(name)) {
            source.problem(at.appendProperty("name"), "the name '" + name + "' is taken by another rule");
        }
        JsonNode then = node.get("then");
        JsonNode when = node.get("when");
        if (then == null) {
            source.problem(at, "rule '" + name + "' has no 'then'; say allow, deny or hold");
        }
        if (when == null || !when.isValueNode() || when.isNull()) {
            source.problem(at.appendProperty("when"), "rule '" + name + "' has no 'when'; give a CEL condition, or true for every statement");
        }
        Rule.Outcome outcome = then == null ? new Rule.Outcome.Deny(null, null) : outcomes.read(then, at.appendProperty("then"));
        if (when != null && when.isValueNode()) {
            source.condition(conditions, when.asText(), at.appendProperty("when")).ifPresent(condition -> rules.add(new Rule(name, condition, outcome)));
        }
    }

    private static String versionOf(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
