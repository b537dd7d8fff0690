// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.masking.MaskRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectorReaderTest {
    private static DetectionRules rules(String detectors, String group) {
        return PolicyReader.read("test", "version: 1\n" + detectors).detections(Statements.subject(group));
    }

    private static List<String> names(DetectionRules rules) {
        return rules.detectors().stream().map(detector -> detector.name() + " " + detector.action()).toList();
    }

    @Test
    void looksForNothingUnlessItIsTold() {
        assertThat(rules("", "agents").isEmpty()).isTrue();
    }

    @Test
    void takesTheStrictestActionOfSeveral() {
        assertThat(names(rules("""
                detectors:
                  search:
                    - {find: [card, ssn], action: alert}
                    - {find: [card], action: deny}
                    - {find: [card, ssn]}
                """, "agents"))).containsExactly("card DENY", "ssn MASK");
    }

    @Test
    void searchesForWhomTheConditionsSay() {
        String detectors = """
                detectors:
                  search:
                    - {find: all, unless: "'privacy' in user.groups"}
                    - {find: [ip], only: "'agents' in user.groups", targets: [elsewhere]}
                """;
        assertThat(rules(detectors, "agents").detectors()).hasSize(10);
        assertThat(rules(detectors, "privacy").isEmpty()).isTrue();
    }

    @Test
    void asksForTheCatalogOnlyWhereColumnsAreExempt() {
        String search = "version: 1\ndetectors:\n  search: [{find: all}]\n";

        assertThat(PolicyReader.read("test", search).masks(Statements.subject("agents"))).isSameAs(MaskRules.NONE);
        assertThat(PolicyReader.read("test", search + "  exempt: ['public.t.c']\n").masks(Statements.subject("agents")).isEmpty()).isFalse();
    }

    @Test
    void readsExpressionsOfTheOperatorsOwn() {
        List<Detector> detectors = rules("detectors: {search: [{name: staff, regex: 'EMP-\\d+', context: [Employee]}]}", "agents").detectors();

        assertThat(detectors).singleElement().satisfies(detector -> {
            assertThat(detector.name()).isEqualTo("staff");
            assertThat(detector.pattern()).isNotNull();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}                                                       | detectors need 'search'",
        "{search: [{find: [crad]}]}                               | 'crad' is no detector",
        "{search: [{find: []}]}                                   | at least one detector",
        "{search: [{find: [card], regex: 'x', name: n}]}          | either 'find' or 'regex'",
        "{search: [{find: [card], context: [x]}]}                 | context belongs to a regex",
        "{search: [{regex: 'a+'}]}                                | needs a name of its own",
        "{search: [{regex: 'a+', name: card}]}                    | needs a name of its own",
        "{search: [{regex: '(', name: n}]}                        | no regular expression of RE2",
        "{search: [{regex: 'a*', name: n}]}                       | matches the empty text",
        "{search: [{regex: 'a', name: n}, {regex: 'b', name: n}]} | is taken by another regex",
        "{search: [{find: [card], action: hide}]}                 | action must not be 'hide'",
        "{search: [{find: [card], only: 'user.nobody'}]}          | undefined field 'nobody'",
        "{search: [{find: [card]}], exempt: ['a']}                | is no column",
        "{search: [{find: [card]}], exempt: [\"a.b.c->'d'\"]}     | columns are exempt as a whole",
        "{search: [{find: [card]}], serch: []}                    | 'serch' is no known key here",
    })
    void refusesWhatItDoesNotUnderstand(String detectors, String problem) {
        assertThat(PolicyReader.check("test", "version: 1\ndetectors: " + detectors + "\n")).anySatisfy(line -> assertThat(line).contains(problem));
    }
}
