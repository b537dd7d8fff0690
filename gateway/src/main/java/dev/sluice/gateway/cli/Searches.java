// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.TextPattern;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the answers to one caller are searched for, and what becomes of a match. */
record Searches(DetectionRules rules) {
    static Searches of(Policy policy, Subject subject) {
        return new Searches(policy.mode() == Mode.ENFORCE ? policy.detections(subject) : DetectionRules.NONE);
    }

    /** For people: what is done and by which detectors, the strictest first. */
    List<String> lines() {
        if (rules.isEmpty()) {
            return List.of("none: the answer is not searched");
        }
        List<String> lines = new ArrayList<>();
        for (Detector.Action action : List.of(Detector.Action.DENY, Detector.Action.MASK, Detector.Action.ALERT)) {
            List<String> names = rules.detectors().stream().filter(each -> each.action() == action).map(Detector::name).toList();
            if (!names.isEmpty()) {
                lines.add(String.join(", ", names) + ": " + meaning(action));
            }
        }
        return lines;
    }

    private static String meaning(Detector.Action action) {
        return switch (action) {
            case DENY -> "deny, a match ends the statement with an error";
            case MASK -> "mask, a match is overwritten";
            case ALERT -> "alert, a match is shown and counted";
        };
    }

    /** Columns that are not searched. */
    List<String> exempt() {
        return rules.exempt().stream().map(ColumnPattern::toString).toList();
    }

    /** For programs. */
    List<Map<String, Object>> detectors() {
        return rules.detectors().stream().map(Searches::fields).toList();
    }

    private static Map<String, Object> fields(Detector detector) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", detector.name());
        fields.put("action", detector.action().name().toLowerCase(Locale.ROOT));
        TextPattern pattern = detector.pattern();
        if (pattern != null) {
            fields.put("regex", pattern.pattern().pattern());
            fields.put("context", pattern.context());
        }
        return fields;
    }
}
