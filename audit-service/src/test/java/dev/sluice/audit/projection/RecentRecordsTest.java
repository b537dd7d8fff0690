// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentRecordsTest {
    private final RecentRecords recent = new RecentRecords();

    @Test
    void theSameBytesInTheSamePlaceAreKnown() {
        recent.read("s1", 5, "a");
        assertThat(recent.has("s1", 5, "a")).isTrue();
        assertThat(recent.has("s1", 5, "b")).isFalse();
        assertThat(recent.has("s1", 6, "a")).isFalse();
        assertThat(recent.has("s2", 5, "a")).isFalse();
    }

    @Test
    void whatWasReadLongAgoIsForgotten() {
        for (int sequence = 0; sequence <= RecentRecords.REMEMBERED; sequence++) {
            recent.read("s1", sequence, "a");
        }
        assertThat(recent.has("s1", 0, "a")).isFalse();
        assertThat(recent.has("s1", 1, "a")).isTrue();
    }

    @Test
    void aNameThatIsLongTakesNoMemory() {
        String name = "x".repeat(RecentRecords.LONGEST_NAME);
        recent.read(name, 1, "a");
        recent.read(name + "x", 1, "a");
        assertThat(recent.has(name, 1, "a")).isTrue();
        assertThat(recent.has(name + "x", 1, "a")).isFalse();
    }
}
