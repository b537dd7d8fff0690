// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.masking.VouchedFunction;
import dev.sluice.gateway.statement.Effect;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaskReaderTest {
    private static Mask with(String with) {
        return rules("version: 1\nmasks: [{columns: [a.b.c], with: " + with + "}]\n").rules().getFirst().mask();
    }

    private static MaskRules rules(String policy, String... groups) {
        return PolicyReader.read("p.yaml", policy).masks(subject(groups));
    }

    @Test
    void readsEveryMask() {
        assertThat(with("redact")).isEqualTo(new Mask.Redact());
        assertThat(with("hash")).isEqualTo(new Mask.Hash());
        assertThat(with("tokenize")).isEqualTo(new Mask.Tokenize());
        assertThat(with("nullify")).isEqualTo(new Mask.Nullify());
        assertThat(with("deny")).isEqualTo(new Mask.Deny());
        assertThat(with("{partial: {keepLast: 4}}")).isEqualTo(new Mask.Partial(0, 4));
        assertThat(with("{partial: {keepFirst: 1, keepLast: 2}}")).isEqualTo(new Mask.Partial(1, 2));
        assertThat(with("{generalize: {to: month}}")).isEqualTo(new Mask.Generalize(Mask.Precision.MONTH, null));
        assertThat(with("{generalize: {to: year, bucket: 2.5}}")).isEqualTo(new Mask.Generalize(Mask.Precision.YEAR, new BigDecimal("2.5")));
    }

    @Test
    void deniesEveryUseThatIsNotAllowed() {
        MaskRule rule = rules("version: 1\nmasks: [{columns: [a.b.c], with: redact}]\n").rules().getFirst();
        assertThat(rule.uses()).isEqualTo(new Uses(Uses.Predicates.DENY, false, false, false));
        assertThat(rule.name()).isEqualTo("a.b.c");
        assertThat(rules("version: 1\nmasks: [{columns: [a.b.c], with: hash}]\n").rules().getFirst().uses())
                .isEqualTo(new Uses(Uses.Predicates.DENY, false, false, true));
        assertThat(rules("version: 1\nmasks: [{name: n, columns: [a.b.c], with: hash, predicates: equality, joins: allow, orderBy: allow, groupBy: deny}]\n")
                        .rules().getFirst().uses())
                .isEqualTo(new Uses(Uses.Predicates.EQUALITY, true, true, false));
    }

    @Test
    void asksWhoTheCallerIs() {
        String policy = """
                version: 1
                masks:
                  - {columns: [a.b.c], with: redact, unless: "'privacy' in user.groups"}
                  - {columns: [a.b.d], with: redact, only: "'agents' in user.groups"}
                """;
        assertThat(rules(policy).rules()).extracting(MaskRule::name).containsExactly("a.b.c");
        assertThat(rules(policy, "agents").rules()).extracting(MaskRule::name).containsExactly("a.b.c", "a.b.d");
        assertThat(rules(policy, "privacy").isEmpty()).isTrue();
        assertThat(rules(policy, "privacy", "agents").rules()).extracting(MaskRule::name).containsExactly("a.b.d");
    }

    @Test
    void givesCallersWithTheSameMasksTheSameRules() {
        Policy policy = PolicyReader.read("p", "version: 1\nmasks: [{columns: [a.b.c], with: redact, unless: \"'x' in user.groups\"}]\n");
        assertThat(policy.masks(subject("one"))).isSameAs(policy.masks(subject("two"))).isNotSameAs(policy.masks(subject("x")));
    }

    @Test
    void asksForTheTimeEachTime() {
        Policy policy = PolicyReader.read(
                "p", "version: 1\nmasks: [{columns: [a.b.c], with: redact, unless: \"now < timestamp('2026-01-01T00:00:00Z')\"}]\n");
        assertThat(policy.masks(subject(Instant.parse("2025-12-31T00:00:00Z"))).isEmpty()).isTrue();
        assertThat(policy.masks(subject(Instant.parse("2026-01-02T00:00:00Z"))).isEmpty()).isFalse();
    }

    @Test
    void keepsTheMaskWhereItsConditionFails() {
        assertThat(rules("version: 1\nmasks: [{columns: [a.b.c], with: redact, unless: \"user.groups[7] == 'x'\"}]\n").rules()).hasSize(1);
        assertThat(rules("version: 1\nmasks: [{columns: [a.b.c], with: redact, only: \"user.groups[7] == 'x'\"}]\n").rules()).hasSize(1);
    }

    @Test
    void knowsWhoIsVouchedFor() {
        String hash = "ab".repeat(32);
        assertThat(rules("version: 1\nmasks: [{columns: [a.b.c], with: redact}]\nvouch: [{function: public.f, sha256: " + hash + "}]\n").vouched())
                .isEqualTo(Set.of(new VouchedFunction("public", "f", hash)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{columns: [a.b.c]}                                  | p.yaml:1:22: a mask needs 'with'",
        "{with: hash}                                        | p.yaml:1:22: a mask needs columns",
        "{columns: [], with: hash}                           | p.yaml:1:32: columns must name at least one column",
        "{columns: [a.b], with: hash}                        | p.yaml:1:33: 'a.b' is no column; write schema.table.column, with * for any name",
        "{columns: [a.b.c.d], with: hash}                    | p.yaml:1:33: 'a.b.c.d' is no column: '.d' after the column is no json path",
        "{columns: ['a.b.c->'], with: hash}                  | p.yaml:1:33: 'a.b.c->' lacks a key at character 8",
        "{columns: [a.b.c], with: hsah}                      | p.yaml:1:47: 'hsah' is no mask; did you mean 'hash'?",
        "{columns: [a.b.c], with: partial}                   | p.yaml:1:47: partial needs terms",
        "{columns: [a.b.c], with: {hash: 1}}                 | p.yaml:1:54: hash has no terms",
        "{columns: [a.b.c], with: {partial: {keepFist: 1}}}  | p.yaml:1:58: 'keepFist' is no known key here; did you mean 'keepFirst'?",
        "{columns: [a.b.c], with: {partial: {keepLast: -1}}} | p.yaml:1:68: keepLast must be a whole number from 0 to 100, but is '-1'",
        "{columns: [a.b.c], with: {partial: {}}}             | p.yaml:1:57: partial must keep something",
        "{columns: [a.b.c], with: {generalize: {to: week}}}  | p.yaml:1:65: to must not be 'week'",
        "{columns: [a.b.c], with: {generalize: {bucket: 0}}} | p.yaml:1:69: bucket must be a number above zero",
        "{columns: [a.b.c], with: {generalize: {}}}          | p.yaml:1:60: generalize needs 'to' for dates",
        "{columns: [a.b.c..d], with: deny}                   | p.yaml:1:50: deny is for whole columns",
        "{columns: [a.b.c], with: hash, predicates: maybe}   | p.yaml:1:65: predicates must not be 'maybe'; known are allow, deny, equality",
        "{columns: [a.b.c], with: hash, joins: equality}     | p.yaml:1:60: joins must not be 'equality'",
        "{columns: [a.b.c], with: hash, unless: statement.reads} | undeclared reference to 'statement'",
        "{columns: [a.b.c], with: hash, except: x}           | p.yaml:1:53: 'except' is no known key here",
    })
    void saysWhatIsWrongAndWhere(String mask, String problem) {
        assertThat(PolicyReader.check("p.yaml", "{version: 1, masks: [" + mask.strip() + "]}\n")).singleElement().asString().contains(problem);
    }

    @Test
    void saysWhatIsWrongWithVouching() {
        assertThat(PolicyReader.check("p.yaml", "{version: 1, vouch: [{function: f, sha256: x}]}\n"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("function must be schema.name, but is 'f'"))
                .anyMatch(problem -> problem.contains("sha256 must be 64 hexadecimal digits"));
        assertThat(List.of(PolicyReader.check("p.yaml", "{version: 1, vouch: []}\n"))).containsExactly(List.of());
    }

    @Test
    void rulesAndMasksMayAskForThePurposeThatTheClientDeclares() {
        Policy policy = PolicyReader.read("p.yaml", """
                version: 1
                defaults: {read: allow}
                rules:
                  - {name: say-why, when: "session.purpose == ''", then: deny}
                masks:
                  - {columns: [public.people.ssn], with: redact, unless: "session.purpose == 'fraud-case' && 'fraud' in user.groups"}
                """);
        Subject silent = subject("fraud");
        Subject declared = declaring(silent, "fraud-case");

        assertThat(policy.judge(Statements.reading(Statements.statement("SELECT", Effect.READ)), silent)).isInstanceOf(Decision.Deny.class);
        assertThat(policy.judge(Statements.reading(Statements.statement("SELECT", Effect.READ)), declared)).isInstanceOf(Decision.Allow.class);
        assertThat(policy.masks(silent).isEmpty()).isFalse();
        assertThat(policy.masks(declared).isEmpty()).isTrue();
        assertThat(policy.masks(declaring(silent, "curiosity")).isEmpty()).isFalse();
        assertThat(policy.masks(declaring(subject("sales"), "fraud-case")).isEmpty()).isFalse();
    }

    private static Subject declaring(Subject caller, String purpose) {
        return new Subject(caller.principal(), caller.target(), caller.database(), caller.role(), caller.application(), caller.clientAddress(), false, caller.now(), purpose);
    }
}
