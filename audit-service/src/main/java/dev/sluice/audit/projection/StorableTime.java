// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as PostgreSQL can hold them, and the day that a row is kept under. */
public final class StorableTime {
    /** Where everything is kept whose day cannot be true: a writer with a wrong clock must not make a partition for each of a million days. */
    public static final LocalDate UNDATED = LocalDate.EPOCH;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(2099, 12, 31);

    private StorableTime() {}

    /** The time; null when it is in no year from 1 to 9999. */
    static @Nullable Instant of(Instant time) {
        return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
    }

    /** The time, or the nearest that PostgreSQL can hold. */
    public static Instant clamped(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    /** The day (UTC) of rows with this time, {@link #UNDATED} before 2020 and from 2100 on. */
    public static LocalDate day(Instant time) {
        if (of(time) == null) {
            return UNDATED;
        }
        LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
        return day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY) ? UNDATED : day;
    }
}
