// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.impact.Reached.Change;
import dev.sluice.gateway.impact.Reached.ForeignKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables that inherit from several others, over many levels. */
final class DescendantsTest {
    private static final int FIRST = 20_000;
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private static Relation table(int oid, List<Integer> parents) {
        return new Relation(oid, "public", "t" + oid, RelationKind.TABLE, List.of(new Column(1, "id", 23, -1)), parents, Set.of(), Set.of());
    }

    private static Catalog catalog(List<Relation> relations) {
        return new Catalog("d", 18, "1", relations, List.of(), List.of(), Set.of());
    }

    private static Family family(Catalog catalog) {
        return Family.of(catalog, Descendants.in(catalog));
    }

    /** Two tables on each level, both with both of the level above as parents: 2 to the power of the number of levels are the ways down. */
    private static Catalog lattice(int levels) {
        var relations = new ArrayList<>(List.of(table(FIRST, List.of()), table(FIRST + 1, List.of())));
        for (int i = 2; i < 2 * levels; i += 2) {
            List<Integer> parents = List.of(FIRST + i - 2, FIRST + i - 1);
            relations.add(table(FIRST + i, parents));
            relations.add(table(FIRST + i + 1, parents));
        }
        return catalog(relations);
    }

    @Test
    void aTableThatIsReachedInManyWaysIsOneTable() {
        List<Family.Part> below = assertTimeoutPreemptively(AT_MOST, () -> family(lattice(28)).below(FIRST, true, Set.of(1)));

        assertThat(below).extracting(Family.Part::oid).containsExactlyInAnyOrderElementsOf(IntStream.range(FIRST + 2, FIRST + 56).mapToObj(Long::valueOf).toList());
        assertThat(below).extracting(Family.Part::columns).containsOnly(Set.of(1));
    }

    @Test
    void everyTableOfALatticeOfForeignKeysIsFollowedOnce() {
        List<ForeignKey> keys = IntStream.range(FIRST, FIRST + 54)
                .mapToObj(oid -> new ForeignKey("k" + oid, oid + 2, "t" + (oid + 2), oid, "t" + oid, "c", "c", Set.of(1), Set.of(1), null, false))
                .toList();
        var reached = new Reached(keys, true, family(lattice(28)));
        assertTimeoutPreemptively(AT_MOST, () -> reached.from(FIRST, Change.TRUNCATE, Set.of(), false));

        assertThat(reached.changes()).hasSize(55);
        assertThat(reached.everywhere()).isTrue();
    }

    @Test
    void ofVeryManyTablesItSaysThatThereAreMore() {
        var relations = new ArrayList<>(List.of(table(FIRST, List.of())));
        IntStream.rangeClosed(1, 50_000).forEach(i -> relations.add(table(FIRST + i, List.of(FIRST))));
        var reached = new Reached(List.of(), true, family(catalog(relations)));
        assertTimeoutPreemptively(AT_MOST, () -> reached.from(FIRST, Change.DELETE, Set.of(), false));

        assertThat(reached.everywhere()).isFalse();
        assertThat(reached.changes()).hasSizeBetween(1_000, 10_000);
    }
}
