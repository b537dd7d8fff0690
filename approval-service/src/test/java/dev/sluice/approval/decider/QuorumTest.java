// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QuorumTest {
    private static final List<String> GROUPS = List.of("a", "b", "c", "d");

    @Test
    void nobodyMeetsAQuorumWithoutGroups() {
        var everybody = Holds.person("bob", "a", "b", "c", "d");

        assertThat(new Quorum(List.of()).isMetBy(List.of(everybody))).isFalse();
        assertThat(Quorum.of(Holds.hold().all().held()).isMetBy(List.of(everybody))).isFalse();
        assertThat(Quorum.of(Holds.hold().approvers(0).held()).isMetBy(List.of())).isFalse();
    }

    @Test
    void everySeatHasItsOwnPerson() {
        var quorum = Quorum.of(Holds.hold().all(new GroupQuorum("a", 2), new GroupQuorum("b", 1)).held());
        var both = IntStream.range(0, 3).mapToObj(number -> Holds.person("both-" + number, "a", "b")).toList();

        assertThat(quorum.isMetBy(both.subList(0, 2))).isFalse();
        assertThat(quorum.isMetBy(both)).isTrue();
        assertThat(quorum.isMetBy(List.of(both.getFirst(), both.getFirst(), both.getFirst()))).isFalse();
        assertThat(quorum.seated(List.of(Holds.person("x", "b"), Holds.person("y", "b")))).containsExactly(0, 1);
    }

    @Test
    void findsASeatingWhereThereIsOne() {
        for (int seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            var parts = new ArrayList<Quorum.Part>();
            for (int part = random.nextInt(1, 4); part > 0; part--) {
                parts.add(new Quorum.Part(some(random), random.nextInt(1, 3)));
            }
            var people = IntStream.range(0, random.nextInt(7)).mapToObj(number -> Holds.person("p" + number, some(random).toArray(String[]::new))).toList();

            assertThat(new Quorum(parts).isMetBy(people)).as("seed %s", seed).isEqualTo(tryEverySeating(seats(parts), people));
        }
    }

    private static List<List<String>> seats(List<Quorum.Part> parts) {
        var seats = new ArrayList<List<String>>();
        parts.forEach(part -> IntStream.range(0, part.seats()).forEach(_ -> seats.add(part.groups())));
        return seats;
    }

    /** Straight from the definition, and far too slow for anything but a test. */
    static boolean tryEverySeating(List<List<String>> seats, List<Principal> people) {
        if (seats.isEmpty()) {
            return true;
        }
        for (var person : people) {
            if (seats.getFirst().stream().anyMatch(person.groups()::contains)
                    && tryEverySeating(seats.subList(1, seats.size()), people.stream().filter(other -> other != person).toList())) {
                return true;
            }
        }
        return false;
    }

    private static List<String> some(Random random) {
        return GROUPS.stream().filter(_ -> random.nextInt(5) < 2).toList();
    }
}
