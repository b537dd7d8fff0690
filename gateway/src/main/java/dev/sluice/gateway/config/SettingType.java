// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** How a single value is read. A refusal's message begins in the middle of a sentence, after the key's name. */
final class SettingType {
    private SettingType() {}

    /**
     * The value as an object of the type.
     *
     * @param base directory that a relative path counts from
     */
    static Object convert(Class<?> type, JsonNode node, Path base) {
        if (!node.isValueNode()) {
            throw new IllegalArgumentException("must be a single value");
        }
        String text = node.asText();
        if (type == String.class) {
            return text;
        }
        if (type == Secret.class) {
            return new Secret(text);
        }
        if (type == int.class || type == long.class) {
            return wholeNumber(type, text);
        }
        if (type == boolean.class) {
            return truth(text);
        }
        if (type == Path.class) {
            return path(base, text);
        }
        if (type == URI.class) {
            return address(text);
        }
        if (type == Duration.class) {
            return form(() -> Durations.parse(text));
        }
        if (type == DataSize.class) {
            return form(() -> DataSize.parse(text));
        }
        if (type.isEnum()) {
            return choice(type, text);
        }
        throw new IllegalStateException("no reading of " + type);
    }

    /** The enum constant as it is written in files: lower case, with hyphens. */
    static String written(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private interface Form<T> {
        T read();
    }

    private static <T> T form(Form<T> form) {
        try {
            return form.read();
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("is wrong: " + unreadable.getMessage(), unreadable);
        }
    }

    private static Object wholeNumber(Class<?> type, String text) {
        try {
            if (type == int.class) {
                return Integer.parseInt(text.strip());
            }
            return Long.parseLong(text.strip());
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException("must be a whole number, but is '" + text + "'", unreadable);
        }
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false, but is '" + text + "'");
        };
    }

    private static Path path(Path base, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return base.resolve(text).normalize();
    }

    private static URI address(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException unreadable) {
            throw new IllegalArgumentException("must be an address such as https://host/path, but is '" + text + "'", unreadable);
        }
    }

    private static Object choice(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (written(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("must not be '" + text + "'"
                + Suggestion.among(Arrays.stream(type.getEnumConstants()).map(SettingType::written).toList(), text));
    }
}
