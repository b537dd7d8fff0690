// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.policy.Verdict;
import dev.sluice.gateway.statement.Reading;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules of which the answer turns on whether a statement makes use of a masked column. */
class DependentRulesTest extends MaskedSessionScripts {
    /** Denies what depends on masked columns, or all or nothing. */
    private record Dependent(String version, boolean strict, boolean denies) implements Policy {
        @Override
        public Mode mode() {
            return Mode.ENFORCE;
        }

        @Override
        public Decision judge(Reading.Understood reading, Subject subject) {
            throw new AssertionError("asked without particulars");
        }

        @Override
        public Verdict judge(Reading.Understood reading, Subject subject, Particulars particulars) {
            Boolean depends = particulars.dependsOnMasked();
            boolean denied = denies || strict && !Boolean.FALSE.equals(depends);
            return new Verdict(
                    denied ? new Decision.Deny("dependent by " + version, "no", null) : new Decision.Allow("default"),
                    strict && depends == null ? Set.of(Particulars.Unknown.DEPENDS_ON_MASKED) : Set.of());
        }

        @Override
        public MaskRules masks(Subject subject) {
            return RULES;
        }
    }

    @Test
    void whatMakesUseOfOneIsDenied() {
        policy = new Dependent("1", true, false);
        client("Query \"SELECT ssn FROM people\"");

        assertThat(sent()).doesNotContain("SELECT ssn");
        assertThat(told()).contains("dependent by 1");
    }

    @Test
    void whatMakesUseOfNoneRuns() {
        policy = new Dependent("1", true, false);
        resolvesToMasked = false;
        client("Query \"SELECT ssn FROM people\"");

        assertThat(sent()).contains("SELECT ssn");
        assertThat(questions).isEqualTo(1);
    }

    @Test
    void whatIsDeniedEitherWayIsNotShownToTheServer() {
        policy = new Dependent("1", true, true);
        client("Query \"SELECT ssn FROM people\"", "Parse \"\" \"SELECT ssn FROM people\" 0", "Sync");

        assertThat(questions).isZero();
        assertThat(sent()).doesNotContain("SELECT ssn");
    }

    @Test
    void whatWasAllowedBeforeIsJudgedByAPolicyThatComesMeanwhile() {
        policy = new Dependent("1", false, false);
        whilePlanning = () -> policy = new Dependent("2", false, true);
        client("Query \"SELECT ssn FROM people\"");

        assertThat(sent()).doesNotContain("SELECT ssn");
        assertThat(told()).contains("dependent by 2");
    }

    @Test
    void aPolicyThatComesMeanwhileIsAskedByItsOwnMasks() {
        policy = new Dependent("1", true, false);
        resolvesToMasked = false;
        whilePlanning = () -> {
            policy = new Dependent("2", true, false);
            masks = RULES.bind(CATALOG);
            resolvesToMasked = true;
            whilePlanning = () -> {};
        };
        client("Query \"SELECT ssn FROM people\"");

        assertThat(sent()).doesNotContain("SELECT ssn");
        assertThat(told()).contains("dependent by 2");
    }
}
