// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, in this process and with no server. */
final class PolicyCommandTest {
    private static final String STARTER = Path.of("..", "deploy", "policies", "starter.yaml").toString();

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(PolicyCommand.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    private String policy(String... lines) throws IOException {
        return Files.writeString(folder.resolve("p.yaml"), "version: 1\n" + String.join("\n", lines) + "\n").toString();
    }

    @Test
    void aShippedPolicyIsFine() {
        Outcome outcome = run("check", "--strict", STARTER);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).startsWith(STARTER + ": version ");
    }

    @Test
    void eachProblemHasItsPlaceAndReason() throws IOException {
        String file = policy("rules:", "  - name: r", "    when: statement.effect == 'x'", "    then: hould");
        Outcome outcome = run("check", file);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err().lines()).hasSize(2).anyMatch(line -> line.startsWith(file + ":4:20: in the condition: undefined field 'effect'"))
                .anyMatch(line -> line.startsWith(file + ":5:11: "));
    }

    @Test
    void aFileThatIsNotThereIsWrongUse() {
        assertThat(run("check", "nowhere.yaml").code()).isEqualTo(2);
        assertThat(run("check", "nowhere.yaml").err()).contains("nowhere.yaml cannot be read");
    }

    @Test
    void aWordThatAFieldNeverHasIsAWarning() throws IOException {
        String file = policy("rules:", "  - name: r", "    when: \"'writes' in statement.effects\"", "    then: hold");
        Outcome outcome = run("check", file);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).startsWith(file + ":4:12: warning: in the condition: 'writes' is none of the words of 'effects'").contains("'write'");
        assertThat(run("check", "--strict", file).code()).isEqualTo(1);
    }

    @Test
    void soIsOneInALoop() throws IOException {
        assertThat(run("check", policy("rules:", "  - {name: r, then: hold, when: \"statement.effects.exists(e, e == 'shema')\"}")).err()).contains("'shema' is none of");
        assertThat(run("check", policy("rules:", "  - {name: r, then: hold, when: \"statement.tables.exists(t, t.access in ['read', 'writing'])\"}")).err())
                .contains("'writing' is none of")
                .doesNotContain("'read' is none");
    }

    @Test
    void aSchemaThatAStatementMayLeaveOutIsAWarning() throws IOException {
        assertThat(run("check", policy("rules:", "  - {name: r, then: deny, when: \"statement.tables.exists(t, t.schema == 'hr')\"}")).err())
                .contains("say in ['hr', '']");
    }

    @Test
    void anExplanationNamesFactsRulesAndDecision() {
        Outcome outcome = run("explain", STARTER, "DELETE FROM orders WHERE true", "--as", "ada:dev,dba", "--target", "shop", "--at", "2026-11-23T12:00:00Z");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("caller       ada, groups dba, dev, role ada")
                .contains("at           2026-11-23T12:00:00Z")
                .contains("kind         DELETE")
                .contains("effects      write")
                .contains("bounded no")
                .contains("table        orders delete")
                .contains("lineage      unknown: no server was asked, say --url")
                .contains("rule         every-row-at-once: true, so hold")
                .contains("true    statement.writes")
                .contains("false   statement.bounded")
                .contains("rule         role-stays: false")
                .contains("depends on a masked column: unknown")
                .contains("decision     hold, by every-row-at-once: it has no condition that limits the rows");
    }

    @Test
    void defaultsAnswerWhereNoRuleDoes() {
        assertThat(run("explain", STARTER, "DO 'begin end'", "--as", "ada", "--target", "shop").out())
                .contains("no rule      default:unknown: hold")
                .contains("decision     hold, by default:unknown");
    }

    @Test
    void asJsonItIsOneObject() throws IOException {
        Outcome outcome = run("explain", STARTER, "SELECT a FROM public.t; DELETE FROM t", "--as", "ada", "--target", "shop", "--json");
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.at("/decision/outcome").asText()).isEqualTo("hold");
        assertThat(json.at("/statements/0/decision/outcome").asText()).isEqualTo("allow");
        assertThat(json.at("/statements/0/tables/0/columns/0").asText()).isEqualTo("a");
        assertThat(json.at("/statements/1/rules/1/parts/1/answer").asText()).isEqualTo("false");
        assertThat(json.get("lineage").isNull()).isTrue();
        assertThat(json.get("dependsOnMasked").isNull()).isTrue();
    }

    @Test
    void aCallerWithoutMasksDependsOnNone() {
        assertThat(run("explain", STARTER, "SELECT 1", "--as", "ada:privacy", "--target", "shop").out()).contains("masks        none for this caller");
    }

    private String searching() throws IOException {
        return policy(
                "detectors:",
                "  search:",
                "    - {find: [card, ssn]}",
                "    - {find: [email], action: alert, unless: \"'support' in user.groups\"}",
                "    - {name: staff, regex: 'EMP-[0-9]{6}', context: [employee], action: deny, targets: [shop]}",
                "  exempt: ['public.orders.tracking_*']");
    }

    @Test
    void whatTheCallersAnswersAreSearchedForIsSaid() throws IOException {
        String file = searching();
        assertThat(run("explain", file, "SELECT 1", "--as", "ada", "--target", "shop").out())
                .contains("  detectors    staff: deny, a match ends the statement with an error\n")
                .contains("  detectors    card, ssn: mask, a match is overwritten\n")
                .contains("  detectors    email: alert, a match is shown and counted\n")
                .contains("  not searched public.orders.tracking_*\n");
        assertThat(run("explain", file, "SELECT 1", "--as", "ada:support", "--target", "other").out())
                .contains("  detectors    card, ssn: mask").doesNotContain("email", "staff");
        assertThat(run("explain", policy("mode: observe", "detectors: {search: [{find: all}]}"), "SELECT 1", "--as", "ada", "--target", "shop").out())
                .contains("  detectors    none: the answer is not searched\n");
    }

    @Test
    void detectorsAreInTheJsonToo() throws IOException {
        JsonNode json = new ObjectMapper().readTree(run("explain", searching(), "SELECT 1", "--as", "ada", "--target", "shop", "--json").out());
        assertThat(json.at("/detectors/0/name").asText()).isEqualTo("card");
        assertThat(json.at("/detectors/3/action").asText()).isEqualTo("deny");
        assertThat(json.at("/detectors/3/regex").asText()).isEqualTo("EMP-[0-9]{6}");
        assertThat(json.at("/notSearched/0").asText()).isEqualTo("public.orders.tracking_*");
    }

    @Test
    void whatARuleDoesNotKnowIsSaid() throws IOException {
        String file = policy("rules:", "  - {name: big, when: statement.estimatedRows > 1000, then: hold}");
        assertThat(run("explain", file, "SELECT 1", "--as", "ada", "--target", "shop").out())
                .contains("rule         big: unknown, so hold")
                .contains("unknown      statement.estimatedRows: the decision may be milder once it is known");
    }

    @Test
    void whatIsNoSqlIsSaid() {
        Outcome outcome = run("explain", STARTER, "SELEC 1", "--as", "ada", "--target", "shop");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("not PostgreSQL's grammar").contains("at character 1");
    }

    @Test
    void whatCannotBeSeenIsEscaped() {
        assertThat(run("explain", STARTER, "SELECT * FROM \"a\u001b[2J\"", "--as", "ada", "--target", "shop").out()).contains("a\\u001B[2J").doesNotContain("\u001b");
    }

    @Test
    void wrongTimesAndMethodsAreWrongUse() {
        assertThat(run("explain", STARTER, "SELECT 1", "--as", "ada", "--target", "shop", "--at", "noon").err()).contains("--at needs a time");
        assertThat(run("explain", STARTER, "SELECT 1", "--as", "ada", "--target", "shop", "--method", "x").code()).isEqualTo(2);
        assertThat(run("explain", STARTER, "SELECT 1", "--as", "ada", "--target", "shop", "--url", "nonsense").code()).isEqualTo(2);
    }
}
