// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.audit.testing.TestIssuer;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The service as it is deployed, with tokens of a real issuer, and a story that it has read. One per class of tests. */
abstract class ServiceCase {
    static final Duration LONG = Duration.ofSeconds(60);
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final Chain STORY = story();

    @TempDir
    static Path folder = Path.of("");

    static Servers servers;
    static TestIssuer issuer;
    static Vertx vertx;
    static AuditService service;
    static String auditor;

    static Chain story() {
        var chain = new Chain("story").opened().allowed("select * from customers where id = 7");
        StatementHeld held = chain.held(chain.decided("delete from orders", Outcome.HOLD, List.of("write")), "delete from orders");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), Chain.verdict(held, "ann")));
        chain.completed(held.statementId(), "DELETE 9", null, 9);
        return chain.denied("drop table orders").closed();
    }

    @BeforeAll
    static void start() throws IOException, TimeoutException {
        servers = Servers.start();
        issuer = TestIssuer.start();
        vertx = Vertx.vertx(new VertxOptions().setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS).setMaxEventLoopExecuteTime(1_000));
        String gateway = Files.writeString(folder.resolve("gateway.jwks"), Chain.GATEWAY.publicKeys().toJson()).toString();
        String approval = Files.writeString(folder.resolve("approval.jwks"), Chain.APPROVAL.publicKeys().toJson()).toString();
        var config = new AuditConfig(
                new AuditConfig.Listen("127.0.0.1", 0),
                servers.kafkaConfig("rest", 2_000),
                servers.databaseConfig("rest"),
                new AuditConfig.Oidc(List.of(new AuditConfig.Issuer(issuer.uri(), "sluice", "groups", null, null))),
                new AuditConfig.Access(Set.of("auditors", "shop-auditors", "other-auditors"), null, Map.of("auditors", Set.of("*"), "shop-auditors", Set.of("shop"))),
                new AuditConfig.Keys(gateway, approval),
                null,
                null,
                null);
        service = AuditService.start(vertx, config).await(60, TimeUnit.SECONDS);
        auditor = issuer.token("olga", "sluice", List.of("auditors"), Instant.now().plusSeconds(600));
        servers.send(STORY);
        var ann = new Principal("ann", "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        String approvalId = "approval-of-story-s2";
        servers.send(Topics.APPROVALS.name(), approvalId, STORY.beside(new ApprovalVoted(approvalId, ann, Vote.APPROVE, "fine", "d"), approvalId, Chain.START.plusSeconds(4)));
        servers.send(Topics.VERDICTS.name(), approvalId, STORY.beside(new VerdictGranted(approvalId, "story", "jws"), approvalId, Chain.START.plusSeconds(4)));
        servers.send(new Chain("tampered").opened().allowed("select 1").allowed("select 2").closed());
        servers.send(new Chain("running").opened().allowed("select 3"));
        servers.flush();
        long all = STORY.records().size() + 2 + 6 + 3;
        Servers.await("all events", LONG, () -> servers.count("SELECT count(*) FROM rest.events") == all);
    }

    @AfterAll
    static void stop() throws IOException, TimeoutException {
        service.close().await(30, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
        issuer.close();
        servers.close();
    }

    static HttpResponse<String> get(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).timeout(LONG);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    static JsonObject json(String path) {
        HttpResponse<String> response = get(path, auditor);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    static List<String> strings(JsonArray array, String name) {
        return IntStream.range(0, array.size()).mapToObj(i -> String.valueOf(array.getJsonObject(i).getString(name))).toList();
    }

    /** What the command prints, whatever its exit code. */
    static String command(String... arguments) {
        var out = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));
        command.execute(arguments);
        return out.toString();
    }
}
