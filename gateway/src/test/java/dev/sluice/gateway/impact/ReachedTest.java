// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.impact.Reached.Change;
import dev.sluice.gateway.impact.Reached.ForeignKey;
import dev.sluice.schemas.event.Impact;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReachedTest {
    private static ForeignKey key(long table, long referenced, String deleting, String updating) {
        return new ForeignKey(table + "_to_" + referenced, table, "t" + table, referenced, "t" + referenced, deleting, updating, Set.of(2), Set.of(1), null);
    }

    @Test
    void aCircleOfCascadesEnds() {
        var reached = new Reached(List.of(key(2, 1, "c", "a"), key(1, 2, "c", "a")), false);
        reached.from(1, Change.DELETE, Set.of());

        assertThat(reached.cascades()).extracting(Impact.Cascade::table).containsExactly("t2", "t1");
    }

    @Test
    void anUpdateActsOnlyWhereItSetsTheKey() {
        var reached = new Reached(List.of(key(2, 1, "c", "c")), false);
        reached.from(1, Change.UPDATE, Set.of(5));
        assertThat(reached.cascades()).isEmpty();

        reached.from(1, Change.UPDATE, Set.of(1));
        assertThat(reached.cascades()).extracting(Impact.Cascade::action).containsExactly("changes the rows that refer to it along");
        assertThat(reached.updated(2)).containsExactly(2);
    }
}
