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
    private static final Family ALONE = (table, heirs, columns) -> List.of();

    private static ForeignKey key(long table, long referenced, String deleting, String updating) {
        return new ForeignKey(table + "_to_" + referenced, table, "t" + table, referenced, "t" + referenced, deleting, updating, Set.of(2), Set.of(1), null, false);
    }

    @Test
    void aCircleOfCascadesEnds() {
        var reached = new Reached(List.of(key(2, 1, "c", "a"), key(1, 2, "c", "a")), false, ALONE);
        reached.from(1, Change.DELETE, Set.of(), false);

        assertThat(reached.cascades()).extracting(Impact.Cascade::table).containsExactly("t2", "t1");
    }

    @Test
    void anUpdateActsOnlyWhereItSetsTheKey() {
        var reached = new Reached(List.of(key(2, 1, "c", "c")), false, ALONE);
        reached.from(1, Change.UPDATE, Set.of(5), false);
        assertThat(reached.cascades()).isEmpty();

        reached.from(1, Change.UPDATE, Set.of(1), false);
        assertThat(reached.cascades()).extracting(Impact.Cascade::action).containsExactly("changes the rows that refer to it along");
        assertThat(reached.updated(2)).containsExactly(2);
    }

    @Test
    void aPartitionIsChangedWithItsTableAndItsInheritedKeysAreToldOnce() {
        Family family = (table, heirs, columns) -> table == 1 ? List.of(new Family.Part(10, "t10", columns)) : List.of();
        var inherited = new ForeignKey("copy", 2, "t2", 10, "t10", "c", "a", Set.of(2), Set.of(1), null, true);
        var reached = new Reached(List.of(key(2, 1, "c", "a"), inherited, key(3, 10, "n", "a")), false, family);
        reached.from(1, Change.DELETE, Set.of(), false);

        assertThat(reached.cascades()).extracting(Impact.Cascade::table).containsExactly("t2", "t3");
        assertThat(reached.changes().get(10L)).containsExactly(Change.DELETE);
        assertThat(reached.isWhole(10)).isFalse();
    }
}
