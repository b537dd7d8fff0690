// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.ResultLimit;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import java.time.Duration;
import java.util.List;

/** Decides by a word in the text. */
record WordPolicy(Mode mode, String version, DetectionRules rules, boolean masked) implements Policy {
    WordPolicy(Mode mode, String version) {
        this(mode, version, DetectionRules.NONE, false);
    }

    @Override
    public DetectionRules detections(Subject subject) {
        return rules;
    }

    /** The rules name nothing, but the catalog is asked for. */
    @Override
    public MaskRules masks(Subject subject) {
        return masked ? MaskRules.CATALOG_ALONE : MaskRules.NONE;
    }

    @Override
    public Decision judge(Reading.Understood reading, Subject subject) {
        String sql = reading.redactedSql();
        if (sql.contains("denied")) {
            return new Decision.Deny("word", "the word says so", null);
        }
        if (sql.contains("many")) {
            return new Decision.Hold("word", null, List.of("dba"), 1, Duration.ofMinutes(5), List.of(), 100L, HoldManner.UNSAID);
        }
        if (sql.contains("held") || reading.statements().stream().anyMatch(WordPolicy::isDelete)) {
            return new Decision.Hold("word", null, List.of("dba"), 1, Duration.ofMinutes(5));
        }
        return new Decision.Allow("default");
    }

    @Override
    public boolean keepsResults() {
        return true;
    }

    @Override
    public ResultLimit results(Reading.Understood reading, Subject subject, Particulars particulars) {
        String sql = reading.redactedSql();
        return sql.contains("kept") ? ResultLimit.ALL : sql.contains("first") ? new ResultLimit(1, 0) : ResultLimit.NONE;
    }

    private static boolean isDelete(StatementFacts facts) {
        return facts.kind().equals("DELETE") || facts.executes() != null && facts.effects().contains(dev.sluice.gateway.statement.Effect.WRITE);
    }
}
