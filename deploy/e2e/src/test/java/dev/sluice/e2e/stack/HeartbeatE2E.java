// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that wait hear that they still do, as often as the configuration says. */
@ExtendWith(NoBlockedEventLoop.class)
final class HeartbeatE2E {
    @Test
    void whoWaitsIsToldEverySecond(@TempDir Path folder) throws Exception {
        var options = StackOptions.forTests(folder.resolve("stack")).withGatewaySettings(Map.of("hold", Map.of("heartbeat", "1s")));
        try (Stack stack = Stack.start(options)) {
            for (String way : new String[] {"-c sluice.hold=wait", "-c sluice.hold=auto:50s"}) {
                tellsEverySecond(stack, way);
            }
        }
    }

    private static void tellsEverySecond(Stack stack, String way) throws Exception {
        String sql = "UPDATE employees SET salary = " + (way.contains("auto") ? 5001 : 5002) + " WHERE id = 1";
        Person olivia = Person.at(stack.credentials().urls().approval(), stack.credentials().approvers().getFirst());
        try (Client agent = Client.agentWith(stack.credentials(), way)) {
            CompletableFuture<Client.Ending> ending = agent.begin(sql);
            JsonObject approval = olivia.awaitApproval(sql);
            long started = System.nanoTime();
            int before = agent.noticesSoFar().size();
            Eventually.awaitTrue("it is told three times more", Eventually.PATIENCE, () -> agent.noticesSoFar().size() >= before + 3);
            assertThat(System.nanoTime() - started).as("not more often than every second").isGreaterThan(1_500_000_000L);
            assertThat(ending).isNotDone();
            assertThat(olivia.approve(approval).status()).isEqualTo(200);

            Client.Ending ended = Eventually.value("it has run", ending);
            assertThat(ended.count()).as(ended.message()).isEqualTo(1);
            assertThat(ended.notices()).hasSizeGreaterThanOrEqualTo(4).allSatisfy(notice -> assertThat(notice).contains("waiting for approval"));
        }
    }
}
