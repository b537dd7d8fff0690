// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import dev.sluice.schemas.testing.FreePort;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many statements wait for people at once: each gets its own answer, and waiting is cheap. */
@ExtendWith(NoBlockedEventLoop.class)
final class ManyHoldsE2E {
    private static final int HOLDS = 1_000;
    private static final int AT_ONCE = 8;
    /** The whole product is in this JVM, so that this is an upper bound of what the gateway needs for a hold. */
    private static final long MOST_BYTES_PER_HOLD = 512 * 1024;

    /** All of it shares one machine's processors with its clients. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private @Nullable EmbeddedPostgres owned;

    @Test
    void eachOfAThousandHoldsGetsItsOwnAnswer(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                version: 1
                hold: {approvers: [approvers], expires: 15m}
                defaults: {read: allow, write: hold}
                """);
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setPort(FreePort.take())
                        .setServerConfig("max_connections", Integer.toString(HOLDS + 50))
                        .setServerConfig("fsync", "off")
                        .setServerConfig("shared_buffers", "16MB")
                        .start();
                Stack stack = Stack.start(StackOptions.forTests(folder.resolve("stack"))
                        .withTargets(List.of(Target.parse("*=postgres://127.0.0.1:" + server.getPort() + "/?credential=passthrough")))
                        .withPolicy(policy)
                        .withGatewaySettings(Map.of("hold", Map.of("concurrent", HOLDS), "limits", Map.of("sessions", HOLDS + 50))))) {
            owned = server;
            var clients = new ArrayList<Client>();
            try {
                play(stack, clients);
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
        }
    }

    private void play(Stack stack, List<Client> clients) throws Exception {
        Credentials credentials = stack.credentials();
        Person olivia = Person.at(credentials.urls().approval(), credentials.approvers().getFirst());
        try (Client owner = owner()) {
            assertThat(owner.run("CREATE TABLE probe AS SELECT n, false AS touched FROM generate_series(0, " + HOLDS + ") AS n").sqlState()).isEmpty();
        }
        clients.addAll(inParallel(HOLDS + 1, number -> Client.open(stack.gatewayPort(), "postgres", "postgres", "any")));
        assertThat(olivia.openApprovals()).isEmpty();
        long before = usedBytes();
        var endings = new ArrayList<CompletableFuture<Client.Ending>>();
        for (int number = 0; number < HOLDS; number++) {
            endings.add(clients.get(number).begin(sql(number)));
        }
        Eventually.awaitTrue("all statements are held", LONG, () -> olivia.openApprovals().size() == HOLDS);
        assertThat(usedBytes() - before).as("bytes for " + HOLDS + " holds").isLessThan(HOLDS * MOST_BYTES_PER_HOLD);
        assertThat(clients.get(HOLDS).run(sql(HOLDS)).sqlState()).as("one hold too many").isEqualTo("53400");
        assertThat(endings).noneMatch(CompletableFuture::isDone);

        List<String> ids = olivia.openApprovals();
        inParallel(ids.size(), place -> vote(olivia, ids.get(place)));
        for (int number = 0; number < HOLDS; number++) {
            Client.Ending ended = Eventually.value("statement " + number + " has ended", endings.get(number));
            if (approved(number)) {
                assertThat(ended.sqlState()).as(ended.message()).isEmpty();
                assertThat(ended.count()).isEqualTo(1);
            } else {
                assertThat(ended.sqlState()).as(ended.message()).isEqualTo("42501");
            }
        }
        try (Client owner = owner()) {
            assertThat(owner.value("SELECT count(*) FROM probe WHERE touched")).isEqualTo(Integer.toString(HOLDS / 2));
            assertThat(owner.value("SELECT count(*) FROM probe WHERE touched AND n % 2 = 1")).isEqualTo("0");
        }
        JsonObject again = awaitHeldAgain(clients.get(HOLDS), olivia);
        assertThat(again.getJsonObject("statement").getString("raw")).as("a place is free again").isEqualTo(sql(HOLDS));
    }

    private static JsonObject awaitHeldAgain(Client client, Person approver) throws Exception {
        CompletableFuture<Client.Ending> ending = client.begin(sql(HOLDS));
        JsonObject approval = approver.awaitApproval(sql(HOLDS));
        assertThat(approver.reject(approval).status()).isEqualTo(200);
        assertThat(Eventually.value("it has ended", ending).sqlState()).isEqualTo("42501");
        return approval;
    }

    private static int vote(Person olivia, String id) throws Exception {
        JsonObject approval = olivia.approval(id);
        String text = approval.getJsonObject("statement").getString("raw");
        int number = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
        if (number == HOLDS) {
            // The one too many: its approval is there for the moment between its hold and its refusal.
            return 0;
        }
        int status = (approved(number) ? olivia.approve(approval) : olivia.reject(approval)).status();
        assertThat(status).as("vote on statement " + number).isIn(200, 202);
        return status;
    }

    private static String sql(int number) {
        return "UPDATE probe SET touched = true WHERE n = " + number;
    }

    private static boolean approved(int number) {
        return number % 2 == 0;
    }

    private Client owner() throws SQLException {
        return Client.open(Objects.requireNonNull(owned).getPort(), "postgres", "postgres", "any");
    }

    private static long usedBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private interface Numbered<T> {
        T with(int number) throws Exception;
    }

    private static <T> List<T> inParallel(int count, Numbered<T> work) throws Exception {
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var begun = new ArrayList<Future<T>>();
            for (int number = 0; number < count; number++) {
                int own = number;
                begun.add(workers.submit(() -> work.with(own)));
            }
            var results = new ArrayList<T>();
            for (Future<T> result : begun) {
                results.add(result.get());
            }
            return results;
        }
    }
}
