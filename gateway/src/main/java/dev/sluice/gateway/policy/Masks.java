// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.VouchedFunction;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All masks of a policy. Which of them apply to a caller is remembered unless a condition asks for the time. */
final class Masks {
    private static final int REMEMBERED = 10_000;
    private static final String OBSERVED = "the policy only observes";

    /**
     * A mask and the callers that it is for; others see the values.
     *
     * @param exemption the conditions as they are written
     */
    record Entry(MaskRule rule, CallerConditions callers, String exemption) {}

    private final List<Entry> entries;
    private final Set<VouchedFunction> vouched;
    private final MaskRules everyones;
    private final boolean dependsOnNow;
    private final Cache<Caller, MaskRules> answers = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();
    private final Cache<Caller, Exemptions> exemptions = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();
    private final Map<BitSet, MaskRules> sets = new ConcurrentHashMap<>();

    Masks(List<Entry> entries, Set<VouchedFunction> vouched) {
        this.entries = List.copyOf(entries);
        this.vouched = Set.copyOf(vouched);
        this.everyones = new MaskRules(entries.stream().map(Entry::rule).toList(), vouched);
        this.dependsOnNow = entries.stream().anyMatch(entry -> entry.callers().dependOnNow());
    }

    MaskRules all() {
        return everyones;
    }

    MaskRules of(Subject subject) {
        if (entries.isEmpty()) {
            return MaskRules.NONE;
        }
        return dependsOnNow ? find(subject) : answers.get(Caller.of(subject), caller -> find(subject));
    }

    /** Which masks the caller is exempt from: all of them where the policy only observes. */
    Exemptions exemptions(Subject subject, Mode mode) {
        if (entries.isEmpty() || (mode == Mode.ENFORCE && entries.stream().allMatch(entry -> entry.callers().includeEverybody()))) {
            return Exemptions.NONE;
        }
        return dependsOnNow ? findExemptions(subject, mode) : exemptions.get(Caller.of(subject), caller -> findExemptions(subject, mode));
    }

    private Exemptions findExemptions(Subject subject, Mode mode) {
        Map<String, Object> variables = Variables.of(subject);
        BitSet exempt = new BitSet(entries.size());
        Map<String, String> reasons = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            boolean applies = entry.callers().include(variables);
            if (!applies || mode != Mode.ENFORCE) {
                exempt.set(i);
                reasons.merge(entry.rule().name(), applies ? OBSERVED : entry.exemption(), (one, other) -> one.equals(other) ? one : one + "; " + other);
            }
        }
        return exempt.isEmpty() ? Exemptions.NONE : new Exemptions(sets.computeIfAbsent(exempt, this::rules), reasons);
    }

    private MaskRules find(Subject subject) {
        Map<String, Object> variables = Variables.of(subject);
        BitSet applying = new BitSet(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            applying.set(i, entries.get(i).callers().include(variables));
        }
        if (applying.isEmpty()) {
            return MaskRules.NONE;
        }
        return sets.computeIfAbsent(applying, this::rules);
    }

    private MaskRules rules(BitSet chosen) {
        return chosen.cardinality() == entries.size()
                ? everyones
                : new MaskRules(chosen.stream().mapToObj(i -> entries.get(i).rule()).toList(), vouched, everyones);
    }
}
