// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.approval.cli.Sluice;
import dev.sluice.approval.config.ApprovalConfig;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code deploy/docs/approvals.md} tells people to type is taken, and the words and numbers that it names are those that there are. */
final class ApprovalsPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "approvals.md");
    private static final Path SOURCES = Path.of("src", "main", "java");
    /** Answers to what nobody can ask for over REST. */
    private static final Set<String> NEVER_ANSWERED = Set.of("already-asked", "not-yet-expired", "same-standing");

    private final Description description = new Description();

    private static List<MatchResult> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().toList();
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static String section(String heading) throws IOException {
        var page = page();
        int start = page.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int end = page.indexOf("\n## ", start + heading.length());
        return page.substring(start, end < 0 ? page.length() : end);
    }

    /** The configuration's two blocks, as one file. */
    private static String yaml() throws IOException {
        var blocks = found("(?s)^```yaml\\n(.*?)^```", page());
        assertThat(blocks).hasSize(2);
        return blocks.stream().map(block -> block.group(1)).collect(Collectors.joining());
    }

    private static ApprovalConfig parsed(String yaml) {
        return ApprovalConfig.READER.parse(yaml, Map.of());
    }

    @Test
    void itsConfigurationIsRead() throws IOException {
        var config = parsed(yaml());

        assertThat(config.instance()).isEqualTo("approvals-1");
        assertThat(config.webhooks().endpoints()).hasSize(2);
        assertThat(parsed(yaml().replaceAll("(?m)^( +)# (jwksUri|userinfoUri): .*$", "$1$2: https://id.example.com/$2").replaceAll("(?m)^( +)# standing: strict .*$", "$1standing: strict")
                        .replaceAll("(?m)^( +)# plainHttpAllowed: true .*$", "$1plainHttpAllowed: true"))
                .oidc()
                .issuers()
                .getFirst())
                .isEqualTo(new ApprovalConfig.Issuer(
                        URI.create("https://id.example.com"), null, null, null, null, null, URI.create("https://id.example.com/jwksUri"), true,
                        URI.create("https://id.example.com/userinfoUri"), ApprovalConfig.Issuer.Standing.STRICT));
    }

    @Test
    void itNamesEveryKey() throws IOException {
        var yaml = yaml();
        assertThat(keysOf(ApprovalConfig.class)).allSatisfy(key -> assertThat(yaml).as("the key %s", key).containsPattern("(?m)^[ #-]*" + key + ":"));
    }

    private static Set<String> keysOf(Class<?> type) {
        var keys = new TreeSet<String>();
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(component.getName());
            Stream.concat(Stream.of(component.getType()), Arrays.stream(component.getType().getDeclaredClasses())).filter(Class::isRecord).forEach(each -> keys.addAll(keysOf(each)));
        }
        return keys;
    }

    /** What is marked as default can be left out, and nothing changes. */
    @Test
    void itsDefaultsAreTrue() throws IOException {
        var yaml = yaml();
        var marked = found("^ +(\\w+): .*# default(?:[,;].*)?$", yaml);
        assertThat(marked).extracting(match -> match.group(1))
                .contains("host", "port", "group", "audience", "clockSkew", "createIfMissing", "admins", "burst", "voteWait", "streams", "closedApprovals", "giveUpAfter", "timeout");
        for (var match : marked) {
            assertThat(parsed(yaml.replace(match.group() + "\n", ""))).as(match.group()).isEqualTo(parsed(yaml));
        }
    }

    @Test
    void itsCommandsAreTaken() throws IOException {
        var section = section("## On the command line");
        var commands = found("^sluice (approvals .*?) *(#.*)?$", section);
        assertThat(commands).hasSize(5);
        for (var command : commands) {
            var words = found("\"([^\"]*)\"|(\\S+)", command.group(1)).stream().map(word -> word.group(1) == null ? word.group(2) : word.group(1));
            assertThat(Sluice.commandLine().parseArgs(words.toArray(String[]::new)).errors()).as(command.group()).isEmpty();
        }
        var approvals = Sluice.commandLine().getSubcommands().get("approvals");
        var options = Stream.concat(Stream.of(approvals), approvals.getSubcommands().values().stream())
                .flatMap(each -> each.getCommandSpec().options().stream())
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toSet());
        assertThat(found("--[a-z-]+", section)).extracting(MatchResult::group).isSubsetOf(options);
    }

    @Test
    void itsRequestsAreDescribed() throws IOException {
        var page = page().replace("\\\n", " ");
        var requests = found("^.*\\bcurl (.*)\"\\$API(/[^\"]*)\"", page);
        assertThat(requests).hasSizeGreaterThan(9);
        for (var request : requests) {
            var options = request.group(1);
            var method = options.contains("-X POST") || options.contains(" -d ") ? "POST" : "GET";
            var uri = URI.create(request.group(2).replace("$ID", "a1").replace("$MESSAGE", "m1"));
            var path = description.pathOf(uri.getPath()).orElseThrow(() -> new AssertionError(request.group() + " asks for nothing that is there"));
            assertThat(description.methods(path)).as(request.group()).contains(method);
            if (uri.getQuery() != null) {
                assertThat(Arrays.stream(uri.getQuery().split("&", -1)).map(parameter -> parameter.split("=", -1)[0])).as(request.group()).isSubsetOf(description.parameters(path, method, "query"));
            }
        }
        assertThat(found("-H '([A-Za-z-]+):", page)).extracting(match -> match.group(1)).isNotEmpty()
                .isSubsetOf(with(description.parameters("/v1/approvals/{approvalId}/votes", "POST", "header"), "Content-Type"));
    }

    private static Set<String> with(Set<String> names, String more) {
        var all = new TreeSet<>(names);
        all.add(more);
        return all;
    }

    @Test
    void itsVoteIsTaken() throws IOException {
        var body = found("-d \"(\\{.*?\\})\" ", page().replace("\\\n", " ")).getFirst().group(1).replace("\\\"", "\"");
        assertThat(Json.read(Buffer.buffer(body), VoteRequest.class)).isEqualTo(new VoteRequest("approve", "agreed in standup", "$DIGEST"));
        assertThat(new ObjectMapper().readTree(body).size()).isEqualTo(3);
    }

    @Test
    void itNamesTheFiltersThatThereAre() throws IOException {
        var filters = found("^Filters: (?s:(.*?))\\n\\n", page()).getFirst().group(1);
        assertThat(found("`([a-z]+)`", filters)).extracting(match -> match.group(1)).containsAll(description.parameters("/v1/approvals", "GET", "query"));
        assertThat(filters).contains("(" + Arrays.stream(Status.values()).map(status -> "`" + status.text() + "`").collect(Collectors.joining(", ")) + "; several with commas)")
                .contains("`limit` (1 to " + ListRequest.MOST + ",\nusually " + ListRequest.USUAL + ")");
    }

    @Test
    void itExplainsEveryProblem() throws IOException {
        var explained = new TreeMap<Integer, Set<String>>();
        for (var row : found("^\\| (\\d{3}) \\| (`.*?`) \\| .* \\|$", section("## With curl"))) {
            found("`([a-z-]+)`", row.group(2)).forEach(code -> explained.computeIfAbsent(Integer.valueOf(row.group(1)), _ -> new TreeSet<>()).add(code.group(1)));
        }
        assertThat(explained).isEqualTo(problemsOfTheCode());
        var described = description.problems();
        described.computeIfAbsent(404, _ -> new TreeSet<>()).add("no-such-resource");
        assertThat(described).as("the description names them too, but for the one of what it does not describe").isEqualTo(explained);
    }

    private static Map<Integer, Set<String>> problemsOfTheCode() throws IOException {
        var problems = new TreeMap<Integer, Set<String>>();
        try (var files = Files.walk(SOURCES)) {
            for (var file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                for (var problem : found("new Problem\\(\\s*(\\d{3}),\\s*\"([a-z-]+)\"", Files.readString(file))) {
                    if (!NEVER_ANSWERED.contains(problem.group(2))) {
                        problems.computeIfAbsent(Integer.valueOf(problem.group(1)), _ -> new TreeSet<>()).add(problem.group(2));
                    }
                }
            }
        }
        return problems;
    }
}
