// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cel.common.types.CelType;
import dev.sluice.gateway.config.Durations;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.DetectorKind;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.schemas.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page is held against the code: every key, effect, field and word, no more and no less. */
final class PolicyPageTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (.*?) \\|", Pattern.MULTILINE);

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "deploy", "docs", "policy.md"));
    }

    /** The part from a heading to the next one. */
    private static String section(String heading) throws IOException {
        String page = page();
        int start = page.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isPositive();
        int end = page.indexOf("\n#", start + heading.length());
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static List<String> firstColumn(String section) {
        List<String> names = new ArrayList<>();
        Matcher row = ROW.matcher(section);
        while (row.find()) {
            names.add(row.group(1));
        }
        return names;
    }

    @Test
    void namesEveryKey() throws IOException {
        assertThat(firstColumn(section("## Keys"))).containsExactlyElementsOf(PolicyReader.TOP_KEYS);
        assertThat(firstColumn(section("### `hold`"))).containsExactlyElementsOf(OutcomeReader.STANDARD_HOLD_KEYS);
        assertThat(firstColumn(section("### A rule"))).containsExactlyElementsOf(PolicyReader.RULE_KEYS);
        assertThat(section("### Outcomes")).contains(OutcomeReader.OUTCOMES).contains(OutcomeReader.DENY_KEYS).contains(OutcomeReader.HOLD_KEYS);
    }

    @Test
    void namesEveryKeyOfMasks() throws IOException {
        assertThat(firstColumn(section("### A mask"))).containsExactlyElementsOf(MaskReader.MASK_KEYS);
        assertThat(firstColumn(section("### Vouching for functions"))).containsExactlyElementsOf(MaskReader.VOUCH_KEYS);
        String shown = section("### What is shown instead");
        assertThat(shown).contains(MaskReader.MASK_WORDS).contains(MaskReader.PARTIAL_KEYS).contains(MaskReader.GENERALIZE_KEYS);
        for (Mask.Precision precision : Mask.Precision.values()) {
            assertThat(shown).contains("`" + Variables.word(precision) + "`");
        }
    }

    @Test
    void namesEveryKeyOfResults() throws IOException {
        assertThat(firstColumn(section("## Results"))).containsExactlyElementsOf(ResultsReader.ENTRY_KEYS);
        assertThat(section("## Results")).contains(ResultsReader.RECORD_WORDS);
    }

    @Test
    void namesEveryKeyOfDetectors() throws IOException {
        assertThat(firstColumn(section("## Detectors"))).containsExactlyElementsOf(DetectorReader.KEYS);
        String search = section("### A search");
        assertThat(firstColumn(search)).containsExactlyElementsOf(DetectorReader.SEARCH_KEYS);
        DetectorKind.builtIn().forEach(kind -> assertThat(search).contains("`" + kind.word() + "`"));
        assertThat(PolicyReader.check("detectors", "version: 1\n" + example(section("## Detectors")))).isEmpty();
    }

    @Test
    void givesTheTrueDefaults() throws IOException {
        String defaults = section("### `defaults`");
        assertThat(firstColumn(defaults)).containsExactlyElementsOf(Arrays.stream(Effect.values()).map(Variables::word).toList());
        for (Effect effect : Effect.values()) {
            String outcome = PolicyReader.failSafe().judge(reading(statement("X", effect)), subject()).getClass().getSimpleName().toLowerCase(Locale.ROOT);
            assertThat(defaults).contains("| `" + Variables.word(effect) + "` | `" + outcome + "` |");
        }
        assertThat(section("### `hold`"))
                .contains("`" + OutcomeReader.STANDARD_HOLD.approvers() + "`")
                .contains("`" + OutcomeReader.STANDARD_HOLD.quorum() + "`")
                .contains("`" + Durations.format(OutcomeReader.STANDARD_HOLD.expires()) + "`");
    }

    /** What a section says that a key is where it is left out. */
    private static String defaultOf(String section, String key) throws IOException {
        Matcher row = ROW.matcher(section(section));
        while (row.find()) {
            if (row.group(1).equals(key)) {
                return row.group(2);
            }
        }
        throw new AssertionError(key + " is not in " + section);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "## Keys                      | version: 1                                       | ",
        "### A rule                   | name: r; when: true; then: deny                  | rules",
        "### A mask                   | columns: [a.b.c]; with: redact                   | masks",
        "### Vouching for functions   | function: a.b; sha256: 0000000000000000000000000000000000000000000000000000000000000000 | vouch",
        "## Results                   | record: all                                      | results",
        "## Detectors                 | search: [{find: all}]                            | detectors"
    })
    void whatIsRequiredIsWhatCannotBeLeftOut(String heading, String keys, @Nullable String list) throws IOException {
        List<String> given = List.of(keys.split("; "));
        List<String> names = given.stream().map(key -> key.substring(0, key.indexOf(':'))).toList();
        for (String key : firstColumn(section(heading))) {
            assertThat(defaultOf(heading, key).equals("**required**")).as(heading + " " + key).isEqualTo(names.contains(key));
        }
        assertThat(PolicyReader.check("all", within(list, given))).isEmpty();
        for (String left : given) {
            assertThat(PolicyReader.check("less", within(list, given.stream().filter(key -> !key.equals(left)).toList()))).as("without " + left).isNotEmpty();
        }
    }

    private static String within(@Nullable String list, List<String> keys) {
        String mapping = "{" + String.join(", ", keys) + "}";
        return list == null ? mapping : "{version: 1, " + list + ": " + (list.equals("detectors") ? mapping : "[" + mapping + "]") + "}";
    }

    @Test
    void givesTheTrueDefaultsOfMasks() throws IOException {
        for (String with : List.of("redact", "hash", "tokenize", "nullify")) {
            List<MaskRule> rules = PolicyReader.read("p", "{version: 1, masks: [{columns: [a.b.c, d.e.f], with: " + with + "}]}").masks(subject()).rules();
            boolean keepsEquality = with.equals("hash") || with.equals("tokenize");
            assertThat(rules).extracting(MaskRule::name, MaskRule::uses).containsExactly(tuple("a.b.c", new Uses(Uses.Predicates.DENY, false, false, keepsEquality)));
        }
        assertThat(defaultOf("### A mask", "name")).isEqualTo("first column");
        assertThat(defaultOf("### A mask", "predicates")).isEqualTo("`deny`");
        assertThat(defaultOf("### A mask", "joins")).isEqualTo("`deny`");
        assertThat(defaultOf("### A mask", "orderBy")).isEqualTo("`deny`");
        assertThat(defaultOf("### A mask", "groupBy")).isEqualTo("`deny`; with `hash` and `tokenize` `allow`");
        assertThat(defaultOf("### A mask", "unless")).isEqualTo("nobody");
        assertThat(defaultOf("### A mask", "only")).isEqualTo("everybody");
    }

    @Test
    void givesTheTrueDefaultsOfEverythingElse() throws IOException {
        Policy bare = PolicyReader.read("p", "version: 1");
        assertThat(defaultOf("## Keys", "mode")).isEqualTo("`" + Variables.word(bare.mode()) + "`");
        assertThat(bare.allMasks().isEmpty() && bare.detections(subject()).isEmpty() && !bare.keepsResults()).isTrue();
        for (String key : List.of("rules", "masks", "vouch", "results", "detectors")) {
            assertThat(defaultOf("## Keys", key)).as(key).isEqualTo("empty");
        }
        assertThat(OutcomeReader.STANDARD_HOLD.autoApproveBelow()).isNull();
        for (String key : List.of("autoApproveBelow", "mode", "patience", "inTransaction")) {
            assertThat(defaultOf("### `hold`", key)).as(key).isEqualTo("none");
        }
        assertThat(defaultOf("## Results", "when")).isEqualTo("`true`");
        assertThat(kept("{record: all}")).isEqualTo(kept("{when: true, record: all}")).isNotEqualTo(ResultLimit.NONE);
        List<Detector> found = PolicyReader.read("p", "{version: 1, detectors: {search: [{find: [card]}]}}").detections(subject()).detectors();
        assertThat(found).extracting(detector -> "`" + Variables.word(detector.action()) + "`").containsExactly(defaultOf("### A search", "action"));
        assertThat(defaultOf("### A search", "context")).isEqualTo("empty");
        assertThat(defaultOf("### A search", "targets")).isEqualTo("all");
        assertThat(defaultOf("### A search", "unless")).isEqualTo("nobody");
        assertThat(defaultOf("### A search", "only")).isEqualTo("everybody");
        assertThat(defaultOf("## Detectors", "exempt")).isEqualTo("empty");
    }

    private static ResultLimit kept(String entry) {
        return PolicyReader.read("p", "{version: 1, results: [" + entry + "]}").results(reading(statement("X", Effect.READ)), subject(), Particulars.ofText("X"));
    }

    @Test
    void namesEveryVariableFieldAndType() throws IOException {
        List<String> rows = new ArrayList<>();
        Conditions.VARIABLES.forEach((name, type) -> rows.add("| `" + name + "` | " + written(type.name()) + " |"));
        Conditions.STRUCTURES.forEach((structure, fields) -> fields.forEach((field, type) ->
                rows.add("| `" + structure.toLowerCase(Locale.ROOT) + "." + field + "` | " + type(type) + " |")));
        String conditions = section("## Conditions");
        assertThat(firstColumn(conditions)).hasSameSizeAs(rows);
        assertThat(conditions).contains(rows);
    }

    private static String type(CelType type) {
        return type.parameters().isEmpty()
                ? written(type.name())
                : type.name() + type.parameters().stream().map(PolicyPageTest::type).toList().toString().replace('[', '(').replace(']', ')');
    }

    private static String written(String type) {
        return type.replace("google.protobuf.Timestamp", "timestamp");
    }

    @Test
    void namesEveryWord() throws IOException {
        String conditions = section("## Conditions");
        for (Enum<?>[] words : List.<Enum<?>[]>of(Access.values(), CopyDirection.values(), TransactionControl.values(), Principal.Method.values())) {
            for (Enum<?> word : words) {
                assertThat(conditions).contains("`" + Variables.word(word) + "`");
            }
        }
    }

    @Test
    void itsExamplesLoad() throws IOException {
        assertThat(PolicyReader.check("example", example(page()))).isEmpty();
        assertThat(PolicyReader.check("masks", "version: 1\n" + example(section("## Masks")))).isEmpty();
    }

    private static String example(String text) {
        String example = text.substring(text.indexOf("```yaml\n") + "```yaml\n".length());
        return example.substring(0, example.indexOf("```"));
    }

    @Test
    void itsNumbersAreTheLimits() throws IOException {
        assertThat(page()).contains("more than %,d different statements".formatted(RulePolicy.MAX_STATEMENTS))
                .contains("more than %,d steps".formatted(Conditions.MAX_ITERATIONS));
    }
}
