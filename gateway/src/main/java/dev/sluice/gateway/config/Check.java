// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The bounds that configuration records put on their values. Every refusal names the key and the value. */
final class Check {
    private Check() {}

    static void filled(String key, String value) {
        if (value.isBlank()) {
            throw new InvalidSetting(key, "must not be empty");
        }
    }

    static void filled(String key, Collection<?> values) {
        if (values.isEmpty()) {
            throw new InvalidSetting(key, "must have at least one entry");
        }
    }

    static void within(String key, long least, long most, long value) {
        if (value < least || value > most) {
            throw new InvalidSetting(key, "must be from " + least + " to " + most + ", but is " + value);
        }
    }

    static void within(String key, Duration least, Duration most, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidSetting(
                    key,
                    "must be from " + Durations.format(least) + " to " + Durations.format(most) + ", but is " + Durations.format(value));
        }
    }

    static void within(String key, DataSize least, DataSize most, DataSize value) {
        if (value.bytes() < least.bytes() || value.bytes() > most.bytes()) {
            throw new InvalidSetting(key, "must be from " + least + " to " + most + ", but is " + value);
        }
    }

    static void atMostOne(String key, @Nullable Object first, String otherKey, @Nullable Object second) {
        if (first != null && second != null) {
            throw new InvalidSetting(key, "and " + otherKey + " exclude each other; keep one of them");
        }
    }

    static void together(String key, @Nullable Object first, String otherKey, @Nullable Object second) {
        if ((first == null) != (second == null)) {
            throw new InvalidSetting(first == null ? key : otherKey, "is missing: " + key + " and " + otherKey + " belong together");
        }
    }
}
