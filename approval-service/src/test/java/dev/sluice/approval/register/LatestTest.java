// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatestTest {
    private final Latest<String, String> latest = new Latest<>(3, 10, String::length);

    @Test
    void theEldestGoWhereThereIsNoRoom() {
        latest.put("a", "1234");
        latest.put("b", "1234");
        latest.put("c", "1234");
        assertThat(latest.get("a")).isNull();
        assertThat(latest.eldest()).isEqualTo("1234");
        assertThat(latest.bytes()).isEqualTo(8);
    }

    @Test
    void theirNumberIsBoundedToo() {
        for (String key : new String[] {"a", "b", "c", "d"}) {
            latest.put(key, key);
        }
        assertThat(latest.get("a")).isNull();
        assertThat(latest.bytes()).isEqualTo(3);
    }

    @Test
    void whatIsLongerThanAllTheRoomIsNotKept() {
        latest.put("a", "12345678901");
        assertThat(latest.get("a")).isNull();
        assertThat(latest.bytes()).isZero();
    }

    @Test
    void whatIsReplacedIsCountedOnceAndIsTheNewest() {
        latest.put("a", "1234");
        latest.put("b", "1234");
        latest.put("a", "12");
        assertThat(latest.bytes()).isEqualTo(6);
        assertThat(latest.eldest()).isEqualTo("1234");
        latest.removeEldest();
        assertThat(latest.get("b")).isNull();
        assertThat(latest.bytes()).isEqualTo(2);
    }
}
