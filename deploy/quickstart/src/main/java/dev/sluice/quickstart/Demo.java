// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import dev.sluice.audit.verify.EvidenceFile;
import dev.sluice.audit.verify.EvidenceVerifier;
import dev.sluice.audit.verify.Finding;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.PublicKeys;
import dev.sluice.audit.verify.Report;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The second command of the README: plays the story of masked columns and held statements against a running quick start and checks every step. */
@Command(
        name = "deploy/quickstart/demo",
        description = "Plays agent, approvers and auditor against a running quick start with the sample shop, and checks every step.",
        sortOptions = false,
        usageHelpWidth = 110,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every step went as it must", "1:a step did not, or the quick start could not be reached", "2:the command line was not understood"})
final class Demo implements Callable<Integer> {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final String DELETE = "DELETE FROM orders";
    private static final String DROP = "DROP TABLE support_tickets";
    private static final String RESTORE = "WITH restored AS (INSERT INTO orders SELECT * FROM backup.orders RETURNING id) "
            + "INSERT INTO order_items SELECT * FROM backup.order_items";

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "The file that the quick start has written. Default: deploy/quickstart/.state/credentials.json.")
    private @Nullable Path credentialsFile;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private Demo() {}

    /** Exits with 0 when every step went as it must. */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Demo()).setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println(switch (failure) {
                case StartFailure clear -> "demo: " + clear.getMessage();
                case DemoScript.Failed step -> "\nFAILED: " + step.getMessage();
                default -> "demo: unexpected failure: " + failure;
            });
            return 1;
        });
    }

    @Override
    public Integer call() {
        Path file = credentialsFile != null ? credentialsFile : Path.of(System.getProperty("sluice.home", "."), "deploy", "quickstart", ".state", "credentials.json");
        Credentials credentials = Credentials.read(file);
        if (!SampleDatabase.NAME.equals(credentials.gateway().database())) {
            throw new StartFailure("the demo plays in the sample shop, but the quick start guards '" + credentials.gateway().database() + "': start it without --target.");
        }
        DemoScript script = new DemoScript(java.util.Objects.requireNonNull(spec).commandLine().getOut());
        try (HttpClient http = HttpClient.newHttpClient()) {
            play(script, credentials, http);
        }
        script.line("");
        script.line("The story went as it must: " + script.passed() + " checks passed.");
        return 0;
    }

    private static void play(DemoScript script, Credentials credentials, HttpClient http) {
        Rest olivia = new Rest(http, credentials.urls().approval(), credentials.approvers().get(0).token());
        Rest pat = new Rest(http, credentials.urls().approval(), credentials.approvers().get(1).token());
        Rest impostor = new Rest(http, credentials.urls().approval(), credentials.agent().token());
        Rest ada = new Rest(http, credentials.urls().audit(), credentials.auditor().token());
        String deleted;
        String dropped;
        try (Agent agent = Agent.connect(credentials);
                Agent other = Agent.connect(credentials)) {
            long orders = reads(script, agent);
            CuriousAgent.play(script, other);
            deleted = deletes(script, agent, other, orders, olivia, impostor);
            dropped = drops(script, agent, other, pat);
            PatientAgent.play(script, agent, other, olivia, pat);
            ReturningAgent.play(script, credentials, olivia, pat);
            restores(script, agent, orders, pat);
        }
        JsonObject deletion = replays(script, ada, deleted, dropped);
        proves(script, credentials, ada, deletion.getString("sessionId"));
    }

    private static long reads(DemoScript script, Agent agent) {
        script.chapter("The agent reads");
        script.says("agent-demo", "SELECT count(*) FROM orders;");
        long orders = agent.number("SELECT count(*) FROM orders");
        script.line(" count: " + orders);
        script.check("a read passes at once", orders > 0);
        return orders;
    }

    private static String deletes(DemoScript script, Agent agent, Agent other, long orders, Rest olivia, Rest impostor) {
        script.chapter("The agent wants to delete all orders");
        script.says("agent-demo", DELETE + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(DELETE);
        JsonObject approval = awaitApproval(olivia, DELETE, ending);
        String id = Endpoints.idOf(approval);
        JsonObject known = await("it is known what the statement would do", () -> Optional.of(olivia.get(Endpoints.approval(id))).filter(seen -> seen.containsKey("impact")));
        script.says("olivia", "GET " + Endpoints.approval(id));
        script.line(known.encodePrettily());
        JsonObject impact = known.getJsonObject("impact");
        script.check("she sees how many rows would go: " + orders, impact.getLong("exactRows", -1L) == orders);
        script.check("and what would go with them", impact.getJsonArray("cascades").encode().contains("public.order_items"));
        script.check("and the first of them", !impact.getJsonObject("sample").getJsonArray("rows").isEmpty());
        script.check("the agent itself is not told", !impostor.get(Endpoints.approval(id)).containsKey("impact"));
        script.check("the statement is held: the agent still waits", !ending.isDone());
        script.check("no order is gone", other.number("SELECT count(*) FROM orders") == orders);
        Rest.Answer own = impostor.send("POST", Endpoints.vote(id), Endpoints.voteBody("approve", approval, "it is fine, trust me"));
        script.says("agent-demo", "POST " + Endpoints.vote(id) + " approve");
        script.line(" " + own.status() + " " + own.text());
        script.check("the agent cannot approve its own statement, because it is its own", own.status() == 403 && own.text().contains("requester-cannot-vote"));
        vote(script, olivia, "olivia", approval, "approve", "the shop closes down");
        Agent.Ending ended = Agent.await(ending, PATIENCE);
        ended.notices().forEach(notice -> script.line(" NOTICE: " + notice));
        script.line(ended.succeeded() ? " DELETE " + ended.count() : " ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("approved, it completes: " + orders + " rows", ended.succeeded() && ended.count() == orders);
        script.check("the orders are gone", other.number("SELECT count(*) FROM orders") == 0);
        return id;
    }

    private static String drops(DemoScript script, Agent agent, Agent other, Rest pat) {
        script.chapter("The agent wants to drop a table");
        script.says("agent-demo", DROP + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(DROP);
        JsonObject approval = awaitApproval(pat, DROP, ending);
        script.check("the statement is held: the agent still waits", !ending.isDone());
        vote(script, pat, "pat", approval, "reject", "we still need the tickets");
        Agent.Ending ended = Agent.await(ending, PATIENCE);
        script.line(" ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("rejected, it fails with SQLSTATE 42501", ended.sqlState().equals("42501"));
        script.check("the session lives on and the table is still there", agent.number("SELECT count(*) FROM support_tickets") > 0);
        script.check("for others too", other.number("SELECT count(*) FROM support_tickets") > 0);
        return Endpoints.idOf(approval);
    }

    private static void restores(DemoScript script, Agent agent, long orders, Rest pat) {
        script.chapter("The agent puts the orders back from the backup");
        script.says("agent-demo", RESTORE + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(RESTORE);
        JsonObject approval = awaitApproval(pat, RESTORE, ending);
        script.check("a write inside WITH is held too", !ending.isDone());
        vote(script, pat, "pat", approval, "approve", "good");
        Agent.Ending ended = Agent.await(ending, PATIENCE);
        script.line(ended.succeeded() ? " INSERT 0 " + ended.count() : " ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("approved, it completes", ended.succeeded());
        script.check("all orders are back", agent.number("SELECT count(*) FROM orders") == orders);
    }

    private static JsonObject replays(DemoScript script, Rest ada, String deleted, String dropped) {
        script.chapter("The auditor replays it");
        JsonObject deletion = await("the audit-service has the deletion", () -> statement(ada, deleted).filter(found -> found.containsKey("completedAt")));
        JsonObject rejection = await("the audit-service has the rejection", () -> statement(ada, dropped).filter(found -> found.containsKey("refusedAt")));
        String session = deletion.getString("sessionId");
        await("the session has ended", () -> Optional.of(ada.get(Endpoints.session(session))).filter(found -> found.containsKey("closedAt")));
        script.says("ada", "GET " + Endpoints.timeline(session));
        List<String> types = new ArrayList<>();
        JsonArray entries = ada.get(Endpoints.timeline(session)).getJsonArray("entries");
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.getJsonObject(i);
            script.line(" %s  %s".formatted(entry.getString("time"), entry.getString("summary")));
            String about = String.valueOf(entry.getString("approvalId"));
            types.add(Endpoints.shortType(entry.getString("type")) + (about.equals(deleted) ? " (delete)" : about.equals(dropped) ? " (drop)" : ""));
        }
        script.check("the deletion was held, approved and released", types.containsAll(List.of("statement.held (delete)", "approval.voted (delete)", "verdict.granted (delete)", "statement.released (delete)")));
        script.check("the drop was held, rejected and refused", types.containsAll(List.of("statement.held (drop)", "approval.voted (drop)", "verdict.refused (drop)", "statement.refused (drop)")));
        script.check("the session's beginning and end are there", types.contains("session.opened") && types.contains("session.closed"));
        script.check("query and outcome are there", DELETE.equals(deletion.getString("query")) && DROP.equals(rejection.getString("query")));
        return deletion;
    }

    private static void proves(DemoScript script, Credentials credentials, Rest ada, String session) {
        script.chapter("The auditor does not take our word for it");
        script.says("ada", "GET " + Endpoints.verification(session));
        JsonObject verified = ada.get(Endpoints.verification(session));
        script.line(" " + verified.encode());
        script.check("the chain verifies in the audit-service", verified.getBoolean("ok", false));
        script.says("ada", "GET " + Endpoints.events(session) + "   # and checks the records offline, with the public keys alone");
        List<byte[]> lines = lines(ada.send("GET", Endpoints.events(session), null).body());
        Report intact = verify(credentials, session, lines);
        intact.allFindings().forEach(finding -> script.line(" " + finding.message()));
        script.check("the " + lines.size() + " records verify offline", intact.ok() && intact.records() == lines.size() && intact.openSessions() == 0);
        int record = IntStream.range(0, lines.size())
                .filter(index -> new String(lines.get(index), StandardCharsets.ISO_8859_1).contains(DELETE))
                .findFirst()
                .orElseThrow(() -> new DemoScript.Failed("no record has the text of the deletion"));
        byte[] forged = lines.get(record).clone();
        int place = new String(forged, StandardCharsets.ISO_8859_1).indexOf(DELETE) + DELETE.length() - 1;
        forged[place] ^= 1;
        lines.set(record, forged);
        script.line(" (one bit of record " + (record + 1) + " is flipped: the agent now seems to have said '"
                + new String(forged, place + 1 - DELETE.length(), DELETE.length(), StandardCharsets.ISO_8859_1) + "')");
        Report tampered = verify(credentials, session, lines);
        for (Finding finding : tampered.allFindings()) {
            script.line(" " + finding.kind().word() + " at sequence " + finding.sequence() + ": " + finding.message());
        }
        script.check("the flipped bit is found", !tampered.ok());
    }

    private static Report verify(Credentials credentials, String session, List<byte[]> lines) {
        try {
            EvidenceVerifier verifier = new EvidenceVerifier(
                    PublicKeys.of(KeySource.read(credentials.publicKeys().gateway()), KeySource.read(credentials.publicKeys().approval())), session);
            lines.forEach(line -> verifier.accept(EvidenceFile.record(line)));
            return verifier.report();
        } catch (IOException unreadable) {
            throw new StartFailure("the public keys cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static List<byte[]> lines(byte[] body) {
        // ISO 8859-1 has a character for every byte, so the bytes come back as they were.
        List<byte[]> lines = new ArrayList<>();
        new String(body, StandardCharsets.ISO_8859_1).lines().forEach(line -> lines.add(line.getBytes(StandardCharsets.ISO_8859_1)));
        return lines;
    }

    static void vote(DemoScript script, Rest approver, String name, JsonObject approval, String vote, String comment) {
        String path = Endpoints.vote(Endpoints.idOf(approval));
        JsonObject body = Endpoints.voteBody(vote, approval, comment);
        script.says(name, "POST " + path + " " + body.encode());
        Rest.Answer answer = approver.send("POST", path, body);
        script.check(name + " may " + vote, answer.status() / 100 == 2);
    }

    static JsonObject awaitApproval(Rest approver, String query, CompletableFuture<Agent.Ending> ending) {
        return await("an approval for '" + query + "' is open", () -> {
            if (ending.isDone()) {
                throw new DemoScript.Failed("'" + query + "' was not held, it ended at once: " + ending.join());
            }
            return Endpoints.ids(approver.get(Endpoints.OPEN_APPROVALS)).stream()
                    .map(id -> approver.get(Endpoints.approval(id)))
                    .filter(approval -> query.equals(Endpoints.queryOf(approval)))
                    .findFirst();
        });
    }

    private static Optional<JsonObject> statement(Rest ada, String approval) {
        JsonArray found = ada.get("/v1/statements?approvalId=" + URLEncoder.encode(approval, StandardCharsets.UTF_8)).getJsonArray("statements");
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getJsonObject(0));
    }

    static JsonObject await(String what, Supplier<Optional<JsonObject>> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<JsonObject> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        throw new DemoScript.Failed("waited " + PATIENCE.toSeconds() + " s in vain until " + what);
    }
}
