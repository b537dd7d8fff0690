// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.util.Collection;
import java.util.List;

/**
 * How many people have to agree, and who they may be. Counts people, not memberships: somebody in two of the groups is one person.
 *
 * @param groups where approvers come from; empty means that nobody can approve
 * @param needed at least 1, whatever the hold says
 */
public record Quorum(List<String> groups, int needed) {
    public Quorum {
        groups = List.copyOf(groups);
        needed = Math.max(1, needed);
    }

    public static Quorum of(StatementHeld held) {
        return new Quorum(held.approverGroups(), held.quorum());
    }

    public boolean admits(Principal voter) {
        return groups.stream().anyMatch(voter.groups()::contains);
    }

    boolean isMetBy(Collection<Principal> approvers) {
        return approvers.stream().filter(this::admits).map(Person::of).distinct().count() >= needed;
    }
}
