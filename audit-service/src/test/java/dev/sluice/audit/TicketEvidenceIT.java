// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Approvals that one session has asked for and another one has used. */
final class TicketEvidenceIT extends ServiceCase {
    private static final String QUERY = "delete from orders where id = 9";

    private static Chain opened(String sessionId, String target) {
        return new Chain(sessionId).add(new SessionOpened(
                Chain.AGENT, target, target, "sluice_app", "psql", "127.0.0.1:40000", false, "3.0", "18.4", "policy-1", "enforce",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null));
    }

    /** Both sessions, with the approval's history up to its seal, once the service has read them. Returns the vote as a line of the evidence. */
    private static String redeemed(Chain asks, Chain returns, String approvalId) {
        StatementHeld ticket = Chain.ticket(asks.held(asks.decided(QUERY, Outcome.HOLD, List.of("write")), QUERY), approvalId, asks.sessionId());
        String statementId = returns.decided(QUERY, Outcome.HOLD, List.of("write"));
        returns.add(new StatementReleased(statementId, approvalId, Chain.verdict(ticket, "ann"), ticket)).completed(statementId, "DELETE 1", null, 1).closed();
        var ann = new Principal("ann", "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);
        byte[] vote = asks.beside(new ApprovalVoted(approvalId, ann, Vote.APPROVE, "fine", "d"), approvalId, Chain.START.plusSeconds(4));
        ApprovalChain sealed = ApprovalChain.START.with(vote);
        servers.send(Topics.APPROVALS.name(), approvalId, vote);
        servers.send(
                Topics.APPROVALS.name(), approvalId,
                asks.beside(new ApprovalSealed(approvalId, sealed.records(), sealed.hash(), null), approvalId, Chain.START.plusSeconds(5)));
        servers.send(asks);
        servers.send(returns);
        servers.flush();
        Servers.await("all of it", LONG, () -> servers.count("SELECT count(*) FROM rest.events WHERE session_id IN ('" + asks.sessionId() + "', '" + returns.sessionId() + "')")
                == asks.records().size() + returns.records().size() + 2);
        return new String(vote, StandardCharsets.UTF_8);
    }

    @Test
    void anApprovalOfTwoSessionsIsOnceInAnExportOfBoth() {
        String vote = redeemed(new Chain("asks").opened(), new Chain("returns").opened(), "ticket-1");

        assertThat(get("/v1/export/sessions?format=ndjson", auditor).body().lines()).doesNotHaveDuplicates().containsOnlyOnce(vote);
        for (String one : List.of("asks", "returns")) {
            assertThat(get("/v1/export/sessions?format=ndjson&sessionId=" + one, auditor).body().lines()).containsOnlyOnce(vote);
        }
    }

    /** The topic of the sessions binds nobody to approvals of the own target. */
    @Test
    void anApprovalOfAnotherTargetIsShownOnlyToWhoMaySeeThatTarget() {
        String vote = redeemed(opened("vaulted", "vault"), new Chain("curious").opened(), "ticket-2");
        String ofShop = issuer.token("sam", "sluice", List.of("shop-auditors"), Instant.now().plusSeconds(600));

        assertThat(get("/v1/sessions/vaulted/events", ofShop).statusCode()).isEqualTo(404);
        for (String path : List.of("timeline", "replay?speed=0", "events")) {
            assertThat(get("/v1/sessions/curious/" + path, auditor).body()).as(path).contains("approval.voted");
            assertThat(get("/v1/sessions/curious/" + path, ofShop).body()).as(path).contains("statement.released").doesNotContain("approval.voted");
        }
        assertThat(get("/v1/export/sessions?format=ndjson", auditor).body().lines()).containsOnlyOnce(vote);
        assertThat(get("/v1/export/sessions?format=ndjson", ofShop).body().lines()).doesNotContain(vote).anyMatch(line -> line.contains("\"curious\""));
        assertThat(get("/v1/sessions/curious/verify", ofShop).body()).contains("\"records\":5");
        assertThat(get("/v1/sessions/curious/verify", auditor).body()).contains("\"records\":7");
        for (String path : List.of("timeline", "replay?speed=0", "events")) {
            assertThat(get("/v1/sessions/story/" + path, ofShop).body()).as("of its own").contains("approval.voted");
        }
    }
}
