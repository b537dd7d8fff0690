// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.store.SessionState;
import dev.sluice.audit.store.StatementEnd;
import dev.sluice.audit.verify.Finding;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code deploy/docs/audit.md} tells people to type is taken, and the words that it explains are those that there are. */
final class AuditPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "audit.md");

    private static List<MatchResult> found(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(PAGE)).results().toList();
    }

    private static JsonObject description() throws IOException {
        try (InputStream stream = Objects.requireNonNull(AuditPageTest.class.getResourceAsStream("/dev/sluice/audit/openapi.json"))) {
            return new JsonObject(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void itsConfigurationIsRead() throws IOException {
        String yaml = found("(?s)^```yaml\\n(.*?)^```").getFirst().group(1);
        AuditConfig config = AuditConfig.READER.parse(yaml, Map.of());
        assertThat(config.database().schema()).isEqualTo("sluice_audit");
        assertThat(AuditConfig.READER.parse(
                                yaml.replace("targets: {}                    # {scratch: P90D}", "targets: {scratch: P90D}").replace("resultsOfTargets: {}           # {scratch: P7D}", "resultsOfTargets: {scratch: P7D}"),
                                Map.of())
                        .retention())
                .isEqualTo(new AuditConfig.Retention("P7Y", Map.of("scratch", "P90D"), "P30D", Map.of("scratch", "P7D")));
    }

    @Test
    void itsCommandsAreTaken() throws IOException {
        List<MatchResult> commands = found("^(?:sluice-audit|java -cp '/opt/sluice/lib/\\*' dev.sluice.audit.Main verify) (.*)$");
        assertThat(commands).hasSizeGreaterThan(8);
        for (MatchResult command : commands) {
            List<String> words = Pattern.compile("'([^']*)'|(\\S+)").matcher(command.group(1)).results()
                    .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                    .collect(Collectors.toList());
            words.addFirst(command.group().startsWith("java") ? "verify" : "audit");
            assertThat(Main.commandLine().parseArgs(words.toArray(String[]::new)).errors()).as(command.group()).isEmpty();
        }
    }

    @Test
    void itsRequestsAreDescribed() throws IOException {
        JsonObject paths = description().getJsonObject("paths");
        List<MatchResult> requests = found("\\$API(/[^\"`\\s]+)");
        assertThat(requests).hasSizeGreaterThan(15);
        for (MatchResult request : requests) {
            var uri = URI.create(request.group(1).replace("$ID-1", "{statementId}").replace("$ID", "{sessionId}").replace("{", "%7B").replace("}", "%7D"));
            assertThat(paths.fieldNames()).as(request.group()).contains(uri.getPath());
            if (uri.getQuery() != null) {
                Set<String> known = paths.getJsonObject(uri.getPath()).getJsonObject("get").getJsonArray("parameters").stream()
                        .map(parameter -> ((JsonObject) parameter).getString("name"))
                        .collect(Collectors.toSet());
                assertThat(Arrays.stream(uri.getQuery().split("&")).map(parameter -> parameter.split("=")[0])).as(request.group()).allMatch(known::contains);
            }
        }
    }

    @Test
    void itExplainsEveryFindingAndEveryEnd() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(Finding.Kind.values()).allSatisfy(kind -> assertThat(page).contains("`" + kind.word() + "`"));
        assertThat(FindingRow.Kind.values()).allSatisfy(kind -> assertThat(page).contains("`" + kind.word() + "`"));
        assertThat(StatementEnd.words()).allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
        assertThat(page.substring(page.indexOf("A session is found by"))).contains(SessionState.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", ", "`state` (", ")")));
    }

    @Test
    void theDescriptionHasTheSameWords() throws IOException {
        JsonObject paths = description().getJsonObject("paths");
        assertThat(words(paths, "/v1/statements", "end")).containsExactlyInAnyOrderElementsOf(StatementEnd.words());
        assertThat(words(paths, "/v1/sessions", "state")).containsExactlyInAnyOrderElementsOf(SessionState.words());
    }

    private static List<String> words(JsonObject paths, String path, String parameter) {
        return paths.getJsonObject(path).getJsonObject("get").getJsonArray("parameters").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("name").equals(parameter))
                .flatMap(one -> one.getJsonObject("schema").getJsonArray("enum").stream())
                .map(String::valueOf)
                .toList();
    }
}
