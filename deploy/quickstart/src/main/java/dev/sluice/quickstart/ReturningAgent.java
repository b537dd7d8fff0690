// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The chapter of the demo in which the agent cannot wait for people: it gets a ticket and sends the same statement again. */
final class ReturningAgent {
    private static final String OPTIONS = "-c sluice.hold=return";
    private static final String UPDATE = "UPDATE support_tickets SET subject = upper(subject) WHERE id = 3";
    private static final String PENDING = "SL001";

    private ReturningAgent() {}

    static void play(DemoScript script, Credentials credentials, Rest olivia, Rest pat) {
        script.chapter("The agent does not stay on the line");
        script.line("(options='" + OPTIONS + "')");
        JsonObject approval;
        try (Agent agent = Agent.connect(credentials, OPTIONS)) {
            Agent.Ending first = send(script, agent);
            script.check("it gets a ticket at once, with SQLSTATE " + PENDING, first.sqlState().equals(PENDING) && first.message().contains("ticket-"));
            approval = approval(olivia);
            script.check("the ticket is the approval", first.message().contains(Endpoints.idOf(approval)));
        }
        Demo.vote(script, olivia, "olivia", approval, "approve", "go ahead");
        try (Agent later = Agent.connect(credentials, OPTIONS)) {
            Agent.Ending ended = answered(script, later);
            script.check("sent again on another connection, the same statement runs", ended.succeeded() && ended.count() == 1);
            Agent.Ending again = send(script, later);
            script.check("a third time it takes another approval", again.sqlState().equals(PENDING) && !again.message().contains(Endpoints.idOf(approval)));
            Demo.vote(script, pat, "pat", approval(pat), "reject", "once is enough");
            Agent.Ending refused = answered(script, later);
            script.check("which is refused, and says by whom", refused.sqlState().equals("42501") && refused.message().contains("once is enough"));
        }
    }

    private static JsonObject approval(Rest approver) {
        return Demo.awaitApproval(approver, UPDATE, new CompletableFuture<>());
    }

    private static Agent.Ending send(DemoScript script, Agent agent) {
        script.says("agent-demo", UPDATE + ";");
        Agent.Ending ending = Agent.await(agent.begin(UPDATE), Demo.PATIENCE);
        script.line(ending.succeeded() ? " UPDATE " + ending.count() : " " + ending.message());
        return ending;
    }

    /** The verdict is on its way to the gateway: an agent would send the statement now and then. */
    private static Agent.Ending answered(DemoScript script, Agent agent) {
        Agent.Ending[] last = new Agent.Ending[1];
        Demo.await("people's answer has arrived", () -> {
            last[0] = Agent.await(agent.begin(UPDATE), Demo.PATIENCE);
            return last[0].sqlState().equals(PENDING) ? Optional.empty() : Optional.of(new JsonObject());
        });
        script.says("agent-demo", UPDATE + ";");
        script.line(last[0].succeeded() ? " UPDATE " + last[0].count() : " " + last[0].message());
        return last[0];
    }
}
