// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ShownTokensTest {
    @Test
    void knowsTheLastOnesAndTakesFewOthersForThem() {
        var shown = new ShownTokens();
        assertThat(shown.has(7)).isFalse();
        var hashes = new Random(1);
        for (int i = 0; i < 3 * ShownTokens.ENTRIES; i++) {
            shown.add(hashes.nextLong());
        }

        var again = new Random(1);
        again.longs(2L * ShownTokens.ENTRIES).forEach(older -> {});
        assertThat(again.longs(ShownTokens.ENTRIES).allMatch(shown::has)).isTrue();
        assertThat(new Random(2).longs(100_000).filter(shown::has).count()).isLessThan(4_000);
    }
}
