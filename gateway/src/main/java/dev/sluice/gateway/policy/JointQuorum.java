// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many people of which group, so that each of several holds is satisfied. Sometimes asks for more people than the least that would do, never for fewer. */
final class JointQuorum {
    private JointQuorum() {}

    /** Of each group as many as the hold that asks for most; where that leaves a hold on any of its groups short, the rest from the first of these. */
    static List<GroupQuorum> of(List<Decision.Hold> holds) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Decision.Hold hold : holds) {
            hold.all().forEach(part -> counts.merge(part.group(), part.count(), Math::max));
        }
        for (Decision.Hold hold : holds) {
            if (hold.all().isEmpty()) {
                int present = hold.approvers().stream().mapToInt(group -> counts.getOrDefault(group, 0)).sum();
                if (present < hold.quorum()) {
                    counts.merge(hold.approvers().getFirst(), hold.quorum() - present, Integer::sum);
                }
            }
        }
        List<GroupQuorum> all = new ArrayList<>();
        counts.forEach((group, count) -> all.add(new GroupQuorum(group, count)));
        return all;
    }

    static List<String> groups(List<GroupQuorum> all) {
        return all.stream().map(GroupQuorum::group).toList();
    }

    static int people(List<GroupQuorum> all) {
        return all.stream().mapToInt(GroupQuorum::count).sum();
    }
}
