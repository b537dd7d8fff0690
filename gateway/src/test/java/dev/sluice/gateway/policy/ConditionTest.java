// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.NOON;
import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules over what a statement's template does not say. */
final class ConditionTest {
    private static final Reading.Understood DELETE = reading(statement("DELETE", Effect.WRITE));

    private static Policy policy(String when, String then) {
        return PolicyReader.read("test", "version: 1\ndefaults: {write: allow}\nrules:\n  - {name: r, when: \"" + when + "\", then: " + then + "}\n");
    }

    private static String answer(String when, String then, Particulars particulars) {
        Verdict verdict = policy(when, then).judge(DELETE, subject(), particulars);
        return verdict.decision().getClass().getSimpleName() + (verdict.missing().isEmpty() ? "" : verdict.missing());
    }

    @ParameterizedTest(name = "{0} then {1} with {2}: {3}")
    @CsvSource(delimiter = ';', textBlock = """
            statement.estimatedRows > 1000                                 ; hold  ;      ; Hold[ESTIMATED_ROWS]
            statement.estimatedRows > 1000                                 ; deny  ;      ; Deny[ESTIMATED_ROWS]
            statement.estimatedRows > 1000                                 ; hold  ; 1001 ; Hold
            statement.estimatedRows > 1000                                 ; hold  ; 1000 ; Allow
            statement.kind == 'SELECT' && statement.estimatedRows > 1000   ; hold  ;      ; Allow
            statement.estimatedRows > 1000 && statement.kind == 'SELECT'   ; hold  ;      ; Allow
            statement.kind == 'DELETE' || statement.estimatedRows > 1000   ; hold  ;      ; Hold
            has(statement.estimatedRows) && statement.estimatedRows > 1000 ; hold  ;      ; Allow
            statement.inner.exists(i, i.estimatedRows > 1000)              ; hold  ; 5000 ; Allow
            """)
    void whatIsNotKnownHoldsOrDeniesWhereItMatters(String when, String then, Long rows, String expected) {
        assertThat(answer(when, then, Particulars.ofText("DELETE FROM t").estimated(rows))).isEqualTo(expected);
    }

    @Test
    void whatIsNotKnownNeverAllows() {
        Policy policy = PolicyReader.read(
                "test", "version: 1\ndefaults: {write: hold}\nrules:\n  - {name: r, when: statement.estimatedRows < 10, then: allow}\n");
        assertThat(policy.judge(DELETE, subject(), Particulars.ofText("")).decision()).isInstanceOf(Decision.Hold.class);
        assertThat(policy.judge(DELETE, subject(), Particulars.ofText("").estimated(9L)).decision()).isInstanceOf(Decision.Allow.class);
    }

    @Test
    void useOfMaskedColumnsIsAskedFor() {
        assertThat(answer("statement.dependsOnMasked", "deny", Particulars.ofText(""))).isEqualTo("Deny[DEPENDS_ON_MASKED]");
        assertThat(answer("statement.dependsOnMasked", "deny", Particulars.ofText("").masked(true))).isEqualTo("Deny");
        assertThat(answer("statement.dependsOnMasked", "deny", Particulars.ofText("").masked(false))).isEqualTo("Allow");
    }

    @Test
    void allThatIsNotKnownIsNamedHoweverItIsJoined() {
        for (String when : List.of("statement.estimatedRows > 10 && statement.dependsOnMasked", "statement.dependsOnMasked && statement.estimatedRows > 10")) {
            Policy policy = policy(when, "deny");
            assertThat(policy.judge(DELETE, subject(), Particulars.ofText("")).missing()).as(when)
                    .containsExactlyInAnyOrder(Particulars.Unknown.ESTIMATED_ROWS, Particulars.Unknown.DEPENDS_ON_MASKED);
            assertThat(policy.judge(DELETE, subject(), Particulars.ofText("").masked(true)).missing()).as(when).containsExactly(Particulars.Unknown.ESTIMATED_ROWS);
            assertThat(policy.judge(DELETE, subject(), Particulars.ofText("").masked(false)).missing()).as(when).isEmpty();
        }
    }

    @Test
    void parametersAndLengthAreThoseOfTheExecution() {
        Policy policy = policy("'42' in statement.parameters || statement.textLength > 100", "deny");
        assertThat(policy.judge(DELETE, subject(), new Particulars(10, List.of("1", "42"), null, null)).decision()).isInstanceOf(Decision.Deny.class);
        assertThat(policy.judge(DELETE, subject(), new Particulars(10, List.of("1"), null, null)).decision()).isInstanceOf(Decision.Allow.class);
        assertThat(policy.judge(DELETE, subject(), new Particulars(101, List.of(), null, null)).decision()).isInstanceOf(Decision.Deny.class);
    }

    @Test
    void rulesThatVaryAndRulesThatDoNotAreNamedInTheOrderOfTheFile() {
        Policy policy = PolicyReader.read("test", """
                version: 1
                rules:
                  - {name: a, when: statement.writes, then: deny}
                  - {name: b, when: "now > timestamp('2020-01-01T00:00:00Z')", then: deny}
                  - {name: c, when: statement.writes, then: deny}
                """);
        assertThat(policy.judge(DELETE, subject()).rule()).isEqualTo("a, b, c");
        assertThat(policy.judge(DELETE, subject(NOON.minusSeconds(400_000_000))).rule()).isEqualTo("a, c");
    }

    @Test
    void anExplanationTellsWhichPartsHold() {
        Explanation explanation = policy("statement.writes && !('dba' in user.groups) && (statement.estimatedRows > 5 || statement.kind == 'X')", "hold")
                .explain(DELETE, subject("dev"), Particulars.ofText(""));
        Explanation.OfRule rule = explanation.statements().getFirst().rules().getFirst();
        assertThat(rule.answer()).isEqualTo(new Answer.Open(Set.of(Particulars.Unknown.ESTIMATED_ROWS)));
        assertThat(rule.decision()).isInstanceOf(Decision.Hold.class);
        assertThat(rule.parts()).containsExactly(
                new Explanation.Part("statement.writes", new Answer.Known(true)),
                new Explanation.Part("\"dba\" in user.groups", new Answer.Known(false)),
                new Explanation.Part("statement.estimatedRows > 5", new Answer.Open(Set.of(Particulars.Unknown.ESTIMATED_ROWS))),
                new Explanation.Part("statement.kind == \"X\"", new Answer.Known(false)));
    }

    @Test
    void partsOfAConditionWithMacrosAreReadable() {
        Explanation explanation = policy("statement.tables.exists(t, t.name == 'x') && statement.writes", "hold")
                .explain(DELETE, subject(), Particulars.ofText(""));
        assertThat(explanation.statements().getFirst().rules().getFirst().parts().getFirst().text())
                .isEqualTo("statement.tables.exists(t, t.name == \"x\")");
    }

    @Test
    void anUnknownNameIsRefusedWhereItStands() {
        assertThat(PolicyReader.check("p.yaml", "version: 1\nrules:\n  - name: r\n    when: statement.estimatedRow > 5\n    then: hold\n"))
                .singleElement().asString().startsWith("p.yaml:4:").contains("estimatedRow").contains("estimatedRows");
        assertThat(PolicyReader.check("p.yaml", "version: 1\nrules:\n  - name: r\n    when: statement.textLength == 'x'\n    then: hold\n"))
                .singleElement().asString().startsWith("p.yaml:4:");
    }
}
