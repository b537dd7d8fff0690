// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import dev.sluice.gateway.config.InvalidConfiguration;
import dev.sluice.gateway.policy.Explanation;
import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.PolicyReader;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.Principal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges one text as the gateway would, and tells how it comes to its answer. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tells what a policy says to a statement: what is read out of its text, how each rule answers, the decision, and which masks and detectors apply.",
            "Runs nothing. Without --url nothing is asked of a server: the columns that the answer depends on, and so the masks of each column, are not known then."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was explained, whatever the decision is", "1:the policy or the statement cannot be read, or the server cannot be asked", "2:wrong use"},
        footer = {
            "",
            "Example:",
            "  sluice policy explain starter.yaml 'DELETE FROM orders' --as ada@example.com:dev,dba --target shop"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final StatementReaderSettings ONE_WORKER = new StatementReaderSettings(1, 10, 1 << 20, 20_000, 500, 0, 0);

    @Parameters(index = "0", paramLabel = "FILE", description = "The policy, YAML.")
    private Path file = Path.of("policy.yaml");

    @Parameters(index = "1", paramLabel = "SQL", description = "The text that a client would send.")
    private String sql = "";

    @Option(names = "--as", required = true, paramLabel = "USER[:GROUP,…]", description = "Who asks, with the groups that the issuer would name.")
    private String caller = "";

    @Option(names = "--target", required = true, paramLabel = "NAME", description = "The target's name.")
    private String target = "";

    @Option(names = "--database", paramLabel = "NAME", description = "Database on the server. Default: the target's name, or that of --url.")
    private @Nullable String database;

    @Option(names = "--role", paramLabel = "NAME", description = "PostgreSQL role that it would run as. Default: the user, or that of --url.")
    private @Nullable String role;

    @Option(names = "--issuer", paramLabel = "URL", defaultValue = "", description = "Who vouched for the user. Default: empty.")
    private String issuer = "";

    @Option(names = "--method", paramLabel = "WORD", defaultValue = "oidc", description = "How the user was proven: oidc, agent-token or database. Default: ${DEFAULT-VALUE}.")
    private String method = "oidc";

    @Option(names = "--on-behalf-of", paramLabel = "NAME", description = "The human or service behind an agent.")
    private @Nullable String onBehalfOf;

    @Option(names = "--application", paramLabel = "NAME", description = "What the client says of itself: application_name.")
    private @Nullable String application;

    @Option(names = "--purpose", paramLabel = "TEXT", description = "What the client says that its session is for: sluice.purpose.")
    private @Nullable String purpose;

    @Option(names = "--address", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Address of the client. Default: ${DEFAULT-VALUE}.")
    private String address = "127.0.0.1";

    @Option(names = "--in-transaction", description = "The session is inside a transaction block.")
    private boolean inTransaction;

    @Option(names = {"-p", "--parameter"}, paramLabel = "VALUE", description = "A value that the client binds. May be given more than once, in order.")
    private List<String> parameters = List.of();

    @Option(names = "--at", paramLabel = "TIME", description = "When it is asked, such as 2026-11-23T12:00:00Z. Default: now.")
    private @Nullable String at;

    @Option(
            names = "--url",
            paramLabel = "postgres://…",
            description = "A server with the tables: says what the statement depends on. A password may be in PGPASSWORD.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Policy policy;
        try {
            policy = PolicyReader.read(file.toString(), CheckCommand.text(file, spec));
        } catch (InvalidConfiguration invalid) {
            invalid.problems().forEach(problem -> spec.commandLine().getErr().println(Plain.text(problem)));
            return CheckCommand.PROBLEMS;
        }
        LiveTarget live = url == null ? null : LiveTarget.parse(url, spec);
        try (StatementReader reader = StatementReader.start(ONE_WORKER); live) {
            return switch (reader.read(sql).toCompletableFuture().join()) {
                case Reading.SyntaxError error -> refused("the statement is not PostgreSQL's grammar, and the client would be told so: " + error.message()
                        + (error.position() > 0 ? ", at character " + error.position() : ""));
                case Reading.Refused refused -> refused("the statement would be refused: " + refused.reason());
                case Reading.Understood understood -> {
                    print(out, policy, understood, live, reader);
                    yield 0;
                }
            };
        } catch (LiveTarget.Unanswered unanswered) {
            return refused(String.valueOf(unanswered.getMessage()));
        }
    }

    private void print(PrintWriter out, Policy policy, Reading.Understood understood, @Nullable LiveTarget live, StatementReader reader) {
        Subject subject = subject(live);
        Particulars particulars = new Particulars(sql.length(), parameters, null, null);
        Findings findings = live == null ? Findings.without(policy.masks(subject)) : live.look(sql, understood, policy.masks(subject), reader);
        if (findings.dependsOnMasked() != null) {
            particulars = particulars.masked(findings.dependsOnMasked());
        }
        Explanation explanation = policy.explain(understood, subject, particulars);
        Report report = new Report(file.toString(), policy, subject, particulars, explanation, findings);
        if (json) {
            out.println(report.json());
        } else {
            report.lines().forEach(out::println);
        }
        out.flush();
    }

    private int refused(String why) {
        spec.commandLine().getErr().println(Plain.text(why));
        return CheckCommand.PROBLEMS;
    }

    private Subject subject(@Nullable LiveTarget live) {
        int colon = caller.lastIndexOf(':');
        String user = colon < 0 ? caller : caller.substring(0, colon);
        Set<String> groups = colon < 0 || colon == caller.length() - 1 ? Set.of() : Set.copyOf(List.of(caller.substring(colon + 1).split(",")));
        if (user.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--as needs a user, as in ada:dev,dba");
        }
        Principal.Method proven = switch (method) {
            case "oidc" -> Principal.Method.OIDC;
            case "agent-token" -> Principal.Method.AGENT_TOKEN;
            case "database" -> Principal.Method.DATABASE;
            default -> throw new ParameterException(spec.commandLine(), "--method must be oidc, agent-token or database, not '" + method + "'");
        };
        return new Subject(
                new Principal(user, issuer, proven, groups, onBehalfOf),
                target,
                database != null ? database : live != null ? live.database() : target,
                role != null ? role : live != null ? live.user() : user,
                application,
                address,
                inTransaction,
                instant(),
                purpose);
    }

    private Instant instant() {
        if (at == null) {
            return Instant.now();
        }
        try {
            return OffsetDateTime.parse(at).toInstant();
        } catch (DateTimeException unreadable) {
            throw new ParameterException(spec.commandLine(), "--at needs a time with its offset, such as 2026-11-23T12:00:00Z, not '" + at + "'");
        }
    }
}
