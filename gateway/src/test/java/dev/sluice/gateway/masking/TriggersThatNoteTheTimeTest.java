// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriggersThatNoteTheTimeTest {
    private static final Function ANYBODYS_NOW =
            new Function(30_001, "m", "now", Function.Kind.FUNCTION, List.of(), "sql", Function.Volatility.VOLATILE, false, false, null, "SELECT 1", "h");

    private static boolean isHarmless(String body, List<Function> others) {
        var trigger = new Function(30_000, "public", "stamp", Function.Kind.FUNCTION, List.of(), "plpgsql", Function.Volatility.VOLATILE, false, false, null, body, "h");
        return Harmless.isVouched(trigger, Set.of(), new Catalog("shop", 18, "v", List.of(), others, List.of(), Set.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN NEW.changed := now(); RETURN NEW; END",
                "BEGIN NEW.changed = pg_catalog.now(); RETURN NEW; END;",
                "begin new.a := current_timestamp; new.b := now(); return new; end"
            })
    void nobodyNeedsToVouchForThem(String body) {
        assertThat(isHarmless(body, List.of())).isTrue();
    }

    @Test
    void somebodyDoesWhereTheTimeMayBeAnybodys() {
        assertThat(isHarmless("BEGIN NEW.changed := now(); RETURN NEW; END", List.of(ANYBODYS_NOW))).isFalse();
        assertThat(isHarmless("BEGIN NEW.a := now(); NEW.b := current_timestamp; RETURN NEW; END", List.of(ANYBODYS_NOW))).isFalse();
        assertThat(isHarmless("BEGIN NEW.changed := pg_catalog.now(); RETURN NEW; END", List.of(ANYBODYS_NOW))).isTrue();
        assertThat(isHarmless("BEGIN NEW.changed := m.now(); RETURN NEW; END", List.of())).isFalse();
    }
}
