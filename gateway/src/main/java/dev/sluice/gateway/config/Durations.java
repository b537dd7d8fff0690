// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How durations are written in our files: {@code 250ms}, {@code 30s}, {@code 10m}, {@code 1h30m}, {@code 2d}, or ISO 8601. */
public final class Durations {
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,8})h)?(?:(\\d{1,9})m)?(?:(\\d{1,12})s)?(?:(\\d{1,15})ms)?");

    private Durations() {}

    /** Reads one of the forms above. A bare number is refused: its unit would be a guess. */
    public static Duration parse(String text) {
        String form = text.strip();
        if (form.startsWith("P")) {
            try {
                return Duration.parse(form);
            } catch (DateTimeParseException unreadable) {
                throw refusal(text, unreadable);
            }
        }
        Matcher matcher = FORM.matcher(form);
        if (form.isEmpty() || !matcher.matches()) {
            throw refusal(text, null);
        }
        return Duration.ofDays(number(matcher.group(1)))
                .plusHours(number(matcher.group(2)))
                .plusMinutes(number(matcher.group(3)))
                .plusSeconds(number(matcher.group(4)))
                .plusMillis(number(matcher.group(5)));
    }

    /** The shortest of the forms above; {@code parse(format(d))} is {@code d} to the millisecond. */
    public static String format(Duration duration) {
        StringBuilder form = new StringBuilder();
        append(form, duration.toDaysPart(), "d");
        append(form, duration.toHoursPart(), "h");
        append(form, duration.toMinutesPart(), "m");
        append(form, duration.toSecondsPart(), "s");
        append(form, duration.toMillisPart(), "ms");
        return form.isEmpty() ? "0s" : form.toString();
    }

    private static void append(StringBuilder form, long amount, String unit) {
        if (amount != 0) {
            form.append(amount).append(unit);
        }
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static IllegalArgumentException refusal(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException("'" + text + "' is no duration; write for example 250ms, 30s, 10m, 1h30m or 2d", cause);
    }
}
