// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SightingsTest {
    private final Sightings<String> sightings = new Sightings<>();

    @Test
    void whatIsSeenOnceIsNotToldOf() {
        assertThat(sightings.look(Map.of("a", "A"))).isEmpty();
        assertThat(sightings.look(Map.of())).isEmpty();
        assertThat(sightings.look(Map.of("a", "A"))).isEmpty();
    }

    @Test
    void whatIsSeenTwiceIsToldOfUntilItHasBeen() {
        sightings.look(Map.of("a", "A"));
        assertThat(sightings.look(Map.of("a", "A", "b", "B"))).containsExactly(Map.entry("a", "A"));
        assertThat(sightings.look(Map.of("a", "A"))).containsExactly(Map.entry("a", "A"));
        sightings.told("a");
        assertThat(sightings.look(Map.of("a", "A"))).isEmpty();
        assertThat(sightings.present()).isEqualTo(1);
    }

    @Test
    void whatIsGoneIsForgotten() {
        sightings.look(Map.of("a", "A"));
        sightings.look(Map.of("a", "A"));
        sightings.told("a");
        sightings.look(Map.of());
        assertThat(sightings.present()).isZero();
    }
}
