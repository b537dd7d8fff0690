// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.masking.ColumnPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All detectors of a policy, with whose answers they search. Which of them apply to a caller is remembered unless a condition asks for the time. */
final class Detections {
    private static final int REMEMBERED = 10_000;
    static final Detections NONE = new Detections(List.of(), List.of());

    /**
     * Some detectors and the callers whose answers they search.
     *
     * @param targets names of the targets whose answers they search; empty for all
     */
    record Entry(List<Detector> detectors, CallerConditions callers, List<String> targets) {
        Entry {
            detectors = List.copyOf(detectors);
            targets = List.copyOf(targets);
        }

        private boolean appliesTo(Subject subject, Map<String, Object> variables) {
            return (targets.isEmpty() || targets.contains(subject.target())) && callers.include(variables);
        }
    }

    private final List<Entry> entries;
    private final List<ColumnPattern> exempt;
    private final boolean dependsOnNow;
    private final Cache<Caller, DetectionRules> answers = Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

    Detections(List<Entry> entries, List<ColumnPattern> exempt) {
        this.entries = List.copyOf(entries);
        this.exempt = List.copyOf(exempt);
        this.dependsOnNow = entries.stream().anyMatch(entry -> entry.callers().dependOnNow());
    }

    /** Of several entries with the same detector the strictest action counts. */
    DetectionRules of(Subject subject) {
        if (entries.isEmpty()) {
            return DetectionRules.NONE;
        }
        return dependsOnNow ? find(subject) : answers.get(Caller.of(subject), caller -> find(subject));
    }

    private DetectionRules find(Subject subject) {
        Map<String, Object> variables = Variables.of(subject);
        Map<String, Detector> applying = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.appliesTo(subject, variables)) {
                entry.detectors().forEach(detector -> applying.merge(detector.name(), detector, Detections::stricter));
            }
        }
        return applying.isEmpty() ? DetectionRules.NONE : new DetectionRules(List.copyOf(applying.values()), exempt);
    }

    private static Detector stricter(Detector one, Detector other) {
        return one.action().compareTo(other.action()) >= 0 ? one : other;
    }

    /** Whether the caller's answers have columns that are not searched, so that the catalog has to be at hand to know them. */
    boolean needCatalog(Subject subject) {
        return !exempt.isEmpty() && !of(subject).isEmpty();
    }
}
