// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code sluice approvals list|show|approve|reject|watch}. */
@Command(
        name = "approvals",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Statements that wait for people. The token is in SLUICE_TOKEN, or in the file that --token-file names.")
final class ApprovalsCommand {
    private static final String TOKEN = "SLUICE_TOKEN";
    private static final int PAGE = 200;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "${env:SLUICE_APPROVALS_URL:-http://127.0.0.1:8081}",
            description = "The approval-service, default ${DEFAULT-VALUE}; SLUICE_APPROVALS_URL sets another.")
    private URI server = URI.create("http://127.0.0.1:8081");

    @Option(names = "--token-file", scope = ScopeType.INHERIT, paramLabel = "FILE", description = "Contains the token, instead of SLUICE_TOKEN.")
    private @Nullable Path tokenFile;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Terminal terminal = new Terminal(_ -> null);

    private ApprovalsCommand() {}

    void confirmBy(Terminal other) {
        terminal = other;
    }

    @Command(name = "list", description = "Lists approvals, the newest first.")
    int list(
            @Option(names = "--status", paramLabel = "STATUS", defaultValue = "open", description = "open, granted, refused, withdrawn, expired, several with commas, or all; default ${DEFAULT-VALUE}") String status,
            @Option(names = "--target", paramLabel = "TARGET", description = "Only of this target.") @Nullable String target,
            @Option(names = "--requester", paramLabel = "SUBJECT", description = "Only of this requester.") @Nullable String requester,
            @Option(names = "--json", description = "As REST returns them, one a line.") boolean json) {
        var client = client();
        @Nullable String cursor = null;
        do {
            var page = client.get("/v1/approvals?" + query(status, target, requester, cursor));
            for (JsonNode approval : page.path("approvals")) {
                out(json ? approval.toString() : ApprovalText.line(approval));
            }
            cursor = page.hasNonNull("next") ? page.path("next").asText() : null;
        } while (cursor != null);
        return CommandLine.ExitCode.OK;
    }

    private static String query(String status, @Nullable String target, @Nullable String requester, @Nullable String cursor) {
        var query = new StringJoiner("&");
        query.add("limit=" + PAGE);
        if (!status.equals("all")) {
            query.add("status=" + ApprovalsClient.encoded(status));
        }
        if (target != null) {
            query.add("target=" + ApprovalsClient.encoded(target));
        }
        if (requester != null) {
            query.add("requester=" + ApprovalsClient.encoded(requester));
        }
        if (cursor != null) {
            query.add("cursor=" + ApprovalsClient.encoded(cursor));
        }
        return query.toString();
    }

    @Command(name = "show", description = "Shows one approval in full.")
    int show(
            @Parameters(paramLabel = "ID", description = "The approval.") String id,
            @Option(names = "--json", description = "As REST returns it.") boolean json) {
        var approval = client().get(path(id));
        out(json ? ApprovalsClient.pretty(approval) : ApprovalText.whole(approval));
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "approve", description = "Shows one approval and, once you confirm, votes for it.")
    int approve(
            @Parameters(paramLabel = "ID", description = "The approval.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "Recorded with the vote.") @Nullable String comment,
            @Option(names = "--digest", paramLabel = "DIGEST", description = "The digest of the statement that you have read, instead of a confirmation.") @Nullable String digest) {
        return vote(id, "approve", comment, digest);
    }

    @Command(name = "reject", description = "Shows one approval and, once you confirm, votes against it, which ends it.")
    int reject(
            @Parameters(paramLabel = "ID", description = "The approval.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", description = "Recorded with the vote, and told to the requester.") @Nullable String comment,
            @Option(names = "--digest", paramLabel = "DIGEST", description = "The digest of the statement that you have read, instead of a confirmation.") @Nullable String digest) {
        return vote(id, "reject", comment, digest);
    }

    private int vote(String id, String vote, @Nullable String comment, @Nullable String digest) {
        var client = client();
        var approval = client.get(path(id));
        if (!approval.path("you").path("mayVote").asBoolean()) {
            throw new CommandFailed("Your vote would not count. " + Plain.text(approval.path("you").path("objection").asText()));
        }
        var shown = approval.path("statement").path("digest").asText();
        if (digest == null) {
            out(ApprovalText.whole(approval));
            var answer = terminal.ask("Type " + vote + " to " + vote + " this: ");
            if (answer == null) {
                throw new CommandFailed("Nobody is here to confirm; give --digest with the digest of the statement that you have read.");
            }
            if (!answer.equals(vote)) {
                throw new CommandFailed("Not confirmed; nothing was sent.");
            }
        } else if (!digest.equals(shown)) {
            throw new CommandFailed("The digest is not that of this statement, which is " + Plain.line(shown) + ". Nothing was sent; read it again.");
        }
        // What was read is what was confirmed: another version of it is refused.
        var version = digest == null ? Integer.valueOf(approval.path("version").asInt()) : null;
        var voted = client.vote(id, vote, comment, shown, version);
        out(voted.hasNonNull("status")
                ? "Your vote counts. The approval is " + Plain.line(voted.path("status").asText()) + "."
                : Plain.text(voted.path("detail").asText()));
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "watch", description = "Prints every open approval that you may see, then each change, until your token ends.")
    int watch(@Option(names = "--json", description = "As REST sends them, one a line.") boolean json) {
        try (var lines = client().stream("/v1/approvals/stream")) {
            lines.filter(line -> line.startsWith("data: "))
                    .map(line -> ApprovalsClient.parse(line.substring("data: ".length())))
                    .filter(approval -> approval.hasNonNull("id"))
                    .forEach(approval -> out(json ? approval.toString() : ApprovalText.line(approval)));
        }
        throw new CommandFailed("The stream has ended, as it does with your token or the service. Start again to go on.");
    }

    private ApprovalsClient client() {
        return new ApprovalsClient(server, token());
    }

    private String token() {
        if (tokenFile != null) {
            try {
                return Files.readString(tokenFile).strip();
            } catch (IOException e) {
                throw new CommandFailed(tokenFile + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
        var token = System.getenv(TOKEN);
        if (token == null || token.isBlank()) {
            throw new CommandFailed("Who are you? Put your token into " + TOKEN + ", or name its file with --token-file.");
        }
        return token.strip();
    }

    private static String path(String id) {
        return "/v1/approvals/" + ApprovalsClient.encoded(id);
    }

    private void out(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
