// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.cli.Sluice;
import dev.sluice.approval.cli.Terminal;
import dev.sluice.approval.fixture.Eventually;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice approvals} against the REST interface on a real port. */
@Timeout(60)
final class CommandLineTest {
    private record Run(int code, String out, String err) {}

    @TempDir
    private Path folder;

    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void listsWhatIsOpenOverSeveralPages() {
        for (int number = 0; number < 205; number++) {
            rest.ask(rest.hold("a" + number));
        }
        var listed = run(rest.bob(), null, "list");

        assertThat(listed.code()).isZero();
        assertThat(listed.out().lines()).hasSize(205).allMatch(line -> line.contains("open") && line.contains("agent-7 on behalf of alice"));
        assertThat(run(rest.bob(), null, "list", "--status", "granted").out()).isEmpty();
        assertThat(run(rest.bob(), null, "list", "--status", "all", "--target", "none").out()).isEmpty();
    }

    @Test
    void showsTheWholeStatementAndNothingThatSteersTheTerminal() {
        rest.ask(rest.hold("a1")
                .query("DELETE FROM orders WHERE note = '\u001B[2J\u202E'  AND id = $1 AND " + "x".repeat(5_000) + " = 1", new Parameter(23, "text", "7"))
                .all(new GroupQuorum("dba", 1), new GroupQuorum("owners", 2)));

        var shown = run(rest.bob(), null, "show", "a1");

        assertThat(shown.out())
                .contains("WHERE note = '\\u{1B}[2J\\u{202E}'", "x".repeat(5_000), "$1 (integer) = 7", "1 of dba (0 so far) and 2 of owners (0 so far)")
                .contains("WARNING    1 character would change the direction in which the text is shown.")
                .contains("digest     digest-of-a1")
                .doesNotContain("\u001B", "\u202E");
        assertThat(run(rest.bob(), null, "show", "a1", "--json").out()).contains("\"shownDigest\"".replace("shownDigest", "digest"));
    }

    @Test
    void votesOnceSomebodyHasConfirmed() {
        rest.ask(rest.hold("a1"));

        var doubted = run(rest.bob(), "no", "approve", "a1");
        assertThat(doubted.code()).isEqualTo(1);
        assertThat(doubted.err()).contains("nothing was sent");
        assertThat(run(rest.bob(), null, "approve", "a1").err()).contains("--digest");

        var voted = run(rest.bob(), "approve", "approve", "a1", "--comment", "agreed");
        assertThat(voted.err()).isEmpty();
        assertThat(voted.code()).isZero();
        assertThat(voted.out()).contains("DELETE FROM orders").endsWith("Your vote counts. The approval is granted.\n");
        assertThat(rest.client.get("/v1/approvals/a1", rest.bob()).json().at("/votes/0/comment").asText()).isEqualTo("agreed");
    }

    @Test
    void votesWithoutAConfirmationForTheDigestThatWasRead() {
        rest.ask(rest.hold("a1"));
        rest.ask(rest.hold("a2"));

        assertThat(run(rest.bob(), null, "reject", "a1", "--digest", "digest-of-a2").err()).contains("Nothing was sent");
        assertThat(run(rest.bob(), null, "reject", "a1", "--digest", "digest-of-a1").out()).contains("refused");
        assertThat(run(rest.issuer.token("alice", "dba"), null, "approve", "a2", "--digest", "digest-of-a2").err()).contains("Somebody else has to answer");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(run(rest.bob(), null, "show", "none").err()).contains("There is no approval 'none'");
        assertThat(run("nonsense", null, "list").err()).contains("The token proves nothing here");
        assertThat(run(rest.bob(), null, "list", "--status", "what").err()).contains("'what' is not one of");
        assertThat(run(rest.bob(), null, "dance").code()).isEqualTo(2);
    }

    @Test
    void watchesUntilTheTokenEnds() {
        rest.ask(rest.hold("a1"));
        var token = rest.issuer.token("bob", rest.clock.instant().plus(Duration.ofSeconds(4)), claims -> claims.claim("groups", List.of("dba")));
        var out = new StringWriter();
        var watching = CompletableFuture.supplyAsync(() -> run(token, null, out, "watch"));
        Eventually.get(out::toString, text -> text.contains("a1"));
        rest.ask(rest.hold("a2"));
        Eventually.get(out::toString, text -> text.contains("a2"));

        var ended = watching.join();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("The stream has ended");
    }

    private Run run(String token, @Nullable String answer, String... arguments) {
        return run(token, answer, new StringWriter(), arguments);
    }

    private Run run(String token, @Nullable String answer, StringWriter out, String... arguments) {
        try {
            var file = Files.writeString(folder.resolve("token"), token);
            var all = new ArrayList<String>(List.of("approvals"));
            all.addAll(List.of(arguments));
            all.addAll(List.of("--server", "http://127.0.0.1:" + rest.api.port(), "--token-file", file.toString()));
            var err = new StringWriter();
            int code = Sluice.commandLine(new Terminal(_ -> answer)).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all.toArray(String[]::new));
            return new Run(code, out.toString(), err.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
