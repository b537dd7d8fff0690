// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many people have to agree, and who they may be: every part has to be met, each by people who count for no other part. Counts people,
 * not memberships: somebody in two of the groups takes one seat, in whichever part that helps most.
 *
 * @param parts at least one
 */
public record Quorum(List<Part> parts) {
    /**
     * @param groups a member of any one of them may take a seat; empty means that nobody can
     * @param seats at least 1, whatever the hold says
     */
    public record Part(List<String> groups, int seats) {
        public Part {
            groups = List.copyOf(groups);
            seats = Math.max(1, seats);
        }

        boolean admits(Principal voter) {
            return groups.stream().anyMatch(voter.groups()::contains);
        }
    }

    public Quorum {
        parts = parts.isEmpty() ? List.of(new Part(List.of(), 1)) : List.copyOf(parts);
    }

    public static Quorum of(StatementHeld held) {
        var quorums = held.quorums();
        return quorums == null
                ? new Quorum(List.of(new Part(held.approverGroups(), held.quorum())))
                : new Quorum(quorums.stream().map(quorum -> new Part(List.of(quorum.group()), quorum.count())).toList());
    }

    /** How many people it takes in all. */
    public long needed() {
        return parts.stream().mapToLong(Part::seats).sum();
    }

    /** Every group whose members may vote. */
    public List<String> groups() {
        return parts.stream().flatMap(part -> part.groups().stream()).distinct().toList();
    }

    public boolean admits(Principal voter) {
        return parts.stream().anyMatch(part -> part.admits(voter));
    }

    public boolean isMetBy(Collection<Principal> approvers) {
        return Arrays.stream(seated(approvers)).asLongStream().sum() == needed();
    }

    /**
     * How many seats of each part these people can take at once, as many in all as is possible: a maximum matching of people and seats, found
     * by augmenting paths (H. W. Kuhn, The Hungarian Method for the Assignment Problem, 1955).
     */
    public int[] seated(Collection<Principal> approvers) {
        Map<Person, Principal> people = new HashMap<>();
        approvers.forEach(approver -> people.putIfAbsent(Person.of(approver), approver));
        List<List<Principal>> taken = new ArrayList<>();
        parts.forEach(_ -> taken.add(new ArrayList<>()));
        for (var approver : people.values()) {
            seat(approver, taken, new boolean[parts.size()]);
        }
        return taken.stream().mapToInt(List::size).toArray();
    }

    private boolean seat(Principal approver, List<List<Principal>> taken, boolean[] tried) {
        for (int index = 0; index < parts.size(); index++) {
            var part = parts.get(index);
            if (tried[index] || !part.admits(approver)) {
                continue;
            }
            tried[index] = true;
            var seated = taken.get(index);
            if (seated.size() < part.seats()) {
                seated.add(approver);
                return true;
            }
            for (int seat = 0; seat < seated.size(); seat++) {
                if (seat(seated.get(seat), taken, tried)) {
                    seated.set(seat, approver);
                    return true;
                }
            }
        }
        return false;
    }
}
