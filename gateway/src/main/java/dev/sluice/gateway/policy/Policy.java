// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.statement.Reading;
import java.util.List;
import java.util.Set;

/** One immutable set of rules. Judging is pure and total: it never blocks, never throws, and answers every reading. */
public interface Policy {
    /** The strictest answer over all statements of the text, from the text alone. Safe for use by many threads. */
    Decision judge(Reading.Understood reading, Subject subject);

    /** As above, with what is known beyond the text's template. */
    default Verdict judge(Reading.Understood reading, Subject subject, Particulars particulars) {
        return new Verdict(judge(reading, subject), Set.of());
    }

    /** How the answer comes about: the same rules, asked one by one and without anything remembered. */
    default Explanation explain(Reading.Understood reading, Subject subject, Particulars particulars) {
        return new Explanation(List.of(), judge(reading, subject, particulars));
    }

    /**
     * The masks that apply to the caller. Depends on who asks, where and when, not on the statement; the same masks are the same object.
     */
    default MaskRules masks(Subject subject) {
        return MaskRules.NONE;
    }

    /** Every mask of the policy, whoever it applies to: for what is shown to people of whom nobody knows what they may see. */
    default MaskRules allMasks() {
        return MaskRules.NONE;
    }

    /** What is looked for in the caller's answers. Depends on who asks, where and when, not on the statement. */
    default DetectionRules detections(Subject subject) {
        return DetectionRules.NONE;
    }

    /** Whether the answers to any statements are kept at all. */
    default boolean keepsResults() {
        return false;
    }

    /** How much of the answer to the text is kept, beside its digest. */
    default ResultLimit results(Reading.Understood reading, Subject subject, Particulars particulars) {
        return ResultLimit.NONE;
    }

    /** The masks that do not hold for the caller, and why. The same masks are the same object. */
    default Exemptions exemptions(Subject subject) {
        return Exemptions.NONE;
    }

    /** Identifies the rules that judged, for the record: the first 12 hex digits of the SHA-256 of the policy file. */
    String version();

    /** Whether the answers bind. */
    Mode mode();
}
