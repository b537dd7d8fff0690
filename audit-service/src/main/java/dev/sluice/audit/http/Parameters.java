// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query parameters of one request. Whatever a route does not know is refused, so that a misspelt filter never widens an answer. */
final class Parameters {
    private static final int MAX_TEXT = 1_000;

    private final MultiMap query;
    private final RoutingContext context;

    Parameters(RoutingContext context, Set<String> known) {
        this.context = context;
        this.query = context.queryParams();
        for (String name : query.names()) {
            if (!known.contains(name)) {
                throw Problem.badRequest("The parameter " + name + " is not known here; known: " + String.join(", ", new TreeSet<>(known)) + ".");
            }
        }
    }

    String path(String name) {
        String value = context.pathParam(name);
        if (value == null || value.isEmpty() || value.length() > MAX_TEXT || value.indexOf('\0') >= 0) {
            throw Problem.badRequest("The path's " + name + " is not possible.");
        }
        return value;
    }

    @Nullable String text(String name) {
        String value = query.get(name);
        if (value != null && (value.length() > MAX_TEXT || value.indexOf('\0') >= 0)) {
            throw Problem.badRequest("The parameter " + name + " has more than " + MAX_TEXT + " characters, or a NUL.");
        }
        return value == null || value.isEmpty() ? null : value;
    }

    @Nullable Instant time(String name) {
        String value = text(name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException _) {
            throw Problem.badRequest("The parameter " + name + " is not a time; write 2026-01-31T12:00:00Z.");
        }
    }

    @Nullable Boolean flag(String name) {
        String value = text(name);
        return switch (value) {
            case null -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw Problem.badRequest("The parameter " + name + " is true or false.");
        };
    }

    int count(String name, int standard, int most) {
        String value = text(name);
        try {
            int count = value == null ? standard : Integer.parseInt(value);
            if (count >= 1 && count <= most) {
                return count;
            }
        } catch (NumberFormatException _) {
            throw Problem.badRequest("The parameter " + name + " is not a number.");
        }
        throw Problem.badRequest("The parameter " + name + " is from 1 to " + most + ".");
    }

    @Nullable Long number(String name) {
        String value = text(name);
        try {
            Long number = value == null ? null : Long.valueOf(value);
            if (number == null || number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw Problem.badRequest("The parameter " + name + " is not a number.");
        }
        throw Problem.badRequest("The parameter " + name + " is not below 0.");
    }

    double speed(String name) {
        String value = text(name);
        try {
            double speed = value == null ? 1 : Double.parseDouble(value);
            if (speed >= 0 && speed <= 1_000_000) {
                return speed;
            }
        } catch (NumberFormatException _) {
            throw Problem.badRequest("The parameter " + name + " is not a number.");
        }
        throw Problem.badRequest("The parameter " + name + " is from 0 (no waiting) to 1000000.");
    }

    Duration duration(String name, Duration standard) {
        Duration duration = duration(name);
        return duration == null ? standard : duration;
    }

    @Nullable Duration duration(String name) {
        String value = text(name);
        try {
            Duration duration = value == null ? null : Duration.parse(value);
            if (duration == null) {
                return null;
            }
            if (!duration.isNegative() && duration.compareTo(Duration.ofDays(1)) <= 0) {
                return duration;
            }
        } catch (DateTimeException _) {
            throw Problem.badRequest("The parameter " + name + " is not a duration; write PT2S for two seconds.");
        }
        throw Problem.badRequest("The parameter " + name + " is from PT0S to P1D.");
    }
}
