// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyReaderTest {
    @Test
    void readsTheShortAndTheLongForms() {
        String head = """
                version: 1
                hold: {approvers: [dba], quorum: 2, expires: 1h}
                rules:
                """;
        assertThat(outcome(head, "hold")).isEqualTo(new Decision.Hold("r", null, List.of("dba"), 2, Duration.ofHours(1)));
        assertThat(outcome(head, "{hold: ask first}")).isEqualTo(new Decision.Hold("r", "ask first", List.of("dba"), 2, Duration.ofHours(1)));
        assertThat(outcome(head, "{hold: {quorum: 1, expires: 90s, approvers: [a, b], reason: why}}"))
                .isEqualTo(new Decision.Hold("r", "why", List.of("a", "b"), 1, Duration.ofSeconds(90)));
        assertThat(outcome(head, "{hold: {quorum: {all: [{group: dba, count: 2}, {group: owners}]}, autoApproveBelow: 100}}"))
                .isEqualTo(new Decision.Hold(
                        "r", null, List.of("dba", "owners"), 3, Duration.ofHours(1), List.of(new GroupQuorum("dba", 2), new GroupQuorum("owners", 1)), 100L, HoldManner.UNSAID));
        assertThat(manner(outcome(head, "{hold: {mode: auto, patience: 20s, inTransaction: deny}}")))
                .isEqualTo(new HoldManner(HoldMode.AUTO, Duration.ofSeconds(20), TransactionHold.DENY));
        assertThat(manner(outcome(head.replace("quorum: 2", "mode: return"), "{hold: {quorum: 3}}"))).isEqualTo(new HoldManner(HoldMode.RETURN, null, null));
        assertThat(outcome(head.replace("quorum: 2", "autoApproveBelow: 9"), "{hold: {autoApproveBelow: 0}}"))
                .isEqualTo(new Decision.Hold("r", null, List.of("dba"), 1, Duration.ofHours(1)));
        assertThat(outcome(head, "allow")).isEqualTo(new Decision.Allow("r"));
        assertThat(outcome(head, "deny")).isEqualTo(new Decision.Deny("r", "denied by the policy's rule 'r'", null));
        assertThat(outcome(head, "{deny: never}")).isEqualTo(new Decision.Deny("r", "never", null));
        assertThat(outcome(head, "{deny: {reason: never, hint: ask}}")).isEqualTo(new Decision.Deny("r", "never", "ask"));
    }

    private static HoldManner manner(Decision decision) {
        return ((Decision.Hold) decision).manner();
    }

    private static Decision outcome(String head, String then) {
        return PolicyReader.read("p.yaml", head + "  - {name: r, when: true, then: " + then + "}\n").judge(reading(statement("SELECT", Effect.READ)), subject());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "versoin: 1                 | p.yaml:1:1: 'versoin' is no known key here; did you mean 'version'?",
        "version: 2                 | p.yaml:1:10: version must be 1",
        "{version: 1, mode: watch}  | p.yaml:1:20: mode must not be 'watch'; known are enforce, observe",
        "{version: 1, defaults: {raed: allow}}   | p.yaml:1:25: 'raed' is no known key here; did you mean 'read'?",
        "{version: 1, defaults: {read: alow}}    | p.yaml:1:31: 'alow' is no outcome; did you mean 'allow'?",
        "{version: 1, hold: {approvers: []}}     | p.yaml:1:32: approvers must name at least one group",
        "{version: 1, hold: {quorum: 0}}         | p.yaml:1:29: quorum must be a whole number from 1 to 20, but is '0'",
        "{version: 1, hold: {quorum: {al: []}}}  | p.yaml:1:30: 'al' is no known key here; did you mean 'all'?",
        "{version: 1, hold: {quorum: {all: []}}} | p.yaml:1:29: quorum must be a whole number, or {all: [{group: …, count: …}]} with at least one group",
        "{version: 1, hold: {quorum: {all: [{group: a}, {group: a}]}}} | p.yaml:1:48: the group 'a' is there twice",
        "{version: 1, hold: {quorum: {all: [{count: 1}]}}} | p.yaml:1:36: a part of quorum.all needs a group",
        "{version: 1, hold: {quorum: {all: [{group: a, count: 0}]}}} | p.yaml:1:54: count must be a whole number from 1 to 20, but is '0'",
        "{version: 1, hold: {quorum: {all: [{group: a, count: 11}, {group: b, count: 10}]}}} | p.yaml:1:35: quorum.all asks for 21 people",
        "{version: 1, hold: {approvers: [a], quorum: {all: [{group: a}]}}} | p.yaml:1:32: approvers are named by quorum.all already",
        "{version: 1, hold: {autoApproveBelow: -1}} | p.yaml:1:39: autoApproveBelow must be a number of rows",
        "{version: 1, hold: {expires: 30}}       | p.yaml:1:30: expires is wrong: '30' is no duration",
        "{version: 1, hold: {expires: 8d}}       | p.yaml:1:30: expires must be from 1s to 7d",
        "{version: 1, masks: [{columns: [a.b], with: hash}]}  | p.yaml:1:33: 'a.b' is no column; write schema.table.column",
        "{version: 1, masks: [{column: [a]}]}    | p.yaml:1:23: 'column' is no known key here; did you mean 'columns'?",
        "{version: 1, rules: {}}                 | p.yaml:1:21: rules must be a list",
        "{version: 1, rules: [{when: 'true', then: deny}]}  | p.yaml:1:22: a rule needs a name",
        "{version: 1, rules: [{name: a, then: deny}]}       | p.yaml:1:22: rule 'a' has no 'when'",
        "{version: 1, rules: [{name: a, when: 'true'}]}     | p.yaml:1:22: rule 'a' has no 'then'",
        "{version: 1, rules: [{name: a, when: true, then: {deny: {because: x}}}]} | p.yaml:1:58: 'because' is no known key here",
        "{version: 1, rules: [{name: a, when: true, then: {allow: x}}]} | p.yaml:1:58: allow has no terms",
        "{version: 1, rules: [{name: a, when: user.name == 'x', then: deny}]} | p.yaml:1:42: in the condition: undefined field 'name'",
        "{version: 1, rules: [{name: a, when: 'user.group == 1', then: deny}]} | p.yaml:1:43: in the condition: undefined field 'group'; did you mean 'groups'?",
        "{version: 1, rules: [{name: a, when: usr.subject == 'x', then: deny}]} | p.yaml:1:38: in the condition: undeclared reference to 'usr'",
        "{version: 1, rules: [{name: a, when: statement.kind, then: deny}]} | expected type 'bool' but found 'string'",
        "{version: 1, rules: [{name: a, when: statement.kind == 1, then: deny}]} | found no matching overload",
        "{version: 1, rules: [{name: a, when: 'nosuch(1)', then: deny}]} | undeclared reference to 'nosuch'",
        "{version: 1, rules: [{name: a, when: '((', then: deny}]} | p.yaml:1:41: in the condition: mismatched input",
    })
    void namesThePlaceAndTheWayOut(String text, String problem) {
        assertThat(PolicyReader.check("p.yaml", text)).as(text).anySatisfy(line -> assertThat(line).contains(problem.strip()));
    }

    @Test
    void findsTheLineInsideALiteralBlock() {
        assertThat(PolicyReader.check("p.yaml", """
                version: 1
                rules:
                  - name: a
                    when: |
                      statement.writes &&
                        statement.tabels.size() > 1
                    then: deny
                """)).containsExactly("p.yaml:6:18: in the condition: undefined field 'tabels'; did you mean 'tables'?");
    }

    @Test
    void pointsAtTheStartOfAFoldedCondition() {
        assertThat(PolicyReader.check("p.yaml", """
                version: 1
                rules:
                  - name: a
                    when: >
                      statement.writes &&
                      statement.tabels.size() > 1
                    then: deny
                """)).singleElement().asString().startsWith("p.yaml:4:11: in the condition: undefined field 'tabels'");
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThat(PolicyReader.check("p.yaml", """
                version: 1
                mode: perhaps
                defaults: {write: holds}
                rules:
                  - {name: a, when: statement.foo, then: deny}
                  - {name: a, when: true, then: allow}
                """)).hasSize(4);
    }

    @Test
    void acceptsAnEmptyListOfMasks() {
        assertThat(PolicyReader.check("p.yaml", "version: 1\nmasks: []\n")).isEmpty();
    }
}
