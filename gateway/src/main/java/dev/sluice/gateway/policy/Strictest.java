// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One answer from many: deny before hold before allow. Holds are joined into one that satisfies each of them where that can be: the
 * largest quorum, the shortest expiry, and the groups that all of them name. Where no group is named by all, those of the strictest
 * hold decide (largest quorum, then shortest expiry, then first in order). If one of them says how many people of which group, all
 * together do ({@link JointQuorum}). An estimate lets go what every one of them would let go. The client waits in the strictest manner of theirs.
 */
final class Strictest {
    private static final Comparator<Decision.Hold> STRICTER =
            Comparator.comparingInt(Decision.Hold::quorum).reversed().thenComparing(Decision.Hold::expires);

    private Strictest() {}

    /** The strictest of at least one decision. Equal ones among those that decide count once. */
    static Decision of(Collection<Decision> decisions) {
        Set<Decision> distinct = new LinkedHashSet<>(decisions);
        List<Decision.Deny> denials = only(Decision.Deny.class, distinct);
        if (!denials.isEmpty()) {
            Decision.Deny first = denials.getFirst();
            return new Decision.Deny(names(denials), first.reason(), first.hint());
        }
        List<Decision.Hold> holds = only(Decision.Hold.class, distinct);
        return holds.isEmpty() ? new Decision.Allow(names(distinct)) : join(holds);
    }

    private static <D extends Decision> List<D> only(Class<D> type, Collection<Decision> decisions) {
        return decisions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Decision join(List<Decision.Hold> holds) {
        Decision.Hold strictest = holds.stream().min(STRICTER).orElseThrow();
        Duration expires = holds.stream().map(Decision.Hold::expires).min(Comparator.naturalOrder()).orElseThrow();
        Long automatic = holds.stream().anyMatch(hold -> hold.autoApproveBelow() == null)
                ? null
                : holds.stream().map(Decision.Hold::autoApproveBelow).min(Comparator.naturalOrder()).orElseThrow();
        HoldManner manner = HoldManner.strictest(holds.stream().map(Decision.Hold::manner).toList());
        if (holds.stream().anyMatch(hold -> !hold.all().isEmpty())) {
            List<GroupQuorum> all = JointQuorum.of(holds);
            return new Decision.Hold(
                    names(holds), strictest.reason(), JointQuorum.groups(all), JointQuorum.people(all), expires, all, automatic, manner);
        }
        List<String> common = new ArrayList<>(strictest.approvers());
        holds.forEach(hold -> common.retainAll(hold.approvers()));
        return new Decision.Hold(
                names(holds), strictest.reason(), common.isEmpty() ? strictest.approvers() : common, strictest.quorum(), expires, List.of(), automatic, manner);
    }

    private static String names(Collection<? extends Decision> decisions) {
        return decisions.stream().map(Decision::rule).distinct().collect(Collectors.joining(", "));
    }
}
