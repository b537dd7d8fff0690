// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.VouchedFunction;
import dev.sluice.schemas.Principal;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All masks of a policy. Which of them apply to a caller is remembered unless a condition asks for the time. */
final class Masks {
    private static final int REMEMBERED = 10_000;

    /**
     * A mask with its conditions. A condition that fails leaves the mask on.
     *
     * @param unless callers for whom it holds see the values
     * @param only callers for whom it does not hold see the values
     */
    record Entry(MaskRule rule, @Nullable Condition unless, @Nullable Condition only) {
        private boolean appliesTo(Map<String, Object> variables) {
            return !holds(unless, variables, false) && holds(only, variables, true);
        }

        private boolean dependsOnNow() {
            return unless != null && unless.dependsOnNow() || only != null && only.dependsOnNow();
        }

        private static boolean holds(@Nullable Condition condition, Map<String, Object> variables, boolean otherwise) {
            if (condition == null) {
                return otherwise;
            }
            return condition.ask(variables) instanceof Answer.Known(boolean holds) ? holds : otherwise;
        }
    }

    /** Everything but the time that conditions may ask for. */
    private record Caller(Principal principal, String target, String database, String role, @Nullable String application, String clientAddress) {
        private static Caller of(Subject subject) {
            return new Caller(
                    subject.principal(), subject.target(), subject.database(), subject.role(), subject.application(), subject.clientAddress());
        }
    }

    private final List<Entry> entries;
    private final Set<VouchedFunction> vouched;
    private final MaskRules everyones;
    private final boolean dependsOnNow;
    private final Cache<Caller, MaskRules> answers = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();
    private final Map<BitSet, MaskRules> sets = new ConcurrentHashMap<>();

    Masks(List<Entry> entries, Set<VouchedFunction> vouched) {
        this.entries = List.copyOf(entries);
        this.vouched = Set.copyOf(vouched);
        this.everyones = new MaskRules(entries.stream().map(Entry::rule).toList(), vouched);
        this.dependsOnNow = entries.stream().anyMatch(Entry::dependsOnNow);
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

    private MaskRules find(Subject subject) {
        Map<String, Object> variables = Variables.of(subject);
        BitSet applying = new BitSet(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            applying.set(i, entries.get(i).appliesTo(variables));
        }
        if (applying.isEmpty()) {
            return MaskRules.NONE;
        }
        return sets.computeIfAbsent(applying, set -> set.cardinality() == entries.size()
                ? everyones
                : new MaskRules(IntStream.range(0, entries.size()).filter(set::get).mapToObj(i -> entries.get(i).rule()).toList(), vouched, everyones));
    }
}
