// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.core.JsonPointer;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings from environment variables: {@code SLUICE_} and the key's path in capitals, so {@code SLUICE_LIMITS_AUTHENTICATION_MESSAGE} is
 * {@code limits.authenticationMessage} and {@code SLUICE_TARGETS_0_PASSWORD} is {@code targets[0].password}.
 */
final class Environment {
    static final String PREFIX = "SLUICE_";
    private static final Pattern WORD = Pattern.compile("([a-z0-9])([A-Z])");
    private static final Pattern INDEX = Pattern.compile("(\\d{1,4})_(.+)");

    private Environment() {}

    /**
     * Lays the variables over the tree.
     *
     * @return variables that begin as ours but name no key; orchestrators set such ones by themselves, so they are no error
     */
    static List<String> apply(Class<? extends Record> type, Map<String, String> variables, ConfigurationTree tree) {
        List<String> unknown = new ArrayList<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                resolve(type, name.substring(PREFIX.length()), JsonPointer.empty())
                        .ifPresentOrElse(at -> tree.override(at, value, name), () -> unknown.add(name));
            }
        });
        return unknown;
    }

    /** The variable that sets a key given by its path, such as {@code limits.authenticationMessage}. */
    static String variable(String path) {
        return PREFIX + WORD.matcher(path.replace('.', '_').replace("[", "_").replace("]", "")).replaceAll("$1_$2").toUpperCase(Locale.ROOT);
    }

    private static Optional<JsonPointer> resolve(Class<?> type, String rest, JsonPointer at) {
        Shorthand shorthand = type.getAnnotation(Shorthand.class);
        if (shorthand != null && rest.equals(word(shorthand.key()))) {
            return Optional.of(at.appendProperty(shorthand.key()));
        }
        for (RecordComponent component : type.getRecordComponents()) {
            Optional<JsonPointer> found = resolve(component, rest, at.appendProperty(component.getName()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonPointer> resolve(RecordComponent component, String rest, JsonPointer at) {
        String word = word(component.getName());
        Class<?> type = component.getType();
        boolean section = RecordReader.isRecord(type) || type == Map.class || (type == List.class && RecordReader.isRecord(RecordReader.element(component, 0)));
        if (!section) {
            return rest.equals(word) ? Optional.of(at) : Optional.empty();
        }
        if (!rest.startsWith(word + "_")) {
            return Optional.empty();
        }
        String inner = rest.substring(word.length() + 1);
        if (type == Map.class) {
            return Optional.of(at.appendProperty(inner.toLowerCase(Locale.ROOT).replace('_', '.')));
        }
        if (type == List.class) {
            Matcher entry = INDEX.matcher(inner);
            return entry.matches()
                    ? resolve(RecordReader.element(component, 0), entry.group(2), at.appendIndex(Integer.parseInt(entry.group(1))))
                    : Optional.empty();
        }
        return resolve(type, inner, at);
    }

    private static String word(String key) {
        return WORD.matcher(key).replaceAll("$1_$2").toUpperCase(Locale.ROOT);
    }
}
