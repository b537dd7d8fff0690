// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsTest {
    private static ResultLimit of(String results) {
        return PolicyReader.read("p", "version: 1\nresults:\n" + results).results(reading(statement("SELECT", Effect.READ)), subject(), Particulars.ofText("SELECT"));
    }

    @Test
    void nothingIsKeptUnlessAPolicySaysSo() {
        assertThat(PolicyReader.failSafe().keepsResults()).isFalse();
        assertThat(PolicyReader.failSafe().results(reading(statement("SELECT", Effect.READ)), subject(), Particulars.ofText("SELECT"))).isEqualTo(ResultLimit.NONE);
    }

    @Test
    void whatAnyMatchingEntryAsksForIsKept() {
        assertThat(of("  - record: {rows: 10}\n  - record: {bytes: 500}\n  - {when: 'false', record: all}\n")).isEqualTo(new ResultLimit(10, 500));
        assertThat(of("  - record: none\n  - {when: statement.reads, record: all}\n")).isEqualTo(ResultLimit.ALL);
    }

    @Test
    void aConditionWithoutAnAnswerKeeps() {
        assertThat(of("  - {when: \"statement.kinds[7] == 'x'\", record: {rows: 1}}\n")).isEqualTo(new ResultLimit(1, 0));
        assertThat(of("  - {when: statement.dependsOnMasked, record: {rows: 1}}\n")).isEqualTo(new ResultLimit(1, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  - {when: 'true'}           | has no 'record'",
                "  - record: some             | 'some' does not say how much to record",
                "  - record: {rows: 0}        | rows must be a number above 0, but is '0'",
                "  - record: {row: 1}         | 'row' does not say how much to record",
                "  - {record: all, of: them}  | 'of' is no known key here",
                "  - {when: nobody, record: all} | undeclared reference to 'nobody'",
            })
    void saysWhatIsWrongAndWhere(String entry, String problem) {
        assertThat(PolicyReader.check("p", "version: 1\nresults:\n  " + entry + "\n")).anySatisfy(line -> assertThat(line).startsWith("p:3:").contains(problem));
    }
}
