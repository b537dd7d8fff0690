// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The chapters of the demo in which one person is not enough, somebody gives up waiting, and nobody answers. */
final class PatientAgent {
    private static final String TRUNCATE = "TRUNCATE order_items";
    private static final String DELETE = "DELETE FROM backup.order_items";
    private static final String COMMENT = "COMMENT ON TABLE support_tickets IS 'what customers want'";

    private PatientAgent() {}

    static void play(DemoScript script, Agent agent, Agent other, Rest olivia, Rest pat) {
        two(script, agent, olivia, pat);
        givesUp(script, agent, other, olivia);
        nobodyAnswers(script, agent, olivia);
    }

    private static void two(DemoScript script, Agent agent, Rest olivia, Rest pat) {
        script.chapter("The agent wants what takes two people");
        script.says("agent-demo", TRUNCATE + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(TRUNCATE);
        JsonObject approval = Demo.awaitApproval(olivia, TRUNCATE, ending);
        Demo.vote(script, olivia, "olivia", approval, "approve", "fine with me");
        JsonObject half = olivia.get(Endpoints.approval(Endpoints.idOf(approval)));
        script.check("one of two has approved, so it still waits", half.getString("status").equals("open") && half.getInteger("approvals") == 1 && !ending.isDone());
        script.check("the same person counts once", !half.getJsonObject("you").getBoolean("mayVote"));
        Demo.vote(script, pat, "pat", approval, "approve", "with me too");
        Agent.Ending ended = Agent.await(ending, Demo.PATIENCE);
        script.line(ended.succeeded() ? " TRUNCATE TABLE" : " ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("approved by two, it completes", ended.succeeded());
    }

    private static void givesUp(DemoScript script, Agent agent, Agent other, Rest olivia) {
        script.chapter("The agent does not want to wait");
        script.says("agent-demo", DELETE + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(DELETE);
        JsonObject approval = Demo.awaitApproval(olivia, DELETE, ending);
        agent.cancel();
        Agent.Ending ended = Agent.await(ending, Demo.PATIENCE);
        script.line(" ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("cancelled, it ends with SQLSTATE 57014", ended.sqlState().equals("57014"));
        closed(script, olivia, approval, "withdrawn");
        Rest.Answer late = olivia.send("POST", Endpoints.vote(Endpoints.idOf(approval)), Endpoints.voteBody("approve", approval, "too late"));
        script.says("olivia", "POST " + Endpoints.vote(Endpoints.idOf(approval)) + " approve");
        script.line(" " + late.status() + " " + late.text());
        script.check("nobody can approve it any more", late.status() == 409);
        script.check("nothing is gone", other.number("SELECT count(*) FROM backup.order_items") > 0);
    }

    private static void nobodyAnswers(DemoScript script, Agent agent, Rest olivia) {
        script.chapter("Nobody answers the agent");
        script.says("agent-demo", COMMENT + ";");
        CompletableFuture<Agent.Ending> ending = agent.begin(COMMENT);
        JsonObject approval = Demo.awaitApproval(olivia, COMMENT, ending);
        Agent.Ending ended = Agent.await(ending, Demo.PATIENCE);
        script.line(" ERROR " + ended.sqlState() + ": " + ended.message());
        script.check("expired, it fails with SQLSTATE 42501", ended.sqlState().equals("42501"));
        closed(script, olivia, approval, "expired");
    }

    private static void closed(DemoScript script, Rest olivia, JsonObject approval, String status) {
        String path = Endpoints.approval(Endpoints.idOf(approval));
        JsonObject seen = Demo.await("the approval is closed", () -> Optional.of(olivia.get(path)).filter(found -> !found.getString("status").equals("open")));
        script.says("olivia", "GET " + path);
        script.line(" " + seen.getJsonObject("outcome").getString("explanation"));
        script.check("the approver sees that it is " + status, seen.getString("status").equals(status));
    }
}
