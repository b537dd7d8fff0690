// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.NOON;
import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFactsBuilder;
import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {
    private static final StatementFactsBuilder SELECT = statement("SELECT", Effect.READ).relation("public", "customers", Access.READ);
    private static final StatementFactsBuilder INSERT = statement("INSERT", Effect.WRITE).relation("public", "orders", Access.INSERT);
    private static final StatementFactsBuilder DELETE_ALL = statement("DELETE", Effect.WRITE).relation(null, "orders", Access.DELETE).unbounded();

    private static Policy policy(String text) {
        return PolicyReader.read("p.yaml", "version: 1\n" + text);
    }

    private static Decision judge(String policy, StatementFactsBuilder... statements) {
        return policy(policy).judge(reading(statements), subject("dba"));
    }

    @ParameterizedTest
    @EnumSource(Effect.class)
    void withoutAWordOnItReadingPassesWritingWaitsAndTheRestIsDenied(Effect effect) {
        Decision decision = PolicyReader.failSafe().judge(reading(statement("X", effect)), subject());
        String rule = "default:" + effect.name().toLowerCase(Locale.ROOT);
        switch (effect) {
            case READ, SESSION -> assertThat(decision).isEqualTo(new Decision.Allow(rule));
            case WRITE, SCHEMA ->
                assertThat(decision).isEqualTo(new Decision.Hold(rule, null, List.of("approvers"), 1, Duration.ofMinutes(30)));
            case PRIVILEGE, ADMIN, FILE, PROGRAM, NETWORK, UNKNOWN ->
                assertThat(decision).isInstanceOf(Decision.Deny.class).extracting(Decision::rule).isEqualTo(rule);
        }
    }

    @Test
    void transactionControlAndPlainSettingsAreTheSessionsOwn() {
        Policy failSafe = PolicyReader.failSafe();
        assertThat(failSafe.judge(reading(statement("BEGIN").transactionControl(TransactionControl.BEGIN)), subject()))
                .isEqualTo(new Decision.Allow("default:session"));
        assertThat(failSafe.judge(reading(statement("SET", Effect.SESSION).setting("datestyle", "iso")), subject()))
                .isEqualTo(new Decision.Allow("default:session"));
    }

    @Test
    void anEmptyQueryPasses() {
        assertThat(PolicyReader.failSafe().judge(new Reading.Understood(List.of(), "f", ""), subject())).isEqualTo(new Decision.Allow("default:empty"));
    }

    @Test
    void theStrictestDefaultOfAllEffectsAnswers() {
        assertThat(judge("defaults: {read: allow, write: hold}", statement("INSERT", Effect.READ, Effect.WRITE)).rule()).isEqualTo("default:write");
        assertThat(judge("defaults: {write: allow}", statement("COPY", Effect.WRITE, Effect.PROGRAM)).rule()).isEqualTo("default:program");
    }

    @Test
    void aFunctionThatIsNotPostgresqlsOwnIsUnknown() {
        StatementFactsBuilder call = statement("SELECT", Effect.READ).unknownFunction(new FunctionName("app", "purge"));
        assertThat(judge("", call)).isEqualTo(new Decision.Deny(
                "default:unknown",
                "the policy's default for the effect 'unknown' is deny: it calls app.purge, whose text it does not show",
                null));
        assertThat(judge("defaults: {unknown: allow}", call)).isEqualTo(new Decision.Allow("default:read, default:unknown"));
        assertThat(judge("rules:\n  - {name: known, when: \"statement.unknownFunctions.all(f, f == 'app.purge')\", then: allow}\n", call))
                .isEqualTo(new Decision.Allow("known"));
    }

    @Test
    void anAllowingRuleStandsAboveTheDefaults() {
        String policy = """
                defaults: {write: hold}
                rules:
                  - {name: dba-writes, when: "'dba' in user.groups && statement.writes", then: allow}
                """;
        assertThat(judge(policy, INSERT)).isEqualTo(new Decision.Allow("dba-writes"));
        assertThat(policy(policy).judge(reading(INSERT), subject("sales")).rule()).isEqualTo("default:write");
    }

    @Test
    void anAllowingRuleGivesWayToAnyStricterRule() {
        String policy = """
                rules:
                  - {name: a, when: 'true', then: allow}
                  - {name: b, when: statement.writes, then: hold}
                  - {name: c, when: '!statement.bounded', then: {deny: never}}
                """;
        assertThat(judge(policy, SELECT)).isEqualTo(new Decision.Allow("a"));
        assertThat(judge(policy, INSERT).rule()).isEqualTo("b");
        assertThat(judge(policy, DELETE_ALL)).isEqualTo(new Decision.Deny("c", "never", null));
    }

    @Test
    void orderDoesNotMatterForTheOutcome() {
        String[] rules = {
            "  - {name: a, when: statement.writes, then: allow}\n",
            "  - {name: b, when: statement.writes, then: {hold: {approvers: [x, y], quorum: 2, expires: 10m}}}\n",
            "  - {name: c, when: statement.writes, then: {hold: {approvers: [y, z], quorum: 1, expires: 5m}}}\n"
        };
        for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}) {
            Decision.Hold hold = (Decision.Hold) judge("rules:\n" + rules[order[0]] + rules[order[1]] + rules[order[2]], INSERT);
            assertThat(hold.approvers()).containsExactly("y");
            assertThat(hold.quorum()).isEqualTo(2);
            assertThat(hold.expires()).isEqualTo(Duration.ofMinutes(5));
            assertThat(hold.rule()).isIn("b, c", "c, b");
        }
    }

    @Test
    void holdsWithoutACommonGroupGoToTheGroupsOfTheStrictest() {
        Decision decision = judge("""
                rules:
                  - {name: a, when: 'true', then: {hold: {approvers: [x], quorum: 1, expires: 5m, reason: first}}}
                  - {name: b, when: 'true', then: {hold: {approvers: [y], quorum: 2, expires: 10m, reason: second}}}
                """, INSERT);
        assertThat(decision).isEqualTo(new Decision.Hold("a, b", "second", List.of("y"), 2, Duration.ofMinutes(5)));
    }

    @Test
    void holdsThatNameTheirGroupsApartAreJoinedSoThatEachIsSatisfied() {
        Decision.Hold hold = (Decision.Hold) judge("""
                rules:
                  - {name: a, when: 'true', then: {hold: {quorum: {all: [{group: x, count: 1}, {group: y, count: 1}]}, autoApproveBelow: 10}}}
                  - {name: b, when: 'true', then: {hold: {quorum: {all: [{group: y, count: 2}]}, autoApproveBelow: 5}}}
                  - {name: c, when: 'true', then: {hold: {approvers: [z, x], quorum: 3}}}
                """, INSERT);
        assertThat(hold.all()).containsExactly(new GroupQuorum("x", 1), new GroupQuorum("y", 2), new GroupQuorum("z", 2));
        assertThat(hold.quorum()).isEqualTo(5);
        assertThat(hold.approvers()).containsExactly("x", "y", "z");
        assertThat(hold.autoApproveBelow()).isNull();
    }

    @Test
    void theStrictestAnswerHoldsForTheWholeText() {
        String policy = "defaults: {read: allow, write: hold, file: deny}";
        assertThat(judge(policy, SELECT, INSERT).rule()).isEqualTo("default:write");
        assertThat(judge(policy, SELECT, INSERT, statement("COPY", Effect.FILE)).rule()).isEqualTo("default:file");
        assertThat(judge(policy, statement("BEGIN"), SELECT).rule()).isEqualTo("default:session, default:read");
    }

    @Test
    void denialsNameEveryRuleAndGiveTheFirstReason() {
        assertThat(judge("""
                rules:
                  - {name: a, when: 'true', then: deny}
                  - {name: b, when: 'true', then: {deny: {reason: because, hint: ask}}}
                """, SELECT)).isEqualTo(new Decision.Deny("a, b", "denied by the policy's rule 'a'", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 / (size(user.groups) - 1) == 0", "statement.tables[7].name == 'x'", "statement.settings['x'] == 'y'",
        "timestamp(user.subject) < now"})
    void aRuleThatFailsDenies(String condition) {
        Decision decision = judge("rules:\n  - {name: broken, when: \"" + condition + "\", then: allow}\n", SELECT);
        assertThat(decision).isInstanceOf(Decision.Deny.class).extracting(Decision::rule).isEqualTo("broken");
        assertThat(((Decision.Deny) decision).reason()).startsWith("the policy's rule 'broken' could not be evaluated: ");
    }

    @Test
    void aConditionThatTakesTooLongDenies() {
        StatementFactsBuilder wide = statement("SELECT", Effect.READ);
        for (int i = 0; i < 400; i++) {
            wide.relation("s", "t" + i, Access.READ);
        }
        Decision decision = judge("rules:\n  - {name: square, when: 'statement.tables.all(a, statement.tables.exists(b, b.name == a.name))', then: allow}\n", wide);
        assertThat(decision).isInstanceOf(Decision.Deny.class).extracting(Decision::rule).isEqualTo("square");
    }

    @Test
    void aTextOfVeryManyDifferentStatementsIsDenied() {
        StatementFactsBuilder[] many = new StatementFactsBuilder[RulePolicy.MAX_STATEMENTS + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = statement("SELECT", Effect.READ).relation(null, "t" + i, Access.READ);
        }
        assertThat(judge("defaults: {read: allow}", many).rule()).isEqualTo("limit:statements");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "statement.kind == 'SELECT'",
        "statement.kinds == ['SELECT', 'DELETE']",
        "'read' in statement.effects && statement.effects.all(e, e == 'read')",
        "statement.reads && !statement.writes && statement.bounded",
        "statement.tables.exists(t, t.schema == 'public' && t.name == 'customers' && t.access == 'read')",
        "statement.tables.exists(t, t.schema == '' && t.name == 'local')",
        "'pg_sleep' in statement.functions && 'app.f' in statement.unknownFunctions && statement.callsUnknownFunction",
        "statement.settings['work_mem'] == '4MB' && !statement.setsRole",
        "statement.transactionControl == 'none' && statement.copy == 'none' && !statement.inTransaction",
        "statement.inner.exists(i, i.kind == 'DELETE' && i.writes)",
        "user.subject == 'ada' && user.issuer == 'https://id.example' && 'dba' in user.groups && user.method == 'oidc' && user.onBehalfOf == ''",
        "target.name == 'shop' && target.database == 'shopdb'",
        "session.application == 'psql' && session.clientAddress.startsWith('127.') && session.role == 'app'",
        "now.getHours() == 12 && now.getDayOfWeek('Europe/Berlin') == 1 && now < timestamp('2027-01-01T00:00:00Z')",
    })
    void conditionsSeeWhatTheDocumentationPromises(String condition) {
        StatementFactsBuilder statement = statement("SELECT", Effect.READ)
                .relation("public", "customers", Access.READ)
                .relation(null, "local", Access.READ)
                .function(new FunctionName(null, "pg_sleep"))
                .unknownFunction(new FunctionName("app", "f"))
                .setting("work_mem", "4MB")
                .inner(statement("DELETE", Effect.WRITE).build());
        assertThat(judge("rules:\n  - {name: seen, when: \"" + condition + "\", then: deny}\n", statement))
                .isEqualTo(new Decision.Deny("seen", "denied by the policy's rule 'seen'", null));
    }

    @Test
    void anAnswerIsRememberedForTheSameQuestionOnly() {
        Policy policy = policy("rules:\n  - {name: tx, when: 'statement.inTransaction', then: deny}\n  - {name: sales, when: \"'sales' in user.groups\", then: hold}\n");
        Reading.Understood reading = reading(SELECT);
        Subject subject = subject("dba");
        Subject inTransaction = new Subject(subject.principal(), "shop", "shopdb", "app", "psql", "127.0.0.1", true, NOON, null);

        assertThat(policy.judge(reading, subject)).isSameAs(policy.judge(reading(SELECT), subject("dba")));
        assertThat(policy.judge(reading, inTransaction).rule()).isEqualTo("tx");
        assertThat(policy.judge(reading, subject("sales")).rule()).isEqualTo("sales");
        assertThat(policy.judge(reading(INSERT), subject).rule()).isEqualTo("default:write");
    }

    @Test
    void theClockIsNeverRemembered() {
        Policy policy = policy("rules:\n  - {name: night, when: 'now.getHours() >= 22 || now.getHours() < 6', then: deny}\n");
        Reading.Understood reading = reading(SELECT);
        assertThat(policy.judge(reading, subject(NOON)).rule()).isEqualTo("default:read");
        assertThat(policy.judge(reading, subject(NOON.plus(Duration.ofHours(11)))).rule()).isEqualTo("night");
        assertThat(policy.judge(reading, subject(NOON.plus(Duration.ofHours(24)))).rule()).isEqualTo("default:read");
    }

    @Test
    void theVersionFollowsTheText() {
        assertThat(policy("mode: observe").version()).matches("[0-9a-f]{12}").isEqualTo(policy("mode: observe").version());
        assertThat(policy("mode: observe").version()).isNotEqualTo(policy("mode: enforce").version());
        assertThat(policy("mode: observe").mode()).isEqualTo(Mode.OBSERVE);
        assertThat(policy("").mode()).isEqualTo(Mode.ENFORCE);
    }
}
