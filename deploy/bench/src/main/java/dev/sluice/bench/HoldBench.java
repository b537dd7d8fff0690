// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures how soon a held statement goes on once people have answered: from the verdict's record in Kafka until the statement is sent to
 * PostgreSQL, which the goal is about, and to the client's result; and from the vote.
 */
@Command(
        name = "deploy/bench/holds",
        description = "Holds one UPDATE after the other, approves it, and measures how long it waits after the verdict, and its client after the vote.",
        sortOptions = false,
        usageHelpWidth = 110)
final class HoldBench implements Callable<Integer> {
    private static final double GOAL_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1000", description = "Statements that are measured. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "300", description = "Statements before them. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--impact",
            description = "Have the gateway find out what each statement would do meanwhile. Not asked for by default: it takes processor time that a larger machine has to spare.")
    private boolean impact;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private HoldBench() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new HoldBench()).execute(arguments));
    }

    /** When the vote was sent and when the client had its result. */
    private record Round(String approval, Instant voted, Instant ended) {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (TemporaryFolder folder = TemporaryFolder.create("sluice-holds")) {
            return measure(folder.path(), out) ? 0 : 1;
        }
    }

    private boolean measure(Path folder, PrintWriter out) throws Exception {
        StackOptions options = StackOptions.forTests(folder).withGatewaySettings(Map.of("impact", Map.of("enabled", impact)));
        try (Stack stack = Stack.start(options); HttpClient http = HttpClient.newHttpClient(); Connection agent = agent(stack.credentials())) {
            List<Round> measured = new ArrayList<>();
            Bystanders bystanders = new Bystanders(stack.postgres().pid());
            Bystanders.Reading begin = bystanders.now();
            for (int round = 0; round < warmUp + rounds; round++) {
                begin = round == warmUp ? bystanders.now() : begin;
                Round one = hold(stack.credentials(), http, agent, round);
                if (round >= warmUp) {
                    measured.add(one);
                }
            }
            double others = Bystanders.share(begin, bystanders.now(), Runtime.getRuntime().availableProcessors());
            say(out, String.format(Locale.ROOT, "%d held statements, one at a time, after %d for warming up, %s impact; all services, Kafka and PostgreSQL on this machine: %d processors; other processes took %.0f %% of their time",
                    rounds, warmUp, impact ? "with" : "without", Runtime.getRuntime().availableProcessors(), others * 100));
            HeldRecords records = HeldRecords.read(stack.kafka().bootstrapServers());
            boolean met = report(out, "verdict in Kafka until it goes to PostgreSQL", measured.stream().map(one -> millis(records.verdict(one.approval), records.sent(one.approval))).toList(), GOAL_MILLIS);
            report(out, "  of it until the release is written", measured.stream().map(one -> millis(records.verdict(one.approval), records.release(one.approval))).toList(), Double.MAX_VALUE);
            report(out, "from there to PostgreSQL's whole answer", measured.stream().map(one -> millis(records.sent(one.approval), records.answered(one.approval))).toList(), Double.MAX_VALUE);
            report(out, "verdict in Kafka to the client's result", measured.stream().map(one -> millis(records.verdict(one.approval), one.ended)).toList(), Double.MAX_VALUE);
            report(out, "vote sent to the client's result", measured.stream().map(one -> millis(one.voted, one.ended)).toList(), Double.MAX_VALUE);
            return met;
        }
    }

    private static Connection agent(Credentials credentials) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", credentials.agent().user());
        login.setProperty("password", credentials.agent().token());
        login.setProperty("sslmode", "disable");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + credentials.gateway().port() + "/" + credentials.gateway().database(), login);
    }

    private static Round hold(Credentials credentials, HttpClient http, Connection agent, int number) throws Exception {
        String sql = "UPDATE employees SET salary = " + (1000 + number) + " WHERE id = 1";
        CompletableFuture<Instant> ending = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try (Statement statement = agent.createStatement()) {
                statement.executeUpdate(sql);
                ending.complete(Instant.now());
            } catch (SQLException failed) {
                ending.completeExceptionally(failed);
            }
        });
        URI service = credentials.urls().approval();
        String token = credentials.approvers().getFirst().token();
        JsonObject approval = awaitOpen(http, service, token);
        String id = approval.getString("id");
        JsonObject vote = new JsonObject().put("vote", "approve").put("shownDigest", approval.getJsonObject("statement").getString("digest"));
        Instant voted = Instant.now();
        HttpResponse<String> answer = http.send(
                request(service.resolve("/v1/approvals/" + id + "/votes"), token).header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(vote.encode())).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("the vote was answered with " + answer.statusCode() + ": " + answer.body());
        }
        return new Round(id, voted, ending.get());
    }

    private static JsonObject awaitOpen(HttpClient http, URI service, String token) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            Optional<String> id = get(http, service.resolve("/v1/approvals?status=open"), token).getJsonArray("approvals").stream()
                    .map(found -> ((JsonObject) found).getString("id"))
                    .findFirst();
            if (id.isPresent()) {
                return get(http, service.resolve("/v1/approvals/" + id.get()), token);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new IllegalStateException("no approval has been opened within " + PATIENCE.toSeconds() + " s");
    }

    private static JsonObject get(HttpClient http, URI address, String token) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request(address, token).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(address + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    private static HttpRequest.Builder request(URI address, String token) {
        return HttpRequest.newBuilder(address).timeout(PATIENCE).header("authorization", "Bearer " + token);
    }

    private static double millis(Instant from, Instant until) {
        return ChronoUnit.MICROS.between(from, until) / 1000.0;
    }

    private static boolean report(PrintWriter out, String what, List<Double> millis, double goal) {
        List<Double> sorted = millis.stream().sorted().toList();
        double most = at(sorted, 0.99);
        say(out, String.format(Locale.ROOT, "%-44s p50 %6.1f ms, p95 %6.1f ms, p99 %6.1f ms, longest %6.1f ms%s",
                what, at(sorted, 0.5), at(sorted, 0.95), most, sorted.getLast(), most > goal ? "  above the goal" : ""));
        return most <= goal;
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
