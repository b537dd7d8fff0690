// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * RFC 3339 text of an instant, in UTC, with as many groups of three fraction digits as it needs: what {@link Instant#toString} gives,
 * for the years 0 to 9999, without a formatter's cost. One is written per event.
 */
final class InstantText {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    /** Days from 0000-03-01 to 1970-01-01. Years that begin in March put the leap day at a year's end. */
    private static final int MARCH_OF_YEAR_ZERO = 719_468;
    private static final int DAYS_PER_ERA = 146_097;

    private InstantText() {}

    static String format(Instant instant) {
        long second = instant.getEpochSecond();
        if (second < FIRST || second > LAST) {
            return instant.toString();
        }
        int day = (int) Math.floorDiv(second, SECONDS_PER_DAY) + MARCH_OF_YEAR_ZERO;
        int secondOfDay = Math.floorMod(second, SECONDS_PER_DAY);
        int era = Math.floorDiv(day, DAYS_PER_ERA);
        int dayOfEra = day - era * DAYS_PER_ERA;
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);

        byte[] text = new byte[30];
        put(text, 0, 4, year);
        text[4] = '-';
        put(text, 5, 2, month);
        text[7] = '-';
        put(text, 8, 2, dayOfMonth);
        text[10] = 'T';
        put(text, 11, 2, secondOfDay / 3600);
        text[13] = ':';
        put(text, 14, 2, secondOfDay / 60 % 60);
        text[16] = ':';
        put(text, 17, 2, secondOfDay % 60);
        int end = putFraction(text, instant.getNano());
        text[end] = 'Z';
        return new String(text, 0, end + 1, StandardCharsets.ISO_8859_1);
    }

    private static int putFraction(byte[] text, int nanos) {
        if (nanos == 0) {
            return 19;
        }
        text[19] = '.';
        if (nanos % 1_000_000 == 0) {
            return put(text, 20, 3, nanos / 1_000_000);
        }
        if (nanos % 1_000 == 0) {
            return put(text, 20, 6, nanos / 1_000);
        }
        return put(text, 20, 9, nanos);
    }

    private static int put(byte[] text, int start, int digits, int value) {
        int rest = value;
        for (int i = start + digits - 1; i >= start; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return start + digits;
    }
}
